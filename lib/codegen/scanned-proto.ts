/** What a `.proto` file declares, as it is written there, with the lines. */
export interface ScannedProto {
  readonly path: string;
  /** `proto2`, `proto3`, or an edition such as `2023`. */
  readonly syntax: string;
  /** Where the syntax or the edition stands; 1 where it does not. */
  readonly syntaxLine: number;
  readonly package: Named;
  readonly imports: readonly Import[];
  /** The options of the file, as they are written. */
  readonly options: ReadonlyMap<string, string>;
  /** Where they stand. */
  readonly optionLines: ReadonlyMap<string, number>;
  /** Messages, enums, services and `extend` blocks, nested ones behind those around them. */
  readonly blocks: readonly Block[];
}

/** A name, and where it stands. */
export interface Named {
  readonly name: string;
  readonly line: number;
}

/** An import of another file. */
export interface Import extends Named {
  /** Whether who imports this file sees that one, too. */
  readonly isPublic: boolean;
}

/** A declaration with braces. */
export interface Block extends Named {
  readonly kind: 'message' | 'enum' | 'service' | 'extend';
  /** With its package and what it is nested in; for `extend`, of what is around it. */
  readonly fullName: string;
  /** The block that it is nested in. */
  readonly parent: Block | undefined;
  readonly fields: Field[];
  readonly oneofs: Named[];
  readonly values: Value[];
  readonly methods: Method[];
  readonly reserved: Range[];
  readonly reservedNames: string[];
  readonly extensions: Range[];
  /** The options of the block itself, as they are written. */
  readonly options: Map<string, string>;
}

/** A field. */
export interface Field extends Named {
  readonly label: string | undefined;
  /** Of a map, that of its values. */
  readonly type: string;
  readonly number: string;
  /** The type of a map's keys. */
  readonly key: string | undefined;
  /** The oneof that it is a member of. */
  readonly oneof: string | undefined;
  /** Its options as they are written: `default` is `"abc"` with its quotes, or `-5`. */
  readonly options: ReadonlyMap<string, string>;
}

/** A method of a service. */
export interface Method extends Named {
  /** Of its request and of its reply, as they are written. */
  readonly types: readonly string[];
}

/** A value of an enum. */
export interface Value extends Named {
  readonly number: string;
}

/** Numbers, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}
