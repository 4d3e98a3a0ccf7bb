/** Marking stretches of a text: where the caret is, what is selected, what is marked. Places are code points. */
import type { Span } from '../api';
import { CodePoints } from '../lib/code-points';
import * as steps from '../lib/text-steps';

export type Move = 'left' | 'right' | 'wordLeft' | 'wordRight' | 'lineStart' | 'lineEnd' | 'start' | 'end';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order in which spans are stored; spans that it holds equal are the same mark, whatever their pieces and what is said about them. */
export function compareSpans(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end || compare(a.label, b.label);
}

/** The pieces of a span, in order: one, unless it is discontinuous. */
export const partsOf = (span: Span): readonly (readonly [number, number])[] => span.parts ?? [[span.start, span.end]];

/** A span of these pieces; pieces that touch or overlap become one. */
export function spanOf(parts: readonly (readonly [number, number])[], label: string): Span {
  const joined: [number, number][] = [];
  for (const [start, end] of [...parts].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  const [start, end] = [joined[0]?.[0] ?? 0, joined.at(-1)?.[1] ?? 0];
  return joined.length > 1 ? { start, end, label, parts: joined } : { start, end, label };
}

const isSame = (a: Span, b: Span): boolean => compareSpans(a, b) === 0;

export class SpanEditor {
  readonly points: CodePoints;
  anchor = $state(0);
  focus = $state(0);
  #chosen = $state.raw<Span | null>(null);
  /** The span that was chosen last, which another piece may be added to. */
  #latest: Span | null = null;
  readonly #read: () => Span[];
  readonly #write: (spans: Span[], step?: string) => void;

  constructor(text: string, read: () => Span[], write: (spans: Span[], step?: string) => void) {
    this.points = new CodePoints(text);
    this.#read = read;
    this.#write = write;
  }

  get spans(): Span[] {
    return this.#read();
  }

  /** The span that a label key or Delete speaks to. */
  get chosen(): Span | null {
    return this.#chosen;
  }

  set chosen(span: Span | null) {
    this.#chosen = span;
    if (span !== null) this.#latest = span;
  }

  get start(): number {
    return Math.min(this.anchor, this.focus);
  }

  get end(): number {
    return Math.max(this.anchor, this.focus);
  }

  get hasSelection(): boolean {
    return this.anchor !== this.focus;
  }

  /** What the screen selected, by mouse or touch. */
  select(anchor: number, focus: number): void {
    this.anchor = this.#inside(anchor);
    this.focus = this.#inside(focus);
    if (this.hasSelection) this.chosen = null;
  }

  /** Puts the caret at `point`; with `extend` the selection grows to it. */
  goTo(point: number, extend: boolean): void {
    this.focus = this.#inside(point);
    if (!extend) this.anchor = this.focus;
    this.chosen = null;
  }

  move(move: Move, extend: boolean): void {
    if (!extend && this.hasSelection && (move === 'left' || move === 'right')) {
      const isForward = (move === 'right') !== steps.isRightToLeft(this.points, this.focus);
      this.goTo(isForward ? this.end : this.start, false);
      return;
    }
    this.goTo(this.#target(move), extend);
  }

  /** Marks what is selected with `label`; the same mark again is taken away; a chosen span changes its label. */
  mark(label: string): Span | null {
    if (this.chosen !== null && !this.hasSelection) return this.#relabel(this.chosen, label);
    if (!this.hasSelection) return null;
    const [start, end] = steps.trimmed(this.points, this.start, this.end);
    const span: Span = { start, end, label };
    const others = this.spans.filter((other) => !isSame(other, span));
    const isNew = others.length === this.spans.length;
    this.#write(isNew ? [...others, span].sort(compareSpans) : others);
    this.goTo(end, false);
    this.chosen = isNew ? span : null;
    return span;
  }

  remove(span: Span): void {
    this.#write(this.spans.filter((other) => !isSame(other, span)));
    if (this.chosen !== null && isSame(this.chosen, span)) this.chosen = null;
  }

  /** Takes away the chosen span, or the shortest one around the caret. */
  removeHere(): boolean {
    const span = this.chosen ?? this.at(this.focus);
    if (span === null) return false;
    this.remove(span);
    return true;
  }

  /** Adds what is selected to the span that was chosen last as another piece of it, or takes that piece away. */
  extend(): Span | null {
    const span = this.spans.find((other) => this.#latest !== null && isSame(other, this.#latest));
    if (span === undefined || !this.hasSelection) return null;
    const [start, end] = steps.trimmed(this.points, this.start, this.end);
    const parts = partsOf(span);
    const others = parts.filter(([from, to]) => from !== start || to !== end);
    const changed = spanOf(others.length < parts.length && others.length > 0 ? others : [...parts, [start, end]], span.label);
    this.goTo(end, false);
    return this.change(span, span.attributes === undefined ? changed : { ...changed, attributes: span.attributes });
  }

  /** Puts `changed` in the place of a span; the same mark elsewhere is taken away. */
  change(span: Span, changed: Span, step?: string): Span {
    const others = this.spans.filter((other) => !isSame(other, span) && !isSame(other, changed));
    this.#write([...others, changed].sort(compareSpans), step);
    this.chosen = changed;
    return changed;
  }

  /** The shortest span around `point`. */
  at(point: number): Span | null {
    let found: Span | null = null;
    for (const span of this.spans) {
      if (span.start > point || point >= span.end) continue;
      if (found === null || span.end - span.start < found.end - found.start) found = span;
    }
    return found;
  }

  choose(span: Span): void {
    this.anchor = span.start;
    this.focus = span.start;
    this.chosen = span;
  }

  /** Chooses the span after (1) or before (-1) the chosen one, round the end. */
  step(direction: 1 | -1): void {
    const { spans } = this;
    if (spans.length === 0) return;
    const { chosen } = this;
    const here = chosen === null ? -1 : spans.findIndex((span) => isSame(span, chosen));
    const from = here < 0 && direction < 0 ? 0 : here;
    const next = spans[(from + direction + spans.length) % spans.length];
    if (next !== undefined) this.choose(next);
  }

  #relabel(span: Span, label: string): Span | null {
    const changed = { ...span, label };
    return isSame(span, changed) ? null : this.change(span, changed);
  }

  #target(move: Move): number {
    const { points, focus } = this;
    switch (move) {
      case 'left':
      case 'right':
        return (move === 'right') !== steps.isRightToLeft(points, focus)
          ? steps.nextCharacter(points, focus)
          : steps.previousCharacter(points, focus);
      case 'wordLeft':
      case 'wordRight':
        return (move === 'wordRight') !== steps.isRightToLeft(points, focus)
          ? steps.nextWord(points, focus)
          : steps.previousWord(points, focus);
      case 'lineStart':
        return steps.lineStart(points, focus);
      case 'lineEnd':
        return steps.lineEnd(points, focus);
      case 'start':
        return 0;
      case 'end':
        return points.length;
    }
  }

  #inside(point: number): number {
    return Math.max(0, Math.min(point, this.points.length));
  }
}
