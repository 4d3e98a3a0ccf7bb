/** How a piece of marked text looks: a line in the label's colour under it for every span, and a wash behind it. */
import { colourOf } from './option-keys';
import type { Piece } from './span-lanes';

export interface Paint {
  image: string;
  size: string;
  position: string;
  /** How much room the lines take below the text. */
  below: string;
}

/** From one line to the next. */
const LANE_REM = 0.25;
const LINE_REM = 0.15;

/** The backgrounds of a piece with at least one span. */
export function paintOf(piece: Piece, labels: readonly string[]): Paint {
  const lowest = Math.max(...piece.spans.map(({ lane }) => lane));
  const colours = piece.spans.map(({ label }) => `var(--label-${String(colourOf(Math.max(0, labels.indexOf(label))))})`);
  const wash = `color-mix(in srgb, ${colours[0] ?? 'transparent'} var(--wash-strength), transparent)`;
  const places = piece.spans.map(({ lane }) => `0 calc(100% - ${String((lowest - lane) * LANE_REM)}rem)`);
  return {
    image: [...colours, wash].map((colour) => `linear-gradient(${colour}, ${colour})`).join(', '),
    size: [...colours.map(() => `100% ${String(LINE_REM)}rem`), '100% 100%'].join(', '),
    position: [...places, '0 0'].join(', '),
    below: `${String((lowest + 1) * LANE_REM)}rem`,
  };
}

/** The keys of the labels whose spans start with this piece. */
export function keysAt(piece: Piece, labels: readonly string[], keys: readonly (string | null)[]): string {
  return piece.spans
    .filter(({ start }) => start === piece.start)
    .map(({ label }) => keys[labels.indexOf(label)] ?? '•')
    .join(' ');
}
