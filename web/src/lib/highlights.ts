/** Stretches of a text that is drawn, shown without changing its elements. */
import { positionOf } from './dom-places';

const SUGGESTED = 'suggested';

/** Underlines stretches (UTF-16 units) of `host` with dots until it is undone; what a browser cannot show stays plain. */
export function underline(host: HTMLElement, stretches: readonly (readonly [number, number])[]): () => void {
  if (!('highlights' in CSS)) return () => undefined;
  const highlight = CSS.highlights.get(SUGGESTED) ?? new Highlight();
  CSS.highlights.set(SUGGESTED, highlight);
  const ranges = stretches.map(([from, to]) => {
    const [start, end] = [positionOf(host, from), positionOf(host, to)];
    const range = document.createRange();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    return range;
  });
  for (const range of ranges) highlight.add(range);
  return () => {
    for (const range of ranges) highlight.delete(range);
  };
}
