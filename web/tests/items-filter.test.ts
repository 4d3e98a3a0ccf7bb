import { expect, test } from 'vitest';
import { condition, conditionsOf, filterOf, wholeFilter, wholeSort } from '../src/state/item-filter';

test('conditions are parted where they end, and nowhere else', () => {
  expect(conditionsOf('')).toEqual([]);
  expect(conditionsOf('confidence between 0.2 and 0.5 and tag in (a, "b and c") AND text ~ "this and that"')).toEqual([
    'confidence between 0.2 and 0.5', 'tag in (a, "b and c")', 'text ~ "this and that"',
  ]);
});

test('a value is quoted where the language needs it', () => {
  expect(condition('consensus.mood', '=', 'good')).toBe('consensus.mood = good');
  expect(condition('field.my column', '~', 'a "b" \\')).toBe('"field.my column" ~ "a \\"b\\" \\\\"');
  expect(condition('tag', '=', 'and')).toBe('tag = "and"');
});

test('an address is one filter and one order', () => {
  const filter = filterOf(new URLSearchParams('state=open&q=free%20parcel&label=mood:go:od&where=answers%20%3E%201&sort=answers,-confidence&direction=desc'));
  expect(wholeFilter(filter)).toBe('answers > 1 and state = open and text ~ "free parcel" and consensus.mood = go:od');
  expect(wholeSort(filter)).toBe('-answers,-confidence');
  expect(filterOf(new URLSearchParams('sort=answers,size'))).toEqual({});
});
