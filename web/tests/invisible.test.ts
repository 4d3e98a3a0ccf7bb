// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { hasHidden, piecesOf } from '../src/lib/invisible';
import { markHidden } from '../src/lib/invisible-dom';

const marksOf = (text: string): (string | null)[] => piecesOf(text).map(({ mark }) => mark);

test('what cannot be seen stands apart and bears its name', () => {
  expect(piecesOf('a\u202eb')).toEqual([
    { text: 'a', unit: 0, mark: null, name: '', turns: false },
    { text: '\u202e', unit: 1, mark: 'RLO', name: 'right-to-left override', turns: true },
    { text: 'b', unit: 2, mark: null, name: '', turns: false },
  ]);
});

test.each([
  ['user\u200b\u200b\u200bname', 'ZWSP ×3'],
  ['\ufeffid', 'BOM'],
  ['a\u2066b', 'LRI'],
  ['bell\u0007', 'U+0007'],
  ['x\u{e0041}\u{e0042}', 'TAG ×2'],
  ['a\u200db', 'ZWJ'],
  ['a\u3164b', 'HF'],
  ['😀\u{e0101}\u{e0102}', 'VS ×2'],
])('%j shows %s', (text, mark) => {
  expect(marksOf(text)).toContain(mark);
});

test.each(['👩‍👩‍👧', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم', 'क्‍ष', '葛󠄀', 'tab\tand\r\nlines', '1️⃣', 'ᠠ᠋'])('%s is writing, with nothing hidden', (text) => {
  expect(marksOf(text)).toEqual([null]);
});

test('the pieces joined are the text, and each starts where it says', () => {
  const text = '\u202ea👩‍👩‍👧\u200b\u200c\ufeffb\u{e0041}\u2069';
  const pieces = piecesOf(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  for (const { text: part, unit } of pieces) expect(text.slice(unit, unit + part.length)).toBe(part);
  expect([hasHidden(text), hasHidden('plain')]).toEqual([true, false]);
});

test('in elements, hidden characters get an element each and the text stays', () => {
  const root = document.createElement('p');
  root.append('a\u202eb', document.createElement('b'));
  root.querySelector('b')?.append('\u200b');
  markHidden(root);
  expect([...root.querySelectorAll('.unseen')].map((element) => [element.getAttribute('data-mark'), element.classList.contains('turns')])).toEqual([['RLO', true], ['ZWSP', false]]);
  expect(root.textContent).toBe('a\u202eb\u200b');
});
