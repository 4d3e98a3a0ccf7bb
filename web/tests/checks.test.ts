import { describe, expect, it } from 'vitest';
import type { Contest, GoldFeedback } from '../src/api';
import { checksOf, isContestable } from '../src/checks/checks';

const row = (item_id: string, question: string, is_contested = false): GoldFeedback => ({
  item_id, title: `text ${item_id}`, question, yours: 'bad', known: 'good', note: '', is_contested, answered_at: 1,
});
const contest = (id: string, item_id: string, state: Contest['state'], is_yours = true): Contest => ({
  id, item_id, external_id: item_id, title: `text ${item_id}`, reason: 'why', state, created_at: 1, resolved_at: null, resolution: null, is_yours,
});

describe('my checks', () => {
  it('are one an item, with all its questions, in the order of the answers', () => {
    const { rows } = checksOf([row('b', 'mood'), row('a', 'mood'), row('b', 'names')], []);
    expect(rows.map(({ item, answers }) => [item, answers.map(({ question }) => question)])).toEqual([['b', ['mood', 'names']], ['a', ['mood']]]);
  });

  it('have the newest contest of one’s own, never that of somebody else', () => {
    const { rows } = checksOf([row('a', 'mood'), row('b', 'mood', true)], [contest('2', 'a', 'open'), contest('1', 'a', 'upheld'), contest('3', 'b', 'open', false)]);
    expect(rows.map((check) => check.contest?.id)).toEqual(['2', undefined]);
    expect(rows[1]?.isContested).toBe(true);
  });

  it('keep apart the contests whose known answer differs no longer', () => {
    const { others } = checksOf([row('a', 'mood')], [contest('1', 'a', 'upheld'), contest('2', 'c', 'changed'), contest('3', 'd', 'changed', false)]);
    expect(others.map(({ id }) => id)).toEqual(['2']);
  });

  it('can be contested unless they are contested just now or were upheld', () => {
    const { rows } = checksOf([row('a', 'mood'), row('b', 'mood', true), row('c', 'mood')], [contest('1', 'c', 'upheld')]);
    expect(rows.map(isContestable)).toEqual([true, false, false]);
  });
});
