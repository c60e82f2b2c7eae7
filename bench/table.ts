/** A column: its head, its width, and on which side its cells stand. */
export interface Column {
  readonly head: string;
  readonly width: number;
  readonly side?: 'left' | 'right';
}

/** The line of heads. */
export function headLine(columns: readonly Column[]): string {
  return tableLine(
    columns,
    columns.map(({ head }) => head),
  );
}

/** A line of cells, one for each column. */
export function tableLine(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map(({ width, side }, i) => {
      const cell = cells[i] ?? '';
      return side === 'left' ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ')
    .trimEnd();
}

/** A number without decimals, its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A ratio, with more decimals where it is small. */
export function times(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)}×`;
}
