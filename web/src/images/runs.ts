/**
 * Masks as runs of pixels down the columns, from the left one on: pairs of a start and an end (exclusive), ascending and
 * apart. Strokes and outlines become runs at once, so no bitmap of the image is ever held.
 */
import { clamp, sidesOf, type Bounds, type Point, type Rect, type Size } from './geometry';

/** start, end, start, end … */
export type Runs = readonly number[];

/** From COCO's run lengths, the first one outside of the mask. */
export function runsOf(counts: readonly number[]): Runs {
  const runs: number[] = [];
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (i % 2 === 1) runs.push(at, at + count);
    at += count;
  }
  return runs;
}

/** COCO's run lengths of an image with so many pixels. */
export function countsOf(runs: Runs, nPixels: number): number[] {
  const counts: number[] = [];
  let at = 0;
  for (const edge of runs) {
    counts.push(edge - at);
    at = edge;
  }
  if (at < nPixels) counts.push(nPixels - at);
  return counts;
}

/** What is in one or the other, or (`isTakenAway`) in the first and not in the second. */
export function combined(one: Runs, other: Runs, isTakenAway = false): number[] {
  const found: number[] = [];
  let [i, j, isOpen] = [0, 0, false];
  while (i < one.length || j < other.length) {
    const at = Math.min(one[i] ?? Infinity, other[j] ?? Infinity);
    while (one[i] === at) i += 1;
    while (other[j] === at) j += 1;
    const [inOne, inOther] = [i % 2 === 1, j % 2 === 1];
    const isIn = isTakenAway ? inOne && !inOther : inOne || inOther;
    if (isIn === isOpen) continue;
    isOpen = isIn;
    found.push(at);
  }
  return found;
}

/** The runs of one interval of rows for each column; rows and columns beyond the image are left out. */
function fromColumns(columns: Iterable<readonly [number, number, number]>, { width, height }: Size): number[] {
  const runs: number[] = [];
  for (const [x, top, bottom] of columns) {
    const [from, to] = [clamp(top, 0, height), clamp(bottom, 0, height)];
    if (x < 0 || x >= width || from >= to) continue;
    const start = x * height + from;
    if (runs.at(-1) === start) runs[runs.length - 1] = x * height + to;
    else runs.push(start, x * height + to);
  }
  return runs;
}

/** The rows whose middles lie between two heights. */
const rows = (top: number, bottom: number): [number, number] => [Math.ceil(top - 0.5), Math.ceil(bottom - 0.5)];

/** A round brush drawn from one point to another. */
export function strokeRuns([ax, ay]: Point, [bx, by]: Point, radius: number, size: Size): number[] {
  const length = Math.hypot(bx - ax, by - ay);
  const [nx, ny] = length === 0 ? [0, 0] : [((ay - by) / length) * radius, ((bx - ax) / length) * radius];
  const corners: Point[] = [
    [ax + nx, ay + ny],
    [bx + nx, by + ny],
    [bx - nx, by - ny],
    [ax - nx, ay - ny],
  ];
  function* columns(): Generator<[number, number, number]> {
    const last = Math.min(size.width - 1, Math.ceil(Math.max(ax, bx) + radius));
    for (let x = Math.max(0, Math.floor(Math.min(ax, bx) - radius)); x <= last; x += 1) {
      let [top, bottom] = [Infinity, -Infinity];
      const reach = (y: number): void => {
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      };
      for (const [cx, cy] of [[ax, ay] as const, [bx, by] as const]) {
        const away = x + 0.5 - cx;
        if (Math.abs(away) > radius) continue;
        const half = Math.sqrt(radius * radius - away * away);
        reach(cy - half);
        reach(cy + half);
      }
      if (length > 0) for (const y of crossings(corners, x + 0.5)) reach(y);
      if (top <= bottom) yield [x, ...rows(top, bottom)];
    }
  }
  return fromColumns(columns(), size);
}

/** Where the sides of a ring cross the upright line at `x`. */
function crossings(ring: readonly Point[], x: number): number[] {
  const found: number[] = [];
  for (const [a, b] of sidesOf(ring)) if (a[0] > x !== b[0] > x) found.push(a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]));
  return found.sort((one, other) => one - other);
}

/** What lies inside of a ring, by the even-odd rule. */
export function ringRuns(ring: readonly Point[], size: Size): number[] {
  function* columns(): Generator<[number, number, number]> {
    const xs = ring.map(([x]) => x);
    const last = Math.min(size.width - 1, Math.ceil(Math.max(...xs)));
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x <= last; x += 1) {
      const ys = crossings(ring, x + 0.5);
      for (let i = 0; i + 1 < ys.length; i += 2) yield [x, ...rows(ys[i] ?? 0, ys[i + 1] ?? 0)];
    }
  }
  return fromColumns(columns(), size);
}

export function rectRuns({ x, y, width, height }: Rect, size: Size): number[] {
  return ringRuns([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], size);
}

/** A bitmap of a part of the image, in rows of `columns`, as runs of the image. */
export function bitmapRuns(bitmap: Uint8Array, columns: number, part: Rect, size: Size): number[] {
  const nRows = Math.floor(bitmap.length / columns);
  const [right, bottom] = [Math.min(size.width, Math.ceil(part.x + part.width)), Math.min(size.height, Math.ceil(part.y + part.height))];
  const [left, top] = [Math.max(0, Math.floor(part.x)), Math.max(0, Math.floor(part.y))];
  const runs: number[] = [];
  for (let x = left; x < right; x += 1) {
    const column = clamp(Math.floor(((x + 0.5 - part.x) / part.width) * columns), 0, columns - 1);
    let from = -1;
    for (let y = top; y <= bottom; y += 1) {
      const row = clamp(Math.floor(((y + 0.5 - part.y) / part.height) * nRows), 0, nRows - 1);
      const isIn = y < bottom && bitmap[row * columns + column] === 1;
      if (isIn && from < 0) from = y;
      if (isIn || from < 0) continue;
      runs.push(x * size.height + from, x * size.height + y);
      from = -1;
    }
  }
  return combined(runs, []);
}

export function nPixelsOf(runs: Runs): number {
  let n = 0;
  for (let i = 0; i < runs.length; i += 2) n += (runs[i + 1] ?? 0) - (runs[i] ?? 0);
  return n;
}

/** Whether a pixel is in the mask. */
export function hasPixel(runs: Runs, index: number): boolean {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if ((runs[half] ?? 0) <= index) low = half + 1;
    else high = half;
  }
  return low % 2 === 1;
}

/** The upright rectangle around a mask. */
export function runBounds(runs: Runs, height: number): Bounds {
  let [top, bottom] = [height, 0];
  for (let i = 0; i < runs.length; i += 2) {
    const [start, end] = [runs[i] ?? 0, (runs[i + 1] ?? 1) - 1];
    if (Math.floor(start / height) === Math.floor(end / height)) {
      top = Math.min(top, start % height);
      bottom = Math.max(bottom, (end % height) + 1);
    } else [top, bottom] = [0, height];
  }
  return [Math.floor((runs[0] ?? 0) / height), top, Math.floor(((runs.at(-1) ?? 1) - 1) / height) + 1, bottom];
}
