/** Closed outlines: whether they cross themselves or each other, by the server's rules. Whole numbers give exact verdicts. */
import { doubleArea, sidesOf, type Point } from './geometry';

type Line = readonly [Point, Point];

/** Above 0 where `c` lies to one side of the line from `a` to `b`, below 0 on the other, 0 on it. */
const side = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

const isBetween = (a: Point, b: Point, c: Point): boolean =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

/** Whether two lines have a point in common, their ends included. */
export function linesMeet([a, b]: Line, [c, d]: Line): boolean {
  const [ofC, ofD, ofA, ofB] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (ofC === 0 && ofD === 0) return isBetween(a, b, c) || isBetween(a, b, d) || isBetween(c, d, a);
  // Signs are multiplied, since products of the sides themselves would not be exact.
  return Math.sign(ofC) * Math.sign(ofD) <= 0 && Math.sign(ofA) * Math.sign(ofB) <= 0;
}

const linesOf = (ring: readonly Point[]): Line[] => [...sidesOf(ring)].map(([a, b]) => [a, b]);

interface Entry {
  line: Line;
  place: number;
  group: 0 | 1;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The first pair of lines, one of each group, that `isFault` says yes to, swept from left to right. */
function firstPair(ones: readonly Line[], others: readonly Line[] | null, isFault: (one: Entry, other: Entry) => boolean): [number, number] | null {
  const entry = (line: Line, place: number, group: 0 | 1): Entry => {
    const [[x, y], [u, v]] = line;
    return { line, place, group, left: Math.min(x, u), right: Math.max(x, u), top: Math.min(y, v), bottom: Math.max(y, v) };
  };
  const all = [...ones.map((line, i) => entry(line, i, 0)), ...(others ?? []).map((line, i) => entry(line, i, 1))].sort((a, b) => a.left - b.left);
  let open: Entry[] = [];
  for (const one of all) {
    open = open.filter(({ right }) => right >= one.left);
    for (const other of open) {
      if ((others !== null && one.group === other.group) || one.top > other.bottom || other.top > one.bottom) continue;
      if (isFault(one, other)) return [Math.min(one.place, other.place), Math.max(one.place, other.place)];
    }
    open.push(one);
  }
  return null;
}

/** The places of two sides of a ring that meet anywhere but where they follow each other; null where none do. */
export function crossing(ring: readonly Point[]): [number, number] | null {
  const lines = linesOf(ring);
  const n = lines.length;
  for (const [i, [start, corner]] of lines.entries()) {
    const end = lines[(i + 1) % n]?.[1] ?? start;
    const isBack = (corner[0] - start[0]) * (end[0] - corner[0]) + (corner[1] - start[1]) * (end[1] - corner[1]) < 0;
    if (side(start, corner, end) === 0 && isBack) return [i, (i + 1) % n];
  }
  return firstPair(lines, null, (one, other) => {
    const apart = Math.abs(one.place - other.place);
    return apart !== 1 && apart !== n - 1 && linesMeet(one.line, other.line);
  });
}

/** Whether the lines of two rings cross or touch. */
export const ringsMeet = (one: readonly Point[], other: readonly Point[]): boolean =>
  firstPair(linesOf(one), linesOf(other), (a, b) => linesMeet(a.line, b.line)) !== null;

/** Whether a point that is not on a ring lies inside of it. */
export function isInside([px, py]: Point, ring: readonly Point[]): boolean {
  let isIn = false;
  for (const [[x, y], [u, v]] of sidesOf(ring)) {
    if (y > py !== v > py) {
      const turn = (u - x) * (py - y) - (px - x) * (v - y);
      if (turn > 0 === v > y) isIn = !isIn;
    }
  }
  return isIn;
}

/** Without corners that repeat the one before; null for what has no area. */
export function cleaned(points: readonly Point[]): Point[] | null {
  const found = points.filter(([x, y], i) => i === 0 || x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1]);
  const [first, last] = [found[0], found.at(-1)];
  if (found.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1]) found.pop();
  return found.length < 3 || doubleArea(found) === 0 ? null : found;
}

const HUNDRED = 100;

/** A ring in whole hundredths of a pixel. */
export const inHundredths = (ring: readonly Point[]): Point[] => ring.map(([x, y]) => [Math.floor(x * HUNDRED + 0.5), Math.floor(y * HUNDRED + 0.5)]);

/** Whether the first of some rings is an outline and the others are holes in it, as an answer has them. */
export function ringsFit(rings: readonly (readonly Point[])[]): boolean {
  const [outline, ...holes] = rings.map((ring) => cleaned(inHundredths(ring)));
  if (!outline || crossing(outline) !== null) return false;
  return holes.every((hole, i) => {
    const first = hole?.[0];
    if (!hole || first === undefined || crossing(hole) !== null || ringsMeet(outline, hole) || !isInside(first, outline)) return false;
    return holes.slice(0, i).every((other) => {
      const second = other?.[0];
      return !other || second === undefined || !(ringsMeet(hole, other) || isInside(first, other) || isInside(second, hole));
    });
  });
}
