/**
 * Places in a text counted in Unicode code points, as answers store them, and in UTF-16 units, as the browser counts.
 *
 * A lone surrogate counts as one code point; `\r\n` as two; a base letter and its combining mark as two.
 */
export class CodePoints {
  readonly text: string;
  readonly length: number;
  /** The unit at which every code point starts, or null when the two ways of counting agree. */
  readonly #starts: Uint32Array | null;

  constructor(text: string) {
    this.text = text;
    if (!/[\u{10000}-\u{10FFFF}]/u.test(text)) {
      this.#starts = null;
      this.length = text.length;
      return;
    }
    const starts = new Uint32Array(text.length + 1);
    let n = 0;
    for (let unit = 0; unit < text.length; unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1) {
      starts[n] = unit;
      n += 1;
    }
    starts[n] = text.length;
    this.#starts = starts.slice(0, n + 1);
    this.length = n;
  }

  /** The UTF-16 unit at which the code point at `point` starts; places outside are moved to the nearest end. */
  toUnit(point: number): number {
    const inside = Math.max(0, Math.min(point, this.length));
    return this.#starts === null ? inside : (this.#starts[inside] ?? this.text.length);
  }

  /** The code point that the UTF-16 unit at `unit` belongs to. */
  toPoint(unit: number): number {
    const inside = Math.max(0, Math.min(unit, this.text.length));
    if (this.#starts === null) return inside;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The text from `start` to `end`. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnit(start), this.toUnit(end));
  }
}
