/** Where stretches of a sound are made and changed: rules without a screen. */

export interface Stretch {
  start_ms: number;
  end_ms: number;
}

/** No stretch is shorter than this. */
export const SHORTEST_MS = 10;

/** A stretch between two times in any order, inside the sound, or null where it would be too short to be meant. */
export function stretchOf(a: number, b: number, durationMs: number): Stretch | null {
  const start = Math.max(0, Math.round(Math.min(a, b)));
  const end = Math.min(durationMs, Math.round(Math.max(a, b)));
  return end - start < SHORTEST_MS ? null : { start_ms: start, end_ms: end };
}

/** A stretch with one of its ends moved; it never turns over and never leaves the sound. */
export function moved<S extends Stretch>(stretch: S, end: 'start' | 'end', ms: number, durationMs: number): S {
  const to = Math.round(ms);
  if (end === 'start') return { ...stretch, start_ms: Math.max(0, Math.min(to, stretch.end_ms - SHORTEST_MS)) };
  return { ...stretch, end_ms: Math.min(durationMs, Math.max(to, stretch.start_ms + SHORTEST_MS)) };
}

/** The time of an end or of the playhead that `ms` is nearest to, where one is within `reach`. */
export function snapped(ms: number, others: readonly number[], reach: number): number {
  let best = ms;
  let least = reach;
  for (const other of others) {
    if (Math.abs(other - ms) <= least) [best, least] = [other, Math.abs(other - ms)];
  }
  return best;
}
