import { describe, expect, test } from 'vitest';
import { folded, lineChanges, sideOf, wordChanges, wordsOf } from '../src/lib/differences';
import { blocksOf } from '../src/lib/text-blocks';

const text = (parts: readonly { text: string }[]): string => parts.map((part) => part.text).join('');

describe('changes by word', () => {
  test('name what is gone and what is new between what stays', () => {
    expect(wordChanges('the quick fox', 'the slow fox')).toEqual([
      { kind: 'same', text: 'the ' },
      { kind: 'gone', text: 'quick' },
      { kind: 'new', text: 'slow' },
      { kind: 'same', text: ' fox' },
    ]);
  });

  test('go by the letter where words have no spaces', () => {
    expect(wordsOf('abc東京 go')).toEqual(['abc', '東', '京', ' ', 'go']);
    expect(wordChanges('東京都', '東北都').filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'gone', text: '京' },
      { kind: 'new', text: '北' },
    ]);
  });

  test.each([
    ['', ''],
    ['', 'a'],
    ['a b\nc', ''],
    ['one\ntwo\nthree', 'zero\none\nthree\nfour'],
    ['a b c d e f', 'f e d c b a'],
    ['same', 'same'],
  ])('of %j and %j give both texts back', (before, after) => {
    const parts = wordChanges(before, after);
    expect(text(sideOf(parts, 'before'))).toBe(before);
    expect(text(sideOf(parts, 'after'))).toBe(after);
  });

  test('of random texts give both back', () => {
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    for (let round = 0; round < 200; round += 1) {
      const draw = (): string => Array.from({ length: random(12) }, () => 'abc'[random(3)]).join(' ');
      const [before, after] = [draw(), draw()];
      const parts = wordChanges(before, after);
      expect([text(sideOf(parts, 'before')), text(sideOf(parts, 'after'))]).toEqual([before, after]);
    }
  });

  test('of long texts that share nothing come quickly', () => {
    const long = (letter: string): string => Array.from({ length: 50_000 }, (_one, i) => `${letter}${String(i)}`).join(' ');
    const start = performance.now();
    const parts = wordChanges(long('a'), long('b'));
    expect(performance.now() - start).toBeLessThan(5000);
    expect(text(sideOf(parts, 'after'))).toBe(long('b'));
  });
});

test('changes by line pair the lines that took each other’s place', () => {
  const rows = lineChanges('a\nb one\nc', 'a\nb two\nc\nd');
  expect(rows.map(({ before, after, isSame }) => [before?.number, after?.number, isSame])).toEqual([[1, 1, true], [2, 2, false], [3, 3, true], [undefined, 4, false]]);
  expect(rows[1]?.after?.parts.at(-1)).toEqual({ kind: 'new', text: 'two' });
});

test('long stretches without a change are folded, those near one are not', () => {
  const before = Array.from({ length: 40 }, (_one, i) => `line ${String(i)}`).join('\n');
  const rows = lineChanges(before, before.replace('line 20', 'line twenty'));
  expect(folded(rows, 3).map(({ rows: inside, isFolded }) => [inside.length, isFolded])).toEqual([[17, true], [7, false], [16, true]]);
  expect(folded(rows, Number.POSITIVE_INFINITY)).toHaveLength(1);
});

describe('blocks of a long text', () => {
  test('joined are the text, end at line breaks, and cut no character', () => {
    const lines = 'short line\n'.repeat(1000);
    expect(blocksOf(lines).join('')).toBe(lines);
    expect(blocksOf(lines).every((block) => block.endsWith('\n'))).toBe(true);
    const faces = `x${'😀'.repeat(10_000)}`;
    expect(blocksOf(faces).join('')).toBe(faces);
    expect(blocksOf(faces).every((block) => !/^[\udc00-\udfff]/.test(block))).toBe(true);
  });

  test('of a line of a megabyte are short', () => {
    const line = 'word '.repeat(200_000);
    expect(Math.max(...blocksOf(line).map(({ length }) => length))).toBeLessThanOrEqual(4000);
    expect(blocksOf('')).toEqual([]);
  });
});
