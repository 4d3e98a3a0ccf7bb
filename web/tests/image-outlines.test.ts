/** Outlines: which cross themselves, what holes fit, and lines that follow edges. */
import { describe, expect, test } from 'vitest';
import { holds, simplifiedRing, type Point } from '../src/images/geometry';
import { edgeCosts, linesFrom, lineTo } from '../src/images/livewire';
import { cleaned, crossing, isInside, ringsFit } from '../src/images/outlines';
import { polygonShape, type Polygon } from '../src/images/shapes/polygon';

const SQUARE: Point[] = [[0, 0], [100, 0], [100, 100], [0, 100]];
const HOLE: Point[] = [[20, 20], [40, 20], [30, 40]];
const field = (part: Partial<Polygon> = {}): Polygon => ({ points: SQUARE, label: 'field', ...part });
const HOW = { isStepped: false, image: { width: 200, height: 200 } };

describe('an outline', () => {
  test('that crosses itself names the two sides', () => {
    expect(crossing(SQUARE)).toBeNull();
    expect(crossing([[0, 0], [100, 100], [100, 0], [0, 100]])).toEqual([0, 2]);
  });

  test('that touches itself with a corner, or goes back on its line, is refused', () => {
    expect(crossing([[0, 0], [100, 0], [100, 100], [50, 0], [0, 100]])).not.toBeNull();
    expect(crossing([[0, 0], [100, 0], [50, 0], [50, 80]])).not.toBeNull();
  });

  test('with a thousand corners is checked in a blink', () => {
    const ring = Array.from({ length: 5000 }, (_one, i): Point => [Math.round(40_000 + 30_000 * Math.cos((i * Math.PI) / 2500)), Math.round(40_000 + 30_000 * Math.sin((i * Math.PI) / 2500))]);
    const start = performance.now();
    expect(crossing(cleaned(ring)!)).toBeNull();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('holds its hole only inside, apart from others', () => {
    const shifted = (dx: number): Point[] => HOLE.map(([x, y]) => [x + dx, y]);
    expect(ringsFit([SQUARE, HOLE])).toBe(true);
    expect(ringsFit([SQUARE, HOLE, shifted(40)])).toBe(true);
    expect(ringsFit([SQUARE, HOLE, shifted(10)])).toBe(false);
    expect(ringsFit([SQUARE, shifted(70)])).toBe(false);
    expect(ringsFit([SQUARE, shifted(500)])).toBe(false);
  });
});

describe('a polygon that is changed', () => {
  test('gets a corner where one between two is dragged, and the keys go with it', () => {
    const between = polygonShape.grips!(field(), 1).findIndex(({ kind }) => kind === 'between');
    const changed = polygonShape.drag!(field(), between, [50, -20], HOW);
    expect(changed.points).toEqual([[0, 0], [50, 0], [100, 0], [100, 100], [0, 100]]);
    expect(polygonShape.gripAfter!(field(), between)).toBe(1);
  });

  test('is faulty when a corner is dragged across a side', () => {
    expect(polygonShape.isFaulty!(polygonShape.drag!(field(), 0, [150, 50], HOW))).toBe(true);
    expect(polygonShape.isFaulty!(field({ holes: [HOLE] }))).toBe(false);
  });

  test('loses a hole with its third corner, and never its own third corner', () => {
    const grips = polygonShape.grips!(field({ holes: [HOLE] }), 1);
    expect(polygonShape.withoutGrip!(field({ holes: [HOLE] }), 4)).toEqual(field());
    expect(grips[4]!.at).toEqual([20, 20]);
    expect(polygonShape.withoutGrip!(field({ points: SQUARE.slice(1) }), 0)).toBeNull();
  });

  test('is not hit in its hole', () => {
    expect(polygonShape.hits(field({ holes: [HOLE] }), [30, 25], 0)).toBe(false);
    expect(polygonShape.hits(field({ holes: [HOLE] }), [60, 60], 0)).toBe(true);
  });
});

describe('a line along edges', () => {
  const SIZE = 80;
  const inDisc = (x: number, y: number): boolean => Math.hypot(x - 40, y - 40) < 25;
  const pixels = new Uint8ClampedArray(4 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i += 1) pixels.fill(inDisc(i % SIZE, Math.floor(i / SIZE)) ? 30 : 220, 4 * i, 4 * i + 3);
  const costs = edgeCosts(pixels, SIZE, SIZE);
  const at = (x: number, y: number): number => y * SIZE + x;

  test('follows the rim of a disc and does not cut through it', () => {
    const line = lineTo(linesFrom(costs, SIZE, SIZE, at(15, 40)), at(40, 15)).map((i): Point => [i % SIZE, Math.floor(i / SIZE)]);
    expect(line[0]).toEqual([15, 40]);
    expect(line.at(-1)).toEqual([40, 15]);
    const off = line.map(([x, y]) => Math.abs(Math.hypot(x - 40, y - 40) - 25));
    expect(Math.max(...off)).toBeLessThan(3);
  });

  test('round the disc makes an outline that fits', () => {
    const stops = [at(15, 40), at(40, 15), at(65, 40), at(40, 65)];
    const ring = stops.flatMap((from, i) => lineTo(linesFrom(costs, SIZE, SIZE, from), stops[(i + 1) % 4]!).slice(0, -1).map((one): Point => [one % SIZE, Math.floor(one / SIZE)]));
    const outline = simplifiedRing(ring, 1);
    expect(ringsFit([outline])).toBe(true);
    expect(holds(outline, [40, 40])).toBe(true);
    expect(isInside([10, 10], outline)).toBe(false);
    expect(outline.length).toBeLessThan(50);
  });
});
