import fc from 'fast-check';

/** The names of a message's fields after each change: some are gone for good, some are new, all move. */
export const arbitraryHistory: fc.Arbitrary<string[][]> = fc
  .array(
    fc.record({
      keep: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      added: fc.nat(3),
      order: fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((changes) => {
    const history: string[][] = [];
    let fields: string[] = [];
    let count = 0;
    for (const { keep, added, order } of changes) {
      fields = fields.filter((_, i) => keep[i] ?? false);
      for (let i = 0; i < added; i += 1) fields.push(`f${count + i}`);
      count += added;
      const keys = new Map(fields.map((name, i) => [name, order[i] ?? 0]));
      fields = [...fields].sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
      history.push(fields);
    }
    return history;
  });
