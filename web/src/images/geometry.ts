/** Plane geometry in pixels of an image: the first coordinate goes right, the second down, angles turn clockwise. */

export type Point = readonly [number, number];

/** Left, top, right, bottom. */
export type Bounds = readonly [number, number, number, number];

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  x: number;
  y: number;
}

export const add = (a: Point, b: Point): Point => [a[0] + b[0], a[1] + b[1]];
export const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1]];
export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The nearest point of an image. */
export const inside = (point: Point, size: Size): Point => [clamp(point[0], 0, size.width), clamp(point[1], 0, size.height)];

/** To two decimals, halves upwards, as the server rounds. */
export const rounded = (value: number): number => Math.floor(value * 100 + 0.5) / 100;

export const roundedPoint = ([x, y]: Point): [number, number] => [rounded(x), rounded(y)];

/** `point` turned by `degrees` about `centre`. */
export function turned(point: Point, centre: Point, degrees: number): Point {
  if (degrees === 0) return point;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = minus(point, centre);
  return [centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos];
}

/** The angle of the line from `centre` to `point`, clockwise from straight up, in [0, 360). */
export function bearing(centre: Point, point: Point): number {
  const [x, y] = minus(point, centre);
  return ((Math.atan2(y, x) * 180) / Math.PI + 450) % 360;
}

export function boundsOf(points: readonly Point[]): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return [left, top, right, bottom];
}

export const meet = (a: Bounds, b: Bounds): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** The rectangle between two corners. */
export function between(a: Point, b: Point): Rect {
  return { x: Math.min(a[0], b[0]), y: Math.min(a[1], b[1]), width: Math.abs(a[0] - b[0]), height: Math.abs(a[1] - b[1]) };
}

/** The nearest point of the line from `a` to `b`. */
export function nearestOn(point: Point, a: Point, b: Point): Point {
  const [dx, dy] = minus(b, a);
  const length = dx * dx + dy * dy;
  if (length === 0) return a;
  const share = clamp(((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length, 0, 1);
  return [a[0] + share * dx, a[1] + share * dy];
}

export const distanceTo = (point: Point, a: Point, b: Point): number => distance(point, nearestOn(point, a, b));

/** The sides of a closed ring. */
export function* sidesOf(ring: readonly Point[]): Generator<[Point, Point, number]> {
  for (const [i, point] of ring.entries()) {
    const next = ring[(i + 1) % ring.length];
    if (next !== undefined) yield [point, next, i];
  }
}

/** Twice the area of a ring, positive when it goes clockwise on the screen. */
export function doubleArea(ring: readonly Point[]): number {
  let sum = 0;
  for (const [a, b] of sidesOf(ring)) sum += a[0] * b[1] - b[0] * a[1];
  return sum;
}

/** Whether a ring holds a point, by the even-odd rule. */
export function holds(ring: readonly Point[], [x, y]: Point): boolean {
  let isIn = false;
  for (const [a, b] of sidesOf(ring)) {
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) isIn = !isIn;
  }
  return isIn;
}

/** On which side of the line from `a` to `b` a point lies: positive to the right on the screen. */
const side = (a: Point, b: Point, p: Point): number => Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));

const isWithin = (p: Point, a: Point, b: Point): boolean =>
  Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);

/** Whether two stretches have a point in common, touching counted. */
export function touch(a: Point, b: Point, c: Point, d: Point): boolean {
  const [one, two, three, four] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (one !== two && three !== four) return true;
  return (
    (one === 0 && isWithin(c, a, b)) || (two === 0 && isWithin(d, a, b)) || (three === 0 && isWithin(a, c, d)) || (four === 0 && isWithin(b, c, d))
  );
}

/** Fewer points for the same line: none of those left out is farther from it than `tolerance` (Douglas and Peucker). */
export function simplified(points: readonly Point[], tolerance: number): Point[] {
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [from, to] = pair;
    const [a, b] = [points[from], points[to]];
    if (a === undefined || b === undefined) continue;
    let [far, most] = [-1, tolerance];
    for (let i = from + 1; i < to; i += 1) {
      const away = distanceTo(points[i] ?? a, a, b);
      if (away > most) [far, most] = [i, away];
    }
    if (far < 0) continue;
    kept.add(far);
    open.push([from, far], [far, to]);
  }
  return points.filter((_point, i) => kept.has(i));
}

/** A closed ring with fewer points. */
export function simplifiedRing(ring: readonly Point[], tolerance: number): Point[] {
  const first = ring[0];
  if (first === undefined || ring.length < 4) return [...ring];
  // Cut where the ring is farthest from its start, so that neither cut is left out by chance.
  const far = ring.reduce((best, point, i) => (distance(point, first) > distance(ring[best] ?? first, first) ? i : best), 0);
  const there = simplified(ring.slice(0, far + 1), tolerance);
  const back = simplified([...ring.slice(far), first], tolerance);
  return [...there, ...back.slice(1, -1)];
}
