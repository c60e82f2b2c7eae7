import type { CrudHandlers } from './crud-methods.js';
import type { CrudRules } from './crud-rules.js';
import { PageTokens } from './page-token.js';
import { refuse } from './refuse.js';
import type { KeyOf, Repository } from './repository.js';
import { type Selection, selectionOf } from './selection.js';

/** Lists rows page by page; each page is asked for one row more, which tells whether there is a next. */
export function listPages<Row, Key extends KeyOf<Row>>(
  repository: Repository<Row, Row[Key]>,
  rules: CrudRules<Row, Key>,
): CrudHandlers<Row, Key>['list'] {
  const tokens = new PageTokens(rules.codec);
  return async (request, { signal }) => {
    const { filter, order } = selectionOf(request, rules);
    if (request.pageSize < 0) refuse('page_size must be 0 or more');
    const size = Math.min(request.pageSize || rules.pageSize, rules.maxPageSize);
    const question = questionOf(rules, { filter, order });
    const { pageToken } = request;
    const after = pageToken === '' ? undefined : tokens.read(pageToken, order, question);
    const items: Row[] = [];
    for await (const row of repository.find({ filter, order, after, limit: size + 1, signal })) {
      if (items.length === size) {
        return { items, nextPageToken: tokens.make(items.at(-1) as Row, order, question) };
      }
      items.push(row);
    }
    return { items, nextPageToken: '' };
  };
}

/** What all pages of a list have in common. */
function questionOf<Row, Key extends KeyOf<Row>>(
  { service, fields }: CrudRules<Row, Key>,
  { filter, order }: Selection<Row>,
): string {
  const conditions = filter.map(({ field, test, value }) => [field, test, String(value)]);
  // The label tells what a token without the field means: its zero, or that it is unset.
  const directions = order.map(({ field, descending }) => [
    field,
    descending,
    fields.find(field)?.spec.label,
  ]);
  return JSON.stringify([service, conditions, directions]);
}
