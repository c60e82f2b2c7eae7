import { describeValue } from '../base/describe-value.js';

/** The parts before the first capital are the package. */
const TYPE_NAME = /^((?:(?!__proto__\.)[a-z_][a-z0-9_]*\.)*)([A-Z]\w*(?:\.[A-Z]\w*)*)$/;

/** A name in its parts. */
export interface TypeName {
  /** Empty where the name leaves it to the service that uses the type. */
  readonly package: string;
  /** Such as `Outer.Inner`. */
  readonly local: string;
}

/** Reads `Question`, `Outer.Inner` or `app.v1.Question`, which `checkTypeName` has let pass. */
export function parseTypeName(name: string): TypeName {
  const [, prefix = '', local = ''] = TYPE_NAME.exec(name) ?? [];
  return { package: prefix.slice(0, -1), local };
}

/** @throws {TypeError} for anything but the name of a message or an enum */
export function checkTypeName(what: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && TYPE_NAME.test(name)) return refuseGoogles(what, name);
  const expected = "a name such as 'Question', 'Outer.Inner' or 'app.v1.Question'";
  throw new TypeError(`${what} takes ${expected}, got ${describeValue(name)}`);
}

/** @throws {TypeError} for anything but the name of a service */
export function checkServiceName(what: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && TYPE_NAME.test(name)) {
    if (!parseTypeName(name).local.includes('.')) return refuseGoogles(what, name);
  }
  const expected = "a name such as 'app.v1.Questions'";
  throw new TypeError(`${what} takes ${expected}, got ${describeValue(name)}`);
}

/** Files there would stand beside those that declare the well-known types. */
function refuseGoogles(what: string, name: string): void {
  if (!/^google\.protobuf\./.test(name)) return;
  throw new TypeError(
    `${what} takes a name in a package of yours, got '${name}'; wellKnown has Google's types`,
  );
}

/** `C` of `a.b.C`. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** `a.b` of `a.b.C`. */
export function parentOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), 0));
}
