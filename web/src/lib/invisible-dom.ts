/** Shows what cannot be seen in texts that are elements already. */
import { hasHidden, piecesOf, type Piece } from './invisible';

function elementOf({ text, mark, name, turns }: Piece): Node {
  if (mark === null) return document.createTextNode(text);
  const element = document.createElement('span');
  element.className = turns ? 'unseen turns' : 'unseen';
  element.dataset['mark'] = mark;
  element.title = name;
  element.append(text);
  return element;
}

/** Puts every hidden character inside `root` into an element that bears its name. */
export function markHidden(root: Node): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode() !== null) {
    const text = walker.currentNode as Text;
    if (hasHidden(text.data)) found.push(text);
  }
  for (const text of found) text.replaceWith(...piecesOf(text.data).map(elementOf));
}
