import { expect, test } from 'vitest';
import { newId } from '../src/lib/ids';

test('identifiers are UUIDs of version 7', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('they increase, also thousands inside one millisecond and when the clock goes back', () => {
  const ids = Array.from({ length: 10_000 }, (_none, i) => newId(i < 5_000 ? 9e12 : 8e12));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
