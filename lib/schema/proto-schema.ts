import type protobuf from 'protobufjs';
import type { Codec } from './codec.js';
import { methodName } from './local-name.js';
import type { MethodDescriptor } from './method-descriptor.js';
import { methodKind } from './method-kind.js';
import type { ProtoFile, ProtoFiles } from './proto-file.js';
import { type Declarations, resolveSchema } from './resolve-schema.js';
import type {
  DynamicMessage,
  DynamicMethods,
  ServiceDescriptor,
  ServiceMethods,
} from './service-descriptor.js';
import { messageCodec } from './wire/message-codec.js';
import { fullName } from './wire/message-shape.js';

/**
 * The services, messages and enums of a set of `.proto` files, as {@link loadProto} gives them.
 * Names are full names, such as `routeguide.Point`; nested ones are `pkg.Outer.Inner`.
 *
 * **Messages** are plain objects with lowerCamel properties. Decoding gives every field that has a
 * default its own property: scalars their zero (or the default that a proto2 file declares),
 * repeated fields `[]`, maps `{}`. Fields with presence (messages, `optional`, members of a oneof)
 * are absent, so `undefined`, when they were not sent. 64-bit integers are `bigint`, enums numbers
 * (unknown ones are kept, of closed enums too), `bytes` are `Uint8Array`, copied up to 4096 bytes.
 * The keys of a map are the names of its properties, also where they are integers (decimal) or
 * booleans. Extensions are properties such as `'[pkg.name]'`.
 *
 * **Encoding** takes the same, with fields left out, `undefined` or `null` for unset, and
 * safe-integer numbers for 64-bit integers. What does not fit is refused with the path of the field.
 * Properties that the message does not have are ignored.
 */
export class ProtoSchema implements ProtoFiles {
  /** protobufjs's reflection of the files, for tools that generate from it, and maybe of more. Not to be changed. */
  readonly root: protobuf.Root;
  /** The files that were loaded, those they import included. */
  readonly files: readonly ProtoFile[];
  readonly #found: Declarations;
  readonly #services = new Map<string, ServiceDescriptor>();
  readonly #codecs = new Map<string, Codec<never>>();

  /**
   * @param own - the paths of the files that it is about, where `root` has others, too
   * @throws Error when a type that is referred to is missing
   */
  constructor(root: protobuf.Root, files: readonly ProtoFile[] = [], own?: ReadonlySet<string>) {
    this.root = root;
    this.files = files;
    this.#found = resolveSchema(root, own);
  }

  /** The full names of all services. */
  get serviceNames(): string[] {
    return [...this.#found.services.keys()];
  }

  /** The full names of all messages, those of imported files included. */
  get messageNames(): string[] {
    return [...this.#found.messages.keys()];
  }

  /** The full names of all enums. */
  get enumNames(): string[] {
    return [...this.#found.enums.keys()];
  }

  /**
   * A service by its full name; the same object each time.
   *
   * @throws Error naming the services there are, when it is not among them
   */
  service<Methods extends ServiceMethods<Methods> = DynamicMethods>(
    name: string,
  ): ServiceDescriptor<Methods> {
    let service = this.#services.get(name);
    if (service === undefined) {
      service = this.#describe(find(this.#found.services, name, 'service'));
      this.#services.set(name, service);
    }
    return service as unknown as ServiceDescriptor<Methods>;
  }

  /**
   * The codec of a message by its full name; the same object each time.
   *
   * @throws Error naming the messages there are, when it is not among them
   */
  message<T = DynamicMessage>(name: string): Codec<T> {
    let codec = this.#codecs.get(name);
    if (codec === undefined) {
      codec = messageCodec<never>(find(this.#found.messages, name, 'message'));
      this.#codecs.set(name, codec);
    }
    return codec as unknown as Codec<T>;
  }

  /**
   * The numbers of an enum by their names, frozen: `{ RED: 0, GREEN: 1 }`.
   *
   * @throws Error naming the enums there are, when it is not among them
   */
  enum(name: string): { readonly [name: string]: number } {
    return Object.freeze({ ...find(this.#found.enums, name, 'enum').values });
  }

  #describe(service: protobuf.Service): ServiceDescriptor {
    const name = fullName(service);
    const methods: { [name: string]: MethodDescriptor } = {};
    const declared = new Map<string, string>();
    for (const method of service.methodsArray) {
      const local = methodName(method.name);
      const other = declared.get(local);
      if (other !== undefined)
        throw new Error(`${name}: the methods ${other} and ${method.name} are both ${local} here`);
      declared.set(local, method.name);
      methods[local] = Object.freeze(this.#method(method, local, `/${name}/${method.name}`));
    }
    return Object.freeze({ name, methods: Object.freeze(methods), schema: this });
  }

  #method(method: protobuf.Method, name: string, path: string): MethodDescriptor {
    const { resolvedRequestType, resolvedResponseType } = method;
    return {
      kind: methodKind(method.requestStream === true, method.responseStream === true),
      name,
      path,
      request: this.message(fullName(resolvedRequestType as protobuf.Type)),
      response: this.message(fullName(resolvedResponseType as protobuf.Type)),
    };
  }
}

function find<T>(declared: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = declared.get(name);
  if (found !== undefined) return found;
  const names = [...declared.keys()].sort();
  const list = names.length > 30 ? [...names.slice(0, 30), '…'] : names;
  const there = names.length === 0 ? 'there is none' : `there is ${list.join(', ')}`;
  throw new Error(`no ${kind} ${String(name)} in the loaded proto files; ${there}`);
}
