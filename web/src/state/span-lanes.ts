/** How overlapping spans are drawn: the text cut where a span starts or ends, each span on a lane of its own. */
import type { Span } from '../api';

export interface LanedSpan extends Span {
  lane: number;
}

export interface Piece {
  start: number;
  end: number;
  /** The spans that cover this piece, lowest lane first. */
  spans: LanedSpan[];
}

/** Each span with the lowest lane that is free where it starts. */
export function laned(spans: readonly Span[]): LanedSpan[] {
  const freeFrom: number[] = [];
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  return sorted.map((span) => {
    const free = freeFrom.findIndex((end) => end <= span.start);
    const lane = free < 0 ? freeFrom.length : free;
    freeFrom[lane] = span.end;
    return { ...span, lane };
  });
}

/** The text from 0 to `length` in pieces with the same spans throughout. */
export function pieces(length: number, spans: readonly Span[]): Piece[] {
  const placed = laned(spans);
  const cuts = new Set([0, length]);
  for (const { start, end } of placed) cuts.add(start).add(end);
  const places = [...cuts].filter((place) => place >= 0 && place <= length).sort((a, b) => a - b);
  const found: Piece[] = [];
  let open: LanedSpan[] = [];
  let next = 0;
  for (let i = 0; i + 1 < places.length; i += 1) {
    const start = places[i] ?? 0;
    const end = places[i + 1] ?? length;
    open = open.filter((span) => span.end > start);
    for (let span = placed[next]; span !== undefined && span.start <= start; span = placed[next]) {
      if (span.end > start) open.push(span);
      next += 1;
    }
    found.push({ start, end, spans: [...open].sort((a, b) => a.lane - b.lane) });
  }
  return found;
}
