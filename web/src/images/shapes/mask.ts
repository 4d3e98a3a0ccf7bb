/** Masks: the pixels of a thing, as run lengths down the columns. */
import type { Answers } from '../../api';
import type { Bounds, Size } from '../geometry';
import { countsOf, hasPixel, runBounds, runsOf, type Runs } from '../runs';
import type { Shape } from './shape';

export interface Mask {
  /** [height, width] of the image. */
  size: readonly [number, number];
  counts: readonly number[];
  label: string;
  attributes?: Answers;
}

const MOST_DRAWN = 2_000_000;

interface Read {
  runs: Runs;
  bounds: Bounds;
  /** The mask in one colour, smaller where it is large. */
  drawn: Map<string, HTMLCanvasElement>;
}

/** What is worked out of a mask, kept as long as the mask is. */
const read = new WeakMap<readonly number[], Read>();

export function readMask(mask: Pick<Mask, 'counts' | 'size'>): Read {
  const found = read.get(mask.counts) ?? { runs: runsOf(mask.counts), bounds: [0, 0, 0, 0], drawn: new Map() };
  if (!read.has(mask.counts)) {
    found.bounds = runBounds(found.runs, mask.size[0]);
    read.set(mask.counts, found);
  }
  return found;
}

export const maskOf = (runs: Runs, { width, height }: Size): Pick<Mask, 'size' | 'counts'> => ({ size: [height, width], counts: countsOf(runs, width * height) });

/** The mask in a colour, drawn once. */
function drawnIn(mask: Mask, colour: string): HTMLCanvasElement | null {
  const { runs, bounds, drawn } = readMask(mask);
  const known = drawn.get(colour);
  if (known !== undefined) return known;
  const [left, top, right, bottom] = bounds;
  const scale = Math.min(1, Math.sqrt(MOST_DRAWN / ((right - left) * (bottom - top))));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(1, Math.round((right - left) * scale)), Math.max(1, Math.round((bottom - top) * scale))];
  const brush = canvas.getContext('2d');
  if (brush === null) return null;
  brush.scale(canvas.width / (right - left), canvas.height / (bottom - top));
  brush.fillStyle = colour;
  const [height] = mask.size;
  for (let i = 0; i < runs.length; i += 2) {
    const [start, end] = [runs[i] ?? 0, runs[i + 1] ?? 0];
    for (let at = start; at < end; ) {
      const x = Math.floor(at / height);
      const last = Math.min(end, (x + 1) * height);
      brush.fillRect(x - left, at - x * height - top, 1, last - at);
      at = last;
    }
  }
  drawn.set(colour, canvas);
  return canvas;
}

export const maskShape: Shape<Mask> = {
  bounds: (mask) => readMask(mask).bounds,
  hits: (mask, [x, y]) => {
    const [height, width] = mask.size;
    if (x < 0 || y < 0 || x >= width || y >= height) return false;
    return hasPixel(readMask(mask).runs, Math.floor(x) * height + Math.floor(y));
  },
  paint: (brush, mask, colour, pixel, isChosen) => {
    const [left, top, right, bottom] = readMask(mask).bounds;
    const canvas = drawnIn(mask, colour);
    if (canvas === null || right <= left) return;
    brush.save();
    brush.imageSmoothingEnabled = false;
    brush.globalAlpha = isChosen ? 0.65 : 0.4;
    brush.drawImage(canvas, left, top, right - left, bottom - top);
    brush.globalAlpha = 1;
    if (isChosen) {
      brush.strokeStyle = colour;
      brush.lineWidth = pixel;
      brush.setLineDash([4 * pixel, 4 * pixel]);
      brush.strokeRect(left, top, right - left, bottom - top);
    }
    brush.restore();
  },
  anchor: (mask) => {
    const [left, top] = readMask(mask).bounds;
    return [left, top];
  },
};
