import { beforeAll, describe, expect, test } from 'vitest';
import type { Answers, BoxesQuestion } from '../src/api';
import { checkParts } from '../src/questions/attributes';
import { checkRegions } from '../src/questions/check-regions';
import { loadKinds } from '../src/questions/registry';
import { Regions, type Region } from '../src/questions/regions.svelte';
import { Work } from '../src/state/work.svelte';

const QUESTION: BoxesQuestion = {
  type: 'boxes', name: 'cars', label: 'Cars?', field: 'image',
  labels: [{ value: 'car', label: 'Car' }, { value: 'bus', label: 'Bus' }],
  attributes: [
    { type: 'rating', name: 'size', label: 'Size?', low: 1, high: 3 },
    { type: 'choice', name: 'line', label: 'Which line?', options: [{ value: 'a', label: 'A' }], when: [{ question: 'label', is: ['bus'] }] },
  ],
};
const VERSIONS = { schema_version: 1, guideline_version: 1, policy_version: 1 };
const subject = { item_id: 'i', external_id: 'i', lease_id: null, payload: {}, why: '', purpose: 'label' as const, supersedes: null, ...VERSIONS };

beforeAll(() => loadKinds(QUESTION.attributes ?? []));

function opened(): { work: Work; regions: Regions<Region> } {
  const work = new Work(subject, { fields: [], questions: [] }, 'id');
  return { work, regions: new Regions(QUESTION, work) };
}

describe('regions', () => {
  test('are added, chosen, relabelled and removed, each with one undo', () => {
    const { work, regions } = opened();
    regions.add({ label: 'car' });
    regions.add({ label: 'car' });
    regions.relabel('bus');
    expect(regions.list).toEqual([{ label: 'car' }, { label: 'bus' }]);
    regions.chooseAll();
    expect(regions.removeChosen()).toBe(2);
    expect(regions.isNothing).toBe(true);
    work.undo();
    work.undo();
    expect(regions.list).toEqual([{ label: 'car' }, { label: 'car' }]);
  });

  test('that were just made keep their label: the next one named is for the next region', () => {
    const { work, regions } = opened();
    regions.add({ label: 'car' });
    expect([regions.isJustMade, regions.chosen]).toEqual([true, 0]);
    expect(regions.take('bus')).toBe(false);
    expect([regions.list, regions.label, regions.chosen]).toEqual([[{ label: 'car' }], 'bus', -1]);
    work.undo();
    expect(regions.list).toEqual([]);
    expect([regions.isJustMade, regions.take('car')]).toEqual([false, false]);
  });

  test('that somebody chose get the label that is named, which one undo takes back', () => {
    const { work, regions } = opened();
    for (const label of ['car', 'car']) regions.add({ label });
    regions.step(-1);
    expect([regions.chosen, regions.isJustMade]).toEqual([1, false]);
    expect(regions.take('bus')).toBe(true);
    expect(regions.list).toEqual([{ label: 'car' }, { label: 'bus' }]);
    work.undo();
    expect(regions.list).toEqual([{ label: 'car' }, { label: 'car' }]);
    for (const choose of [() => regions.choose(0), () => regions.chooseAll(), () => regions.chooseThese([0])]) {
      regions.add({ label: 'car' });
      choose();
      expect(regions.take('bus')).toBe(true);
    }
  });

  test('that grow point by point can still be named until they are whole', () => {
    const { regions } = opened();
    regions.add({ label: 'car' });
    regions.grow(false);
    expect([regions.take('bus'), regions.list]).toEqual([true, [{ label: 'bus' }]]);
    regions.grow(true);
    expect([regions.take('car'), regions.list]).toEqual([false, [{ label: 'bus' }]]);
  });

  test('that an undo took away are not chosen any more', () => {
    const { work, regions } = opened();
    regions.add({ label: 'car' });
    work.undo();
    expect([regions.chosen, regions.region]).toEqual([-1, null]);
  });

  test('are stepped through round the end, and several can be chosen', () => {
    const { regions } = opened();
    for (const label of ['car', 'bus', 'car']) regions.add({ label });
    regions.step(1);
    expect(regions.chosen).toBe(0);
    regions.step(-1);
    expect(regions.chosen).toBe(2);
    regions.choose(0, true);
    expect([regions.chosenAll, regions.chosen]).toEqual([[2, 0], -1]);
  });

  test('of one label are chosen together, and a range of them from the one chosen last', () => {
    const { regions } = opened();
    for (const label of ['car', 'bus', 'car', 'bus', 'bus']) regions.add({ label });
    regions.choose(1);
    expect([regions.chooseAlike(), regions.chosenAll]).toEqual([3, [1, 3, 4]]);
    regions.choose(-1);
    expect(regions.label).toBe('car');
    expect([regions.chooseAlike(), regions.chosenAll]).toEqual([2, [0, 2]]);
    regions.choose(4);
    regions.chooseTo(2);
    expect(regions.chosenAll).toEqual([4, 3, 2]);
    regions.choose(-1);
    regions.chooseTo(0);
    expect(regions.chosenAll).toEqual([0]);
  });

  test('that are chosen together get one answer in one step, and keep what else is said about each', () => {
    const { work, regions } = opened();
    regions.add({ label: 'bus', attributes: { size: 1, line: 'a' } });
    regions.add({ label: 'bus', attributes: { size: 2 } });
    regions.add({ label: 'car', attributes: { size: 3 } });
    regions.chooseThese([0, 1]);
    const sheet = regions.sheetOfAll(regions.chosenAll);
    expect(sheet.answers).toEqual({});
    expect([...regions.mixed([0, 1])].sort()).toEqual(['line', 'size']);
    sheet.answer('size', 3);
    expect(regions.list.map(({ attributes }) => attributes)).toEqual([{ size: 3, line: 'a' }, { size: 3 }, { size: 3 }]);
    expect(sheet.answers).toEqual({ size: 3 });
    sheet.answer('size', undefined);
    expect(regions.list[1]).toEqual({ label: 'bus' });
    work.undo();
    work.undo();
    expect(regions.list.map(({ attributes }) => attributes?.['size'])).toEqual([1, 2, 3]);
    expect(sheet.answers).toEqual({});
  });

  test('are asked together only what each of them is asked', () => {
    const { regions } = opened();
    for (const label of ['bus', 'bus', 'car']) regions.add({ label });
    const names = (places: number[]) => regions.askedOfAll(places).map(({ name }) => name);
    expect([names([0, 1]), names([0, 2]), names([])]).toEqual([['size', 'line'], ['size'], []]);
  });

  test('carry what is asked about them, and nothing when it is taken back', () => {
    const { regions } = opened();
    regions.add({ label: 'car' });
    regions.sheetOf(0).answer('size', 2);
    expect(regions.list).toEqual([{ label: 'car', attributes: { size: 2 } }]);
    regions.sheetOf(0).answer('size', undefined);
    expect(regions.list).toEqual([{ label: 'car' }]);
  });
});

