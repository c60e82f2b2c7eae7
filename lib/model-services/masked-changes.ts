import type { SomeFields } from './repository.js';
import { isPopulated, type RowField, type RowFields } from './row-fields.js';

/**
 * What an update changes: the fields of the mask or, without one, those that were sent; `*` is all.
 * A field of a oneof that is set unsets the others. The key says which row it is and stays.
 *
 * @throws {RpcError} INVALID_ARGUMENT for a path that is no field of the message
 */
export function maskedChanges<Row>(
  row: Row,
  paths: readonly string[],
  fields: RowFields<Row>,
  key: keyof Row & string,
): SomeFields<Row> {
  const changes: { [Field in keyof Row]?: Row[Field] | undefined } = {};
  const changed = fieldsIn(row, paths, fields).filter(({ name }) => name !== key);
  for (const { oneof, name } of changed) {
    if (row[name] === undefined) continue;
    for (const other of oneof) changes[other as keyof Row] = undefined;
  }
  for (const { name } of changed) changes[name] = row[name];
  return changes;
}

function fieldsIn<Row>(
  row: Row,
  paths: readonly string[],
  fields: RowFields<Row>,
): readonly RowField<Row>[] {
  if (paths.length === 1 && paths[0] === '*') return fields.all;
  if (paths.length > 0) return paths.map((path) => fields.expect('update_mask', path));
  return fields.all.filter((each) => isPopulated(each, row[each.name]));
}
