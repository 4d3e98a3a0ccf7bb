import { describe, expect, test } from 'vitest';
import { CodePoints } from '../src/lib/code-points';
import * as steps from '../src/lib/text-steps';

const FAMILY = '👨‍👩‍👧';
const TEXTS = [
  '',
  'plain',
  'Zoë 🙂 done',
  `a${FAMILY}b`,
  'e\u0301te\u0301',
  'first\r\nsecond\r\n',
  'محمد علي',
  'lone \ud83d surrogate',
  '𝒳𝒴𝒵',
];

describe.each(TEXTS)('in %j', (text) => {
  const points = new CodePoints(text);

  test('places are counted as Python counts them', () => {
    expect(points.length).toBe(Array.from(text).length);
  });

  test('every place goes to units and back', () => {
    for (let point = 0; point <= points.length; point += 1) expect(points.toPoint(points.toUnit(point))).toBe(point);
  });

  test('a slice is the same text that the code points give', () => {
    const all = Array.from(text);
    for (let start = 0; start <= all.length; start += 1) {
      for (let end = start; end <= all.length; end += 1) {
        expect(points.slice(start, end)).toBe(all.slice(start, end).join(''));
      }
    }
  });

  test('stepping forward reaches the end, and back again the start, by the same places', () => {
    const forward = [0];
    while (forward.at(-1)! < points.length) forward.push(steps.nextCharacter(points, forward.at(-1)!));
    const back = [points.length];
    while (back.at(-1)! > 0) back.push(steps.previousCharacter(points, back.at(-1)!));
    expect(back.toReversed()).toEqual(forward);
  });
});

test('a unit inside a surrogate pair belongs to its code point', () => {
  const points = new CodePoints('a🙂b');
  expect([0, 1, 2, 3, 4].map((unit) => points.toPoint(unit))).toEqual([0, 1, 1, 2, 3]);
});

test('places outside the text are moved to its ends', () => {
  const points = new CodePoints('a🙂b');
  expect([points.toUnit(-5), points.toUnit(99), points.toPoint(-5), points.toPoint(99)]).toEqual([0, 4, 0, 3]);
});

test('one step goes over what a reader sees as one character', () => {
  const family = new CodePoints(`a${FAMILY}b`);
  expect(steps.nextCharacter(family, 1)).toBe(6);
  expect(steps.previousCharacter(family, 6)).toBe(1);
  expect(steps.nextCharacter(new CodePoints('e\u0301t'), 0)).toBe(2);
  expect(steps.nextCharacter(new CodePoints('a\r\nb'), 1)).toBe(3);
});

test('words are found across spaces, punctuation and scripts', () => {
  const points = new CodePoints('Ada 🙂 moved, to Paris.');
  const ends = [0];
  while (ends.at(-1)! < points.length) ends.push(steps.nextWord(points, ends.at(-1)!));
  expect(ends).toEqual([0, 3, 11, 15, 21, 22]);
  expect(steps.previousWord(points, points.length)).toBe(16);
  expect(steps.previousWord(points, 4)).toBe(0);
});

test('a word is found behind thousands of characters that are none', () => {
  const points = new CodePoints(`${' '.repeat(3000)}word${'.'.repeat(3000)}`);
  expect(steps.nextWord(points, 0)).toBe(3004);
  expect(steps.previousWord(points, points.length)).toBe(3000);
});

test('a line ends before its line break, whichever it is', () => {
  const points = new CodePoints('one\r\ntwo\nthree');
  expect([0, 2, 3].map((point) => steps.lineEnd(points, point))).toEqual([3, 3, 3]);
  expect([5, 8].map((point) => steps.lineStart(points, point))).toEqual([5, 5]);
  expect(steps.lineEnd(points, 5)).toBe(8);
  expect([steps.lineStart(points, 11), steps.lineEnd(points, 11)]).toEqual([9, 14]);
});

test('a line reads from right to left by its first letter', () => {
  const points = new CodePoints('123 محمد\nabc محمد\n456');
  expect([0, 10, points.length].map((point) => steps.isRightToLeft(points, point))).toEqual([true, false, false]);
});

test('white space at the ends is left out, unless there is nothing else', () => {
  const points = new CodePoints(' 🙂 ada \n');
  expect(steps.trimmed(points, 0, points.length)).toEqual([1, 6]);
  expect(steps.trimmed(points, 6, points.length)).toEqual([6, points.length]);
});
