/** Where a caret goes in a text: by what a reader sees as one character, by word, by line. Places are code points. */
import type { CodePoints } from './code-points';

const REACH = 256;
const RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const STRONG = /\p{L}/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A stretch around `unit` that starts and ends at a white space or far away, so that no cluster is cut near `unit`. */
function around(text: string, unit: number): { from: number; part: string } {
  const far = Math.max(0, unit - REACH);
  const space = far === 0 ? 0 : text.slice(far, unit).search(/\s/) + far;
  const from = Math.max(far, space);
  return { from, part: text.slice(from, unit + REACH) };
}

function starts(segmenter: Intl.Segmenter, text: string, unit: number, wordsOnly: boolean): [number, number][] {
  const { from, part } = around(text, unit);
  const found: [number, number][] = [];
  for (const segment of segmenter.segment(part)) {
    if (wordsOnly && segment.isWordLike !== true) continue;
    found.push([from + segment.index, from + segment.index + segment.segment.length]);
  }
  return found;
}

/** The place one visible character after `point`. */
export function nextCharacter(points: CodePoints, point: number): number {
  const unit = points.toUnit(point);
  const segment = starts(graphemes, points.text, unit, false).find(([, end]) => end > unit);
  return segment === undefined ? points.length : points.toPoint(segment[1]);
}

/** The place one visible character before `point`. */
export function previousCharacter(points: CodePoints, point: number): number {
  const unit = points.toUnit(point);
  const segment = starts(graphemes, points.text, unit, false).findLast(([start]) => start < unit);
  return segment === undefined ? 0 : points.toPoint(segment[0]);
}

/** The end of the word that ends next after `point`. */
export function nextWord(points: CodePoints, point: number): number {
  let unit = points.toUnit(point);
  while (unit < points.text.length) {
    const here = unit;
    const word = starts(words, points.text, unit, true).find(([, end]) => end > here);
    if (word !== undefined) return points.toPoint(word[1]);
    unit += REACH;
  }
  return points.length;
}

/** The start of the word that starts last before `point`. */
export function previousWord(points: CodePoints, point: number): number {
  let unit = points.toUnit(point);
  while (unit > 0) {
    const here = unit;
    const word = starts(words, points.text, unit, true).findLast(([start]) => start < here);
    if (word !== undefined) return points.toPoint(word[0]);
    unit -= REACH;
  }
  return 0;
}

/** The start of the line of the text (not of the screen) that `point` is in. */
export function lineStart(points: CodePoints, point: number): number {
  const unit = points.toUnit(point);
  return unit === 0 ? 0 : points.toPoint(points.text.lastIndexOf('\n', unit - 1) + 1);
}

/** The end of the line of the text that `point` is in, before its line break. */
export function lineEnd(points: CodePoints, point: number): number {
  const unit = points.toUnit(point);
  const found = points.text.indexOf('\n', unit);
  if (found < 0) return points.length;
  return points.toPoint(found > unit && points.text[found - 1] === '\r' ? found - 1 : found);
}

/** Whether the line that `point` is in reads from right to left, by its first strong letter. */
export function isRightToLeft(points: CodePoints, point: number): boolean {
  const line = points.slice(lineStart(points, point), lineEnd(points, point));
  const letter = STRONG.exec(line)?.[0];
  return letter !== undefined && RTL.test(letter);
}

/** `start` and `end` without the white space at both ends; unchanged when there is nothing else. */
export function trimmed(points: CodePoints, start: number, end: number): [number, number] {
  const part = points.slice(start, end);
  const inner = part.trim();
  if (inner === '') return [start, end];
  const from = points.toUnit(start) + part.indexOf(inner);
  return [points.toPoint(from), points.toPoint(from + inner.length)];
}
