/** Places in a text that is drawn as lines, each a row of elements with one text node: DOM positions to UTF-16 units and back. */

/** The UTF-16 unit of the position (`node`, `offset`) inside `host`, or null when it lies outside. */
export function unitAt(host: HTMLElement, node: Node | null, offset: number): number | null {
  if (node === null || !host.contains(node)) return null;
  const unit = node.nodeType === Node.TEXT_NODE ? (node.parentElement?.dataset['unit'] ?? null) : null;
  if (unit !== null) return Number(unit) + offset;
  const range = document.createRange();
  range.setStart(host, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** The child of `parent` that the UTF-16 unit lies in. */
function childAt(parent: Element, unit: number): HTMLElement | undefined {
  const { children } = parent;
  let low = 0;
  let high = children.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number((children[middle] as HTMLElement).dataset['unit']) <= unit) low = middle;
    else high = middle - 1;
  }
  return children[low] as HTMLElement | undefined;
}

/** The DOM position of a UTF-16 unit. */
export function positionOf(host: HTMLElement, unit: number): { node: Node; offset: number } {
  const line = childAt(host, unit);
  const piece = line === undefined ? undefined : childAt(line, unit);
  const node = piece?.firstChild;
  if (piece === undefined || node === null || node === undefined) return { node: host, offset: 0 };
  const offset = unit - Number(piece.dataset['unit']);
  return { node, offset: Math.max(0, Math.min(offset, node.textContent?.length ?? 0)) };
}

/** Where a caret before `unit` stands on the screen. */
export function caretBox(host: HTMLElement, unit: number): DOMRect | null {
  const { node, offset } = positionOf(host, unit);
  const range = document.createRange();
  range.setStart(node, offset);
  range.collapse(true);
  const box = range.getClientRects()[0];
  if (box !== undefined) return box;
  // An empty line has no box of its own: the line break on it has.
  if (offset >= (node.textContent?.length ?? 0)) return null;
  range.setEnd(node, offset + 1);
  return range.getClientRects()[0] ?? null;
}

interface OlderDocument {
  caretRangeFromPoint?: (x: number, y: number) => Range | null;
}

/** The UTF-16 unit nearest to a point of the screen, or null when there is no text of `host`. */
export function unitAtPoint(host: HTMLElement, x: number, y: number): number | null {
  if ('caretPositionFromPoint' in document) {
    const position = document.caretPositionFromPoint(x, y);
    return position === null ? null : unitAt(host, position.offsetNode, position.offset);
  }
  const range = (document as OlderDocument).caretRangeFromPoint?.(x, y);
  return range === null || range === undefined ? null : unitAt(host, range.startContainer, range.startOffset);
}
