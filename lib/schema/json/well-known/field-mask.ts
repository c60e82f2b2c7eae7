import { shorten } from '../../wire/describe-misfit.js';
import { wrongType } from '../../wire/scalar-fit.js';
import type { Mapping } from '../conversion.js';

/** `google.protobuf.FieldMask`: the paths in lowerCamel, with commas between them. */
export const fieldMask: Mapping = {
  write({ paths }) {
    return ((paths ?? []) as string[]).map(toCamel).join(',');
  },

  read(json) {
    if (typeof json !== 'string') throw wrongType("a field mask such as 'user.displayName'", json);
    return { paths: json === '' ? [] : json.split(',').map(toSnake) };
  },
};

/** Only what comes back as the same path may be written. */
function toCamel(path: string): string {
  const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (path === '' || /[_,]/.test(camel) || snakeOf(camel) !== path) {
    throw new RangeError(`expected paths that have a form in lowerCamel, got '${shorten(path)}'`);
  }
  return camel;
}

function toSnake(path: string): string {
  if (path !== '' && !path.includes('_')) return snakeOf(path);
  throw new RangeError(`expected paths in lowerCamel, got '${shorten(path)}'`);
}

function snakeOf(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
