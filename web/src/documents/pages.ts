/** The pages of a document: their text and where each of its code points stands. Lengths are points. */
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { api } from '../api';
import { CodePoints } from '../lib/code-points';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PageText {
  points: CodePoints;
  /** For each code point. */
  boxes: readonly Box[];
}

export const NO_TEXT: PageText = { points: new CodePoints(''), boxes: [] };

export async function loadPageText(vault: string, blob: string, page: number): Promise<PageText> {
  const { text, boxes } = await api.pageText(vault, blob, page);
  return { points: new CodePoints(text), boxes: boxes.map(([x, y, width, height]) => ({ x, y, width, height })) };
}

const HASH_LENGTH = 16;

/** The start of the SHA-256 of a stretch, so that nobody counts in another text. */
export function hashOf({ points }: PageText, start: number, end: number): string {
  return bytesToHex(sha256(utf8ToBytes(points.slice(start, end)))).slice(0, HASH_LENGTH);
}

const isSeen = ({ width, height }: Box): boolean => width > 0 && height > 0;

/** Whether two boxes stand on one line. */
function isBeside(a: Box, b: Box): boolean {
  const shared = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return shared > Math.min(a.height, b.height) / 2;
}

function around(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** One box for each line of a stretch. */
export function linesOf({ boxes }: PageText, start: number, end: number): Box[] {
  const lines: Box[] = [];
  for (const box of boxes.slice(start, end).filter(isSeen)) {
    const last = lines.at(-1);
    if (last !== undefined && isBeside(last, box)) lines[lines.length - 1] = around(last, box);
    else lines.push(box);
  }
  return lines;
}

/** The place between code points that is nearest to a spot on the page. */
export function pointAt({ boxes }: PageText, x: number, y: number): number {
  let found = 0;
  let least = Infinity;
  for (const [i, box] of boxes.entries()) {
    if (!isSeen(box)) continue;
    const [dx, dy] = [Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height)];
    const distance = dx + 4 * dy;
    if (distance < least) {
      least = distance;
      found = x > box.x + box.width / 2 ? i + 1 : i;
    }
  }
  return found;
}

/** Where the caret stands: before the code point at `point`, or after the last one that can be seen before it. */
export function caretOf({ boxes }: PageText, point: number): Box | null {
  const here = boxes[point];
  if (here !== undefined && isSeen(here)) return { ...here, width: 0 };
  for (let i = Math.min(point, boxes.length) - 1; i >= 0; i -= 1) {
    const box = boxes[i];
    if (box !== undefined && isSeen(box)) return { ...box, x: box.x + box.width, width: 0 };
  }
  return null;
}

/** The place on the line below (1) or above (-1), as near below the caret as can be. */
export function lineStep(page: PageText, point: number, direction: 1 | -1): number {
  const caret = caretOf(page, point);
  if (caret === null) return point;
  const others = page.boxes.filter((box) => isSeen(box) && !isBeside(box, caret) && (direction > 0 ? box.y > caret.y : box.y < caret.y));
  const nearest = others.toSorted((a, b) => Math.abs(a.y - caret.y) - Math.abs(b.y - caret.y))[0];
  return nearest === undefined ? (direction > 0 ? page.points.length : 0) : pointAt(page, caret.x, nearest.y + nearest.height / 2);
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** A box between two spots, on the page, with two decimals; null where it would be too small to be meant. */
export function boxBetween(a: { x: number; y: number }, b: { x: number; y: number }, page: { width: number; height: number }): Box | null {
  const clip = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const [left, right] = [clip(Math.min(a.x, b.x), page.width), clip(Math.max(a.x, b.x), page.width)];
  const [top, bottom] = [clip(Math.min(a.y, b.y), page.height), clip(Math.max(a.y, b.y), page.height)];
  const box = { x: round(left), y: round(top), width: round(right - left), height: round(bottom - top) };
  return box.width < 1 || box.height < 1 ? null : box;
}

/** A box moved by `dx`, `dy` and grown by `dw`, `dh`, kept on its page. */
export function nudged(box: Box, by: { dx: number; dy: number; dw: number; dh: number }, page: { width: number; height: number }): Box {
  const width = Math.max(1, Math.min(page.width, box.width + by.dw));
  const height = Math.max(1, Math.min(page.height, box.height + by.dh));
  const x = Math.max(0, Math.min(page.width - width, box.x + by.dx));
  const y = Math.max(0, Math.min(page.height - height, box.y + by.dy));
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}
