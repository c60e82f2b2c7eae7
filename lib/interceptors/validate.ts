import { checkFunction } from '../base/check.js';
import { ignore } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { isPromiseLike } from '../base/is-promise-like.js';
import type { Interceptor, MessageMap } from '../call/interceptor.js';
import type { DetailOf } from '../error-details/error-detail.js';
import type { ErrorDetailInit } from '../error-details/error-detail-init.js';
import { richError } from '../error-details/rich-error.js';
import { checkService } from '../schema/check-service.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { MethodKind } from '../schema/method-kind.js';
import type {
  DynamicMessage,
  ServiceDescriptor,
  ServiceMethods,
} from '../schema/service-descriptor.js';
import { Status } from '../status/status.js';

type BadRequestInit = Extract<ErrorDetailInit, Pick<DetailOf<'BadRequest'>, 'type'>>;

/** What is wrong with a field: its path, and words for a developer. */
export type Violation = BadRequestInit['fieldViolations'][number];

/**
 * Looks at one request. Gives what is wrong with it: a list, empty or absent when all is well. May
 * throw an `RpcError` of its own.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a rule that only throws returns nothing
export type Rule<Request> = (request: Request) => readonly Violation[] | undefined | void;

/** Rules for methods of a service, by the names that they have on stubs. */
export type Rules<Methods extends ServiceMethods<Methods>> = {
  readonly [Name in keyof Methods]?: Rule<RequestOf<Methods[Name]>> | undefined;
};

type RequestOf<Method> =
  Method extends MethodDescriptor<infer Kind, infer Req>
    ? MethodKind extends Kind
      ? DynamicMessage
      : Req
    : never;

/**
 * Puts each request before the rule of its method. One that breaks it ends its call with
 * INVALID_ARGUMENT and a `google.rpc.BadRequest`: on a server the handler's read rejects with that,
 * and the call ends with it whatever the handler does; on a client the request is not sent. Methods
 * without a rule, and other services, cost nothing.
 *
 * @throws {TypeError} for a name that is no method of the service, or a rule that is no function
 * @see https://google.aip.dev/193
 */
export function validate<Methods extends ServiceMethods<Methods>>(
  service: ServiceDescriptor<Methods>,
  rules: Rules<Methods>,
): Interceptor {
  checkService('validate()', service);
  const maps = new Map<string, MessageMap>();
  for (const [name, rule] of Object.entries(checkedRules(service, rules))) {
    if (rule === undefined) continue;
    checkFunction(`validate() rule ${service.name}.${name}`, rule);
    const { path } = (service.methods as { [name: string]: MethodDescriptor })[
      name
    ] as MethodDescriptor;
    maps.set(path, (request) => check(path, rule as Rule<unknown>, request));
  }
  return (call, next) => {
    const map = maps.get(call.method.path);
    if (map !== undefined) call.mapRequests(map);
    return next();
  };
}

function checkedRules(service: { name: string; methods: object }, rules: unknown): object {
  const names = Object.keys(service.methods);
  if (!isKeyed(rules)) {
    const got = describeValue(rules);
    throw new TypeError(`validate() takes an object with rules for ${service.name}, got ${got}`);
  }
  const unknown = Object.keys(rules).find((name) => !names.includes(name));
  if (unknown === undefined) return rules;
  throw new TypeError(`${service.name} has no method '${unknown}'; it has ${names.join(', ')}`);
}

/** Lets the request pass, or throws. */
function check(path: string, rule: Rule<unknown>, request: unknown): undefined {
  const violations: unknown = rule(request);
  if (violations === undefined) return;
  if (!Array.isArray(violations)) {
    // What an async rule rejects with must not end the process.
    if (isPromiseLike(violations)) violations.then(ignore, ignore);
    const got = describeValue(violations);
    throw new TypeError(
      `the rule of ${path} must give a list of violations or nothing, got ${got}`,
    );
  }
  const fieldViolations = violations as readonly Violation[];
  const [first] = fieldViolations;
  if (first === undefined) return;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  const message = `${first.field}: ${first.description}${more}`;
  throw richError(Status.INVALID_ARGUMENT, message, [{ type: 'BadRequest', fieldViolations }]);
}
