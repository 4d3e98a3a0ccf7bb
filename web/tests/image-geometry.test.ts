/** Places in images: what is hit, how boxes turn and are changed, and what keeps lying in the image. */
import { describe, expect, test } from 'vitest';
import { distanceTo, holds, rounded, simplified, simplifiedRing, touch, turned, type Point } from '../src/images/geometry';
import { boxShape, cornersOf, rotatedBy, tidy, type Box } from '../src/images/shapes/box';
import { View } from '../src/images/view.svelte';

const IMAGE = { width: 400, height: 300 };
const box = (part: Partial<Box> = {}): Box => ({ x: 100, y: 80, width: 60, height: 40, label: 'car', ...part });
const HOW = { isStepped: false, image: IMAGE };
const near = (a: Point, b: Point) => expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeLessThan(0.02);

describe('numbers', () => {
  test('are rounded half up to two decimals', () => {
    expect([0.125, 0.135, -0.125, 7, 1.005].map(rounded)).toEqual([0.13, 0.14, -0.12, 7, 1]);
  });

  test('an angle is kept in [0, 360), and none is left out', () => {
    expect(tidy(box({ rotation: 360 }))).toEqual(box());
    expect(rotatedBy(box({ rotation: 10 }), -15).rotation).toBe(355);
    expect(rotatedBy(box({ rotation: 10 }), -10)).toEqual(box());
  });
});

describe('turned boxes', () => {
  test('a quarter turn moves the top left corner to the top right of the turned box', () => {
    const [first] = cornersOf(box({ rotation: 90 }));
    near(first, [150, 70]);
  });

  test('are hit inside, on their line, and not where only their upright hull lies', () => {
    const shape = boxShape(true);
    const thin = box({ x: 100, y: 100, width: 100, height: 4, rotation: 45 });
    expect(shape.hits(thin, [150, 102], 0)).toBe(true);
    expect(shape.hits(thin, [120, 130], 2)).toBe(false);
    expect(shape.hits(box(), [98, 100], 3)).toBe(true);
    expect(shape.hits(box(), [96, 100], 3)).toBe(false);
  });

  test('keep the opposite corner where it is when one is dragged', () => {
    const shape = boxShape(true);
    const before = box({ rotation: 30 });
    const after = shape.drag!(before, 4, [200, 150], HOW);
    near(cornersOf(after)[0], cornersOf(before)[0]);
    near(cornersOf(after)[2], [200, 150]);
  });

  test('turn to where the grip is dragged, in steps of 15° if wanted', () => {
    const shape = boxShape(true);
    const centre: Point = [130, 100];
    expect(shape.drag!(box(), 8, turned([130, 0], centre, 22), HOW).rotation).toBeCloseTo(22, 1);
    expect(shape.drag!(box(), 8, turned([130, 0], centre, 22), { ...HOW, isStepped: true }).rotation).toBe(15);
  });
});

describe('upright boxes', () => {
  const shape = boxShape(false);

  test('do not leave the image when they are moved or resized', () => {
    expect(shape.move!(box(), 1000, -1000, IMAGE)).toEqual(box({ x: 340, y: 0 }));
    expect(shape.drag!(box(), 4, [9999, 9999], HOW)).toEqual(box({ width: 300, height: 220 }));
  });

  test('have no grip to turn them by', () => {
    expect(shape.grips!(box(), 1).map(({ kind }) => kind)).not.toContain('turn');
  });
});

describe('lines and rings', () => {
  test('touch where they cross or meet, and not beside each other', () => {
    expect(touch([0, 0], [10, 10], [0, 10], [10, 0])).toBe(true);
    expect(touch([0, 0], [10, 0], [5, 0], [5, 5])).toBe(true);
    expect(touch([0, 0], [10, 0], [11, 0], [20, 0])).toBe(false);
  });

  test('a ring holds what is inside and not what is in its dent', () => {
    const dented: Point[] = [[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]];
    expect(holds(dented, [2, 3])).toBe(true);
    expect(holds(dented, [5, 8])).toBe(false);
  });

  test('are simplified without leaving the tolerance', () => {
    const wave = Array.from({ length: 200 }, (_one, i): Point => [i, 10 * Math.sin(i / 15)]);
    const simple = simplified(wave, 0.5);
    expect(simple.length).toBeLessThan(60);
    const away = wave.map((point) => Math.min(...simple.slice(1).map((end, i) => distanceTo(point, simple[i]!, end))));
    expect(Math.max(...away)).toBeLessThanOrEqual(0.5);
  });

  test('a ring keeps its shape when it is simplified', () => {
    const circle = Array.from({ length: 180 }, (_one, i): Point => [50 + 40 * Math.cos((i * Math.PI) / 90), 50 + 40 * Math.sin((i * Math.PI) / 90)]);
    const simple = simplifiedRing(circle, 1);
    expect(simple.length).toBeLessThan(40);
    expect(simple.length).toBeGreaterThan(6);
    expect(holds(simple, [50, 50])).toBe(true);
  });
});

describe('the view', () => {
  test('keeps what is under the pointer there when it zooms', () => {
    const view = new View(IMAGE);
    view.resize({ width: 800, height: 600 });
    const before = view.toImage([300, 200]);
    view.zoom(3, [300, 200]);
    near(view.toImage([300, 200]), before);
  });

  test('fits the image into the frame, again when the frame grows', () => {
    const view = new View(IMAGE);
    view.resize({ width: 200, height: 600 });
    expect(view.scale).toBeCloseTo(0.49);
    view.resize({ width: 400, height: 600 });
    expect(view.scale).toBeCloseTo(0.98);
    view.toggleFit();
    expect(view.scale).toBeCloseTo(1);
  });

  test('never loses the image from the frame', () => {
    const view = new View(IMAGE);
    view.resize({ width: 400, height: 300 });
    view.pan(-99999, 99999);
    expect(view.x + IMAGE.width * view.scale).toBeGreaterThan(20);
    expect(view.y).toBeLessThan(300);
  });
});