describe('what is asked about a part', () => {
  const verdict = (answers: Answers, label: string) => checkParts(QUESTION.attributes ?? [], answers, {}, { label });

  test('depends on its label', () => {
    expect(verdict({ size: 2, line: 'a' }, 'car')).toEqual({ answer: { size: 2 } });
    expect(verdict({ size: 2, line: 'a' }, 'bus')).toEqual({ answer: { size: 2, line: 'a' } });
  });

  test('is refused where it is missing, unknown or does not fit', () => {
    for (const answers of [{}, { size: 9 }, { size: 1, colour: 'red' }]) expect(verdict(answers, 'car')).toHaveProperty('fault');
  });
});

test('two regions that are the same are told of by their numbers, in the order in which they were made', () => {
  const question = { field: 'text', labels: [{ value: 'car', label: 'Car' }] };
  const rules = { hasPlace: true, keys: ['at'], place: (raw: Record<string, unknown>) => ({ answer: { at: Number(raw['at']) } }), order: ({ at }: Region & { at: number }) => [at] };
  const answer = [3, 1, 2, 1].map((at) => ({ at, label: 'car' })) as unknown as Answers[string];
  expect(checkRegions(question, answer, {}, rules)).toEqual({ fault: '2 and 4 are the same: delete one of them.' });
});

test('a region that was found to fit is looked at anew for another question and another item', () => {
  const question = { field: 'text', labels: [{ value: 'car', label: 'Car' }] };
  const payload = { text: 'a' };
  const rules = { hasPlace: true, keys: ['at'], place: (raw: Record<string, unknown>) => (raw['at'] === places.at ? { answer: { at: places.at } } : { fault: 'elsewhere' }), order: () => [0] };
  const places = { at: 1 };
  const answer = [{ at: 1, label: 'car' }] as unknown as Answers[string];
  expect(checkRegions(question, answer, payload, rules)).toEqual({ answer: [{ at: 1, label: 'car' }] });
  expect(checkRegions({ ...question, labels: [{ value: 'bus', label: 'Bus' }] }, answer, payload, rules)).toHaveProperty('fault');
  expect(checkRegions(question, answer, payload, rules)).toHaveProperty('answer');
  places.at = 2;
  expect(checkRegions(question, answer, { text: 'b' }, rules)).toEqual({ fault: '1: elsewhere' });
});
