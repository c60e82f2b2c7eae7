import type { MethodDescriptor } from './method-descriptor.js';
import type { ProtoFiles } from './proto-file.js';

/** What may stand as the methods of a service: descriptors keyed by their lowerCamel names. */
export type ServiceMethods<Methods> = { readonly [Name in keyof Methods]: MethodDescriptor };

/** A service: its full name and its methods, as `client.stub` and `server.add` take it. */
export interface ServiceDescriptor<Methods extends ServiceMethods<Methods> = DynamicMethods> {
  /** The full name with its package, such as `routeguide.RouteGuide`. */
  readonly name: string;
  readonly methods: Methods;
  /** The `.proto` files that it comes from; a service written by hand has none. */
  readonly schema?: ProtoFiles | undefined;
}

/** A message whose type is not known at compile time. */
export type DynamicMessage = { [field: string]: unknown };

/** The methods of a service that was loaded without a type parameter. */
export type DynamicMethods = { readonly [name: string]: DynamicMethod };

/** A method whose kind and message types are known at run time only. */
export interface DynamicMethod extends MethodDescriptor {
  /** Marks a service whose types are not known at compile time; never set. */
  readonly dynamic?: true;
}
