/** Which rows of a long list are drawn: those on the screen and a few around them. */

const AROUND = 8;

export interface View {
  /** How far the list is scrolled, and how much of it is seen, in pixels. */
  top: number;
  height: number;
  rowHeight: number;
  nRows: number;
}

/** The first row to draw, and the one after the last. */
export function windowOf({ top, height, rowHeight, nRows }: View): { first: number; last: number; indices: number[] } {
  const first = Math.max(0, Math.min(nRows, Math.floor(top / rowHeight) - AROUND));
  const last = Math.max(first, Math.min(nRows, Math.ceil((top + height) / rowHeight) + AROUND));
  return { first, last, indices: Array.from({ length: last - first }, (_none, i) => first + i) };
}
