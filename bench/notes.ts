/** A message of the benchmark, about 110 bytes on the wire. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly sequence: number;
  readonly flags: number;
}

/** What a side has seen of a stream of notes; equal on both sides when nothing was lost. */
export interface TallyOf {
  readonly count: number;
  readonly characters: number;
  readonly sequences: number;
}

const VARIETY = 64;
const IDS = Array.from({ length: VARIETY }, (_, i) => `note-${String(i).padStart(6, '0')}`);
const TEXTS = Array.from({ length: VARIETY }, (_, i) =>
  'The quick brown fox jumps over the lazy dog, and the lazy dog lets it. '
    .repeat(2)
    .slice(0, 55 + (i % 60)),
);

/** The note number `i`; texts differ in length so that a lost or doubled one shows in the sums. */
export function makeNote(i: number): Note {
  const variant = i % VARIETY;
  return { id: IDS[variant]!, text: TEXTS[variant]!, sequence: i, flags: 7 };
}

/** Counts notes as they come. */
export class Tally implements TallyOf {
  count = 0;
  characters = 0;
  sequences = 0;

  readonly add = (note: Note): void => {
    this.count += 1;
    this.characters += note.text.length;
    this.sequences = (this.sequences + note.sequence) >>> 0;
  };
}

/** The tally of `makeNote(0)` to `makeNote(count - 1)`. */
export function expectedTally(count: number): TallyOf {
  const tally = new Tally();
  for (let i = 0; i < count; i += 1) tally.add(makeNote(i));
  return tally;
}
