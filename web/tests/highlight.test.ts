import { expect, test } from 'vitest';
import { grammarOf, highlighted } from '../src/lib/highlight';

test('the colours of a language reach over lines, and the text stays', async () => {
  const code = 'def f():\n    """two\n    lines"""\n    return 1 < 2  # <b>';
  const lines = await highlighted(code, 'Python');
  expect(lines.map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(code);
  expect(lines[0]?.[0]).toEqual({ text: 'def', kind: 'keyword' });
  expect(lines[2]?.[0]?.kind).toBe('string');
  expect(lines[3]?.at(-1)?.kind).toBe('comment');
});

test('an unknown language has no colours, and no name reaches what it should not', async () => {
  expect(await highlighted('a b', 'klingon')).toEqual([[{ text: 'a b', kind: null }]]);
  expect([grammarOf('constructor'), grammarOf('py'), grammarOf(null)]).toEqual([null, 'python', null]);
});
