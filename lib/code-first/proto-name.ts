import { fieldName } from '../schema/local-name.js';

/** What names in a `.proto` are made of; `__proto__` cannot be a key of what protobufjs parses into. */
export const IDENTIFIER = /^(?!__proto__$)[A-Za-z_]\w*$/;

/**
 * The name in the `.proto` of a field that is called `name` in code: `user_id` of `userId`, so that
 * reading the file gives `name` again. `undefined` when there is none.
 */
export function protoName(name: string): string | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [snake, name].find(
    (candidate) => /^[A-Za-z]\w*$/.test(candidate) && fieldName(candidate) === name,
  );
}

/** @throws {TypeError} naming the field, when its name has no form in a `.proto` */
export function expectProtoName(owner: string, name: string): string {
  const found = protoName(name);
  if (found !== undefined) return found;
  throw new TypeError(
    `${owner}: '${name}' cannot be the name of a field; lowerCamel such as 'userId' can`,
  );
}
