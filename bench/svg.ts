/** What a text in a drawing looks like. */
export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'end';
  readonly faint?: boolean;
}

/** A drawing that grows element by element. Lengths are in pixels, from the top left. */
export class Svg {
  readonly #width: number;
  readonly #elements: string[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** @param y - of the line that the letters stand on */
  text(x: number, y: number, words: string, style: TextStyle = {}): void {
    const { size = 12, bold = false, anchor = 'start', faint = false } = style;
    const weight = bold ? ' font-weight="600"' : '';
    const fill = faint ? '#656d76' : '#1f2328';
    const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`;
    const look = `font-size="${size}"${weight} fill="${fill}"`;
    this.#elements.push(`<text ${place} ${look}>${escaped(words)}</text>`);
  }

  bar(x: number, y: number, width: number, height: number, fill: string): void {
    const area = `width="${round(width)}" height="${round(height)}"`;
    this.#elements.push(
      `<rect x="${round(x)}" y="${round(y)}" ${area} rx="2" fill="${escaped(fill)}"/>`,
    );
  }

  /** A thin line from left to right. */
  line(fromX: number, toX: number, y: number): void {
    const ends = `x1="${round(fromX)}" x2="${round(toX)}" y1="${round(y)}" y2="${round(y)}"`;
    this.#elements.push(`<line ${ends} stroke="#1f2328" stroke-width="1.5" opacity="0.55"/>`);
  }

  /** The drawing as the text of a file; on white, so that it can be read on dark pages. */
  print(height: number, title: string): string {
    const size = `width="${this.#width}" height="${height}"`;
    const box = `viewBox="0 0 ${this.#width} ${height}"`;
    const font = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"';
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box} ${font} role="img">`,
      `<title>${escaped(title)}</title>`,
      `<rect width="100%" height="100%" fill="#ffffff"/>`,
      ...this.#elements,
      '</svg>\n',
    ].join('\n');
  }
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
