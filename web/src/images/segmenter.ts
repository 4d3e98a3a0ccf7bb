/**
 * What marks a whole thing from a hint. A model that runs in the browser is put in here: something that takes the pixels
 * of what is seen and a hint, and says for each pixel whether it belongs to the thing.
 */
import type { Rect } from './geometry';

export interface Hint {
  /** Places on the thing, and places beside it. */
  points: readonly { x: number; y: number; isInside: boolean }[];
  /** What the thing lies in, if that was drawn. */
  box?: Rect;
}

export interface Segmenter {
  /** 1 for each pixel that belongs to the thing, row by row. */
  segment: (pixels: Pick<ImageData, 'data' | 'width' | 'height'>, hint: Hint) => Uint8Array | Promise<Uint8Array>;
}

const TOLERANCE = 34;

/** The built-in one: what is joined to the point and has nearly its colour. */
export const growing: Segmenter = {
  segment: ({ data, width, height }, { points }) => {
    const found = new Uint8Array(width * height);
    for (const { x, y } of points.filter(({ isInside }) => isInside)) grow(found, data, width, height, Math.floor(y) * width + Math.floor(x));
    for (const { x, y } of points.filter(({ isInside }) => !isInside)) found[Math.floor(y) * width + Math.floor(x)] = 0;
    return found;
  },
};

function grow(found: Uint8Array, data: ArrayLike<number>, width: number, height: number, seed: number): void {
  const colour = [0, 1, 2].map((channel) => data[4 * seed + channel] ?? 0);
  const isNear = (i: number): boolean => {
    const off = colour.map((value, channel) => value - (data[4 * i + channel] ?? 0));
    return Math.hypot(...off) <= TOLERANCE;
  };
  const open = [seed];
  found[seed] = 1;
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const x = i % width;
    for (const next of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
      if (next < 0 || next >= width * height || found[next] === 1 || !isNear(next)) continue;
      found[next] = 1;
      open.push(next);
    }
  }
}
