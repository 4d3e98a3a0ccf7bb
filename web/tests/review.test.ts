/** Suspects looked at one after the other. */
import { expect, test } from 'vitest';
import type { Suspect } from '../src/api';
import { Review } from '../src/state/review.svelte';

const suspect = (id: string): Suspect => ({
  item_id: id, external_id: id, title: id, reason: 'contested', label: 'a', probability: 0.5, suggested: 'b', suggested_probability: 0.4, said: [],
});

function reviewOf(ids: string[], fails: (what: string) => boolean = () => false): { review: Review; sent: string[] } {
  const sent: string[] = [];
  const send = (what: string): Promise<unknown> => {
    sent.push(what);
    return fails(what) ? Promise.reject(new Error('down')) : Promise.resolve();
  };
  const review = new Review({
    store: (one, value, note) => send(`store ${one.item_id} ${value}${note === '' ? '' : ` (${note})`}`),
    restore: (one) => send(`restore ${one.item_id}`),
  });
  review.take(ids.map(suspect));
  return { review, sent };
}

const left = (review: Review) => review.suspects.map(({ item_id }) => item_id);

test('a decision leads to the next suspect at once, before the server has answered', async () => {
  const { review, sent } = reviewOf(['1', '2', '3']);
  review.move(1);
  const stored = review.decide('b', 'seen');
  expect([left(review), review.current?.item_id, review.nWaiting]).toEqual([['1', '3'], '3', 1]);
  await stored;
  expect([sent, review.nWaiting]).toEqual([['store 2 b (seen)'], 0]);
});

test('the last suspect leads to the one before it, and then to none', async () => {
  const { review } = reviewOf(['1', '2']);
  review.move(1);
  await review.decide('a');
  expect(review.current?.item_id).toBe('1');
  await review.decide('a');
  expect(review.current).toBeNull();
  await review.decide('a');
  expect(review.decided.length).toBe(2);
});

test('undo brings a suspect back to its place, and takes back what the server has', async () => {
  const { review, sent } = reviewOf(['1', '2', '3']);
  await review.decide('b');
  await review.decide('b');
  await review.undo();
  expect([left(review), review.current?.item_id]).toEqual([['2', '3'], '2']);
  await review.undo();
  expect(left(review)).toEqual(['1', '2', '3']);
  expect(sent).toEqual(['store 1 b', 'store 2 b', 'restore 2', 'restore 1']);
  expect(await review.undo()).toBeNull();
});

test('what could not be stored comes back with the reason, and is not taken back from a server that never had it', async () => {
  const { review, sent } = reviewOf(['1', '2'], (what) => what.startsWith('store 1'));
  await review.decide('b');
  expect([left(review), review.current?.item_id, review.decided]).toEqual([['1', '2'], '1', []]);
  expect(review.error).toBeInstanceOf(Error);
  const stored = review.decide('b');
  await review.undo();
  await stored;
  expect([left(review), sent]).toEqual([['1', '2'], ['store 1 b', 'store 1 b']]);
});

test('news from the server keep the place, and never bring back what was decided here', async () => {
  const { review } = reviewOf(['1', '2', '3']);
  await review.decide('b');
  review.move(1);
  review.take(['0', '1', '2', '3'].map(suspect));
  expect([left(review), review.current?.item_id]).toEqual([['0', '2', '3'], '3']);
  review.take([suspect('2')]);
  expect(review.current?.item_id).toBe('2');
  review.take([]);
  expect(review.current).toBeNull();
});
