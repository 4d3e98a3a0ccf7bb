/** Masks as runs: the same run lengths as the server's, painted and filled without a bitmap of the image. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Point } from '../src/images/geometry';
import { bitmapRuns, combined, countsOf, hasPixel, nPixelsOf, rectRuns, ringRuns, runBounds, runsOf, strokeRuns, type Runs } from '../src/images/runs';
import { growing } from '../src/images/segmenter';
import { maskOf, maskShape } from '../src/images/shapes/mask';

const SIZE = { width: 60, height: 40 };

/** Every pixel that a rule says yes to, looked at one by one. */
function plainly(isIn: (x: number, y: number) => boolean): Runs {
  const bitmap = new Uint8Array(SIZE.width * SIZE.height);
  for (let i = 0; i < bitmap.length; i += 1) bitmap[i] = isIn((i % SIZE.width) + 0.5, Math.floor(i / SIZE.width) + 0.5) ? 1 : 0;
  return bitmapRuns(bitmap, SIZE.width, { x: 0, y: 0, ...SIZE }, SIZE);
}

describe('run lengths', () => {
  const file = join(import.meta.dirname, '..', '..', 'tests', 'cases', 'answers.json');
  const { answers } = JSON.parse(readFileSync(file, 'utf8')) as { answers: { type: string; ok: boolean; normal?: { size: [number, number]; counts: number[] }[] }[] };
  const masks = answers.filter(({ type, ok }) => type === 'masks' && ok).flatMap(({ normal }) => normal ?? []);

  test('of the shared cases are the same after they were read and written', () => {
    expect(masks.length).toBeGreaterThan(2);
    for (const { size, counts } of masks) expect(countsOf(runsOf(counts), size[0] * size[1])).toEqual(counts);
  });

  test('go down the columns, and the first is outside', () => {
    expect(countsOf(rectRuns({ x: 0, y: 0, width: 1, height: 2 }, SIZE), 2400)).toEqual([0, 2, 2398]);
    expect(countsOf(rectRuns({ x: 1, y: 3, width: 2, height: 2 }, SIZE), 2400)).toEqual([43, 2, 38, 2, 2315]);
    expect(countsOf(rectRuns({ x: 59, y: 0, width: 9, height: 90 }, SIZE), 2400)).toEqual([2360, 40]);
  });
});

describe('strokes and outlines', () => {
  test('cover the pixels whose middle they cover', () => {
    const [a, b, radius]: [Point, Point, number] = [[10, 12], [44, 30], 6];
    const off = (x: number, y: number): number => {
      const share = Math.min(1, Math.max(0, ((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2)));
      return Math.hypot(x - a[0] - share * (b[0] - a[0]), y - a[1] - share * (b[1] - a[1]));
    };
    expect(strokeRuns(a, b, radius, SIZE)).toEqual(plainly((x, y) => off(x, y) <= radius));
    expect(strokeRuns(a, a, radius, SIZE)).toEqual(plainly((x, y) => Math.hypot(x - a[0], y - a[1]) <= radius));
  });

  test('that reach out of the image are cut', () => {
    expect(strokeRuns([0, 0], [0, 0], 5, SIZE)).toEqual(plainly((x, y) => Math.hypot(x, y) <= 5));
    expect(strokeRuns([-50, -50], [-50, -50], 5, SIZE)).toEqual([]);
  });

  test('fill an outline with a dent', () => {
    const runs = ringRuns([[10, 5], [50, 5], [50, 35], [30, 15], [10, 35]], SIZE);
    expect(hasPixel(runs, 30 * 40 + 10)).toBe(true);
    expect(hasPixel(runs, 30 * 40 + 25)).toBe(false);
    expect(hasPixel(runs, 12 * 40 + 25)).toBe(true);
  });
});

describe('masks together', () => {
  const one = strokeRuns([20, 20], [20, 20], 10, SIZE);
  const other = strokeRuns([30, 20], [30, 20], 10, SIZE);

  test('are joined and taken away like sets of pixels', () => {
    const inOne = (x: number, y: number): boolean => Math.hypot(x - 20, y - 20) <= 10;
    const inOther = (x: number, y: number): boolean => Math.hypot(x - 30, y - 20) <= 10;
    expect(combined(one, other)).toEqual(plainly((x, y) => inOne(x, y) || inOther(x, y)));
    expect(combined(one, other, true)).toEqual(plainly((x, y) => inOne(x, y) && !inOther(x, y)));
    expect(combined(one, one, true)).toEqual([]);
    expect(nPixelsOf(combined(one, []))).toBe(nPixelsOf(one));
  });

  test('know where they lie', () => {
    expect(runBounds(rectRuns({ x: 7, y: 3, width: 20, height: 11 }, SIZE), SIZE.height)).toEqual([7, 3, 27, 14]);
    const mask = { ...maskOf(one, SIZE), label: 'rust' };
    expect(maskShape.hits(mask, [20.4, 20.4], 0)).toBe(true);
    expect(maskShape.hits(mask, [20.4, 33], 0)).toBe(false);
  });

  test('of 12 megapixels are painted quickly', () => {
    const large = { width: 4000, height: 3000 };
    const start = performance.now();
    let runs: Runs = rectRuns({ x: 100, y: 100, width: 3500, height: 2500 }, large);
    for (let i = 0; i < 20; i += 1) runs = combined(runs, strokeRuns([150 * i, 500], [150 * i + 300, 2400], 60, large), true);
    expect(countsOf(runs, 12_000_000).reduce((sum, count) => sum + count, 0)).toBe(12_000_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test('the built-in segmenter takes what is joined and has nearly the same colour', async () => {
  const [width, height] = [30, 20];
  const data = new Uint8ClampedArray(4 * width * height).fill(200);
  const isDark = (x: number, y: number): boolean => (x < 10 && y < 10) || (x > 20 && y > 10);
  for (let i = 0; i < width * height; i += 1) if (isDark(i % width, Math.floor(i / width))) data.fill(40, 4 * i, 4 * i + 3);
  const found = await growing.segment({ data, width, height }, { points: [{ x: 3, y: 3, isInside: true }] });
  expect(found.reduce((sum, value) => sum + value, 0)).toBe(100);
});
