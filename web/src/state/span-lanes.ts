/**
 * How overlapping spans are drawn: every line of the text on its own, cut where a span starts or ends, each span on a
 * lane of its own below.
 */
import type { Span } from '../api';
import type { CodePoints } from '../lib/code-points';
import { hasHidden, piecesOf } from '../lib/invisible';
import { partsOf } from './span-editor.svelte';

/** A piece of a span, on the lane that all pieces of it share. */
export interface LanedSpan extends Span {
  lane: number;
  /** The span itself. */
  span: Span;
}

/** Characters that are not seen, and what stands in for them. */
export interface Unseen {
  start: number;
  end: number;
  mark: string;
  name: string;
  /** Whether they would turn the text around them. */
  turns: boolean;
}

export interface Piece {
  start: number;
  end: number;
  /** What stands in for this piece, where it is not seen. */
  unseen: Unseen | null;
  /** The spans that cover this piece, lowest lane first. */
  spans: LanedSpan[];
}

export interface Line {
  start: number;
  end: number;
  pieces: Piece[];
  /** The chosen span, where this line has a piece of it. */
  chosen: Span | null;
}

/** Each span with the lowest lane that is free where it starts. */
export function laned(spans: readonly Span[]): LanedSpan[] {
  const freeFrom: number[] = [];
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  return sorted.flatMap((span) => {
    const free = freeFrom.findIndex((end) => end <= span.start);
    const lane = free < 0 ? freeFrom.length : free;
    freeFrom[lane] = span.end;
    return partsOf(span).map(([start, end]) => ({ start, end, label: span.label, lane, span }));
  });
}

/** What is not seen in a text. */
function unseenIn(points: CodePoints): Unseen[] {
  if (!hasHidden(points.text)) return [];
  return piecesOf(points.text).flatMap(({ text, unit, mark, name, turns }) =>
    mark === null ? [] : [{ start: points.toPoint(unit), end: points.toPoint(unit + text.length), mark, name, turns }],
  );
}

/** The text from `from` to `to` in pieces with the same spans throughout; `spans` by their start. */
function pieces(from: number, to: number, spans: readonly LanedSpan[], unseen: readonly Unseen[]): Piece[] {
  const cuts = new Set([from, to]);
  for (const { start, end } of unseen) cuts.add(start).add(end);
  for (const { start, end } of spans) cuts.add(Math.max(from, start)).add(Math.min(to, end));
  const places = [...cuts].sort((a, b) => a - b);
  const found: Piece[] = [];
  let open: LanedSpan[] = [];
  let next = 0;
  let hiddenAt = 0;
  for (let i = 0; i + 1 < places.length; i += 1) {
    const [start, end] = [places[i] ?? from, places[i + 1] ?? to];
    open = open.filter((span) => span.end >= end);
    for (let span = spans[next]; span !== undefined && span.start <= start; span = spans[next]) {
      if (span.end >= end) open.push(span);
      next += 1;
    }
    while ((unseen[hiddenAt]?.end ?? Infinity) <= start) hiddenAt += 1;
    const hidden = (unseen[hiddenAt]?.start ?? Infinity) <= start ? (unseen[hiddenAt] ?? null) : null;
    found.push({ start, end, spans: open.toSorted((a, b) => a.lane - b.lane), unseen: hidden });
  }
  return found;
}

const areSame = (a: readonly LanedSpan[], b: readonly LanedSpan[]): boolean =>
  a.length === b.length && a.every((one, i) => one.span === b[i]?.span && one.start === b[i].start && one.lane === b[i].lane);

/** The lines of a text. A mark changes only the lines that it touches: all others stay the same objects. */
export class Lines {
  readonly #plain: readonly Line[];
  /** The lines with spans as they were made last, by their place. */
  #drawn = new Map<number, { spans: readonly LanedSpan[]; line: Line }>();
  /** What is not seen, by the place of its line. */
  readonly #unseen = new Map<number, Unseen[]>();

  constructor(points: CodePoints) {
    const plain: Line[] = [];
    let unit = 0;
    let start = 0;
    do {
      const found = points.text.indexOf('\n', unit);
      unit = found < 0 ? points.text.length : found + 1;
      const end = points.toPoint(unit);
      plain.push({ start, end, pieces: [{ start, end, spans: [], unseen: null }], chosen: null });
      start = end;
    } while (unit < points.text.length);
    this.#plain = plain;
    for (const one of unseenIn(points)) {
      const at = this.#at(one.start);
      const here = this.#unseen.get(at);
      if (here === undefined) this.#unseen.set(at, [one]);
      else here.push(one);
    }
    for (const [at, unseen] of this.#unseen) {
      const line = plain[at];
      if (line !== undefined) line.pieces = pieces(line.start, line.end, [], unseen);
    }
  }

  /** The lines with these spans; a line whose spans are those of the last time is the same object again. */
  with(spans: readonly Span[], chosen: Span | null = null): Line[] {
    const touched = new Map<number, LanedSpan[]>();
    for (const span of laned(spans).sort((a, b) => a.start - b.start)) {
      for (let at = this.#at(span.start); at < this.#plain.length && (this.#plain[at]?.start ?? 0) < span.end; at += 1) {
        const here = touched.get(at);
        if (here === undefined) touched.set(at, [span]);
        else here.push(span);
      }
    }
    const before = this.#drawn;
    this.#drawn = new Map();
    return this.#plain.map((line, at) => {
      const here = touched.get(at);
      if (here === undefined) return line;
      const known = before.get(at);
      const chosenHere = here.some(({ span }) => span === chosen) ? chosen : null;
      const isKnown = known?.line.chosen === chosenHere && areSame(known.spans, here);
      const drawn = isKnown ? known.line : { ...line, pieces: pieces(line.start, line.end, here, this.#unseen.get(at) ?? []), chosen: chosenHere };
      this.#drawn.set(at, { spans: here, line: drawn });
      return drawn;
    });
  }

  /** The line that `point` is in. */
  #at(point: number): number {
    let low = 0;
    let high = this.#plain.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#plain[middle]?.start ?? 0) <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
