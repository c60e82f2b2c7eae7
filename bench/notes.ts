/** A message of the benchmark. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly sequence: number;
  readonly flags: number;
}

/** What a server is asked to produce. */
export interface Order {
  readonly count: number;
  readonly size: SizeName;
}

/** What a side has seen of a stream of notes; equal on both sides when nothing was lost. */
export interface TallyOf {
  readonly count: number;
  readonly characters: number;
  readonly sequences: number;
}

/** The sizes by the names that `--size` takes: the shortest text of a note, in bytes. */
export const SIZES = { '110b': 55, '1kb': 960, '64kb': 65_472 } as const;

export type SizeName = keyof typeof SIZES;

const VARIETY = 64;
const WORDS = 'The quick brown fox jumps over the lazy dog, and the lazy dog lets it. ';
const IDS = Array.from({ length: VARIETY }, (_, i) => `note-${String(i).padStart(6, '0')}`);
const textsOf = new Map<SizeName, readonly string[]>();

/** Makes notes of a size by their number; texts differ in length so that a lost one shows. */
export function noteMaker(size: SizeName): (i: number) => Note {
  const texts = textsOf.get(size) ?? makeTexts(SIZES[size]);
  textsOf.set(size, texts);
  return (i) => {
    const variant = i % VARIETY;
    return { id: IDS[variant]!, text: texts[variant]!, sequence: i, flags: 7 };
  };
}

function makeTexts(shortest: number): string[] {
  const long = WORDS.repeat(Math.ceil((shortest + VARIETY) / WORDS.length));
  // Flat, as they would come from a database: not a slice that each encoder has to look up.
  return IDS.map((_, i) => Buffer.from(long.slice(0, shortest + (i % 60))).toString('latin1'));
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

/** The tally of the first `count` notes. */
export function expectedTally(count: number, size: SizeName): TallyOf {
  const tally = new Tally();
  const makeNote = noteMaker(size);
  for (let i = 0; i < count; i += 1) tally.add(makeNote(i));
  return tally;
}
