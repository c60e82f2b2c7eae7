/**
 * The messages of `google/protobuf/descriptor.proto`, as far as they are written here. Type names
 * are full names with a leading dot.
 */
export interface FileDescriptor {
  /** Unique among the files it goes with, such as `shop/order.proto`. */
  readonly name: string;
  readonly package: string | undefined;
  readonly dependency: readonly string[];
  /** Positions in `dependency`. */
  readonly publicDependency: readonly number[];
  readonly weakDependency: readonly number[];
  readonly messageType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly service: readonly ServiceDescription[];
  readonly extension: readonly FieldDescriptor[];
  readonly options: Options;
  /** `proto3` or `editions`; unset is proto2. */
  readonly syntax: string | undefined;
  readonly edition: number | undefined;
}

/** Options by their property names; undefined where there are none. */
export type Options = { readonly [name: string]: unknown } | undefined;

export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly extension: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  /** The end is exclusive. */
  readonly extensionRange: readonly Range[];
  readonly oneofDecl: readonly { readonly name: string; readonly options: Options }[];
  readonly options: Options;
  /** The end is exclusive. */
  readonly reservedRange: readonly Range[];
  readonly reservedName: readonly string[];
  readonly visibility?: number | undefined;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  readonly label: number;
  readonly type: number;
  readonly typeName: string | undefined;
  /** The extended message, where this is an extension. */
  readonly extendee: string | undefined;
  readonly defaultValue: string | undefined;
  readonly oneofIndex: number | undefined;
  readonly jsonName: string;
  readonly options: Options;
  readonly proto3Optional: true | undefined;
}

export interface EnumDescriptor {
  readonly name: string;
  readonly value: readonly {
    readonly name: string;
    readonly number: number;
    readonly options: Options;
  }[];
  readonly options: Options;
  /** The end is inclusive. */
  readonly reservedRange: readonly Range[];
  readonly reservedName: readonly string[];
  readonly visibility: number | undefined;
}

export interface ServiceDescription {
  readonly name: string;
  readonly method: readonly {
    readonly name: string;
    readonly inputType: string;
    readonly outputType: string;
    readonly options: Options;
    readonly clientStreaming: true | undefined;
    readonly serverStreaming: true | undefined;
  }[];
  readonly options: Options;
}
