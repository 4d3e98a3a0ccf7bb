import { beforeEach, expect, test } from 'vitest';
import type { ItemFilter, ItemPage, ItemRow } from '../src/api';
import { filterOf } from '../src/state/item-filter';
import { ItemsTable, MOST_ROWS, PAGE_ROWS } from '../src/state/items-table.svelte';
import { windowOf } from '../src/state/row-window';

const row = (position: number): ItemRow => ({
  id: `item-${String(position)}`, external_id: String(position), title: '', position, n_people: 0, n_models: 0, confidence: null, consensus: null, is_contested: false, updated_at: 0,
  review_stage: 'none', priority: 0, skill: null, is_certain: false, is_open: true, wanted: 1, tags: [], aside: null,
});

let asked: (string | null)[];

beforeEach(() => {
  asked = [];
});

function tableOf(n: number, fail: () => boolean = () => false): ItemsTable {
  return new ItemsTable({
    load: (query: ItemFilter & { cursor: string | null; limit: number }): Promise<ItemPage> => {
      asked.push(query.cursor);
      if (fail()) return Promise.reject(new Error('down'));
      const from = Number(query.cursor ?? 0);
      const rows = Array.from({ length: Math.min(query.limit, n - from) }, (_none, i) => row(from + i));
      const next = from + query.limit < n ? String(from + query.limit) : null;
      return Promise.resolve({ rows, next, total: n });
    },
  });
}

test('only what is looked at is loaded', async () => {
  const table = tableOf(100_000);
  await table.open({});
  await table.show(0, 30);
  expect([asked, table.total, table.nKnown]).toEqual([[null], 100_000, PAGE_ROWS]);
});

test('scrolling brings page after page by its cursor, each row once', async () => {
  const table = tableOf(450);
  await table.open({});
  for (let last = 0; table.hasMore; last = table.nKnown) await table.show(last - 20, last);
  expect(asked).toEqual([null, '100', '200', '300', '400']);
  expect(table.nKnown).toBe(450);
  expect(Array.from({ length: 450 }, (_none, i) => table.row(i)?.position)).toEqual(Array.from({ length: 450 }, (_none, i) => i));
  expect(table.row(450)).toBeNull();
});

test('pages far away are forgotten, and come back when they are looked at again', async () => {
  const table = tableOf(5_000);
  await table.open({});
  while (table.hasMore) await table.show(table.nKnown - 20, table.nKnown);
  expect(table.row(0)).toBeNull();
  const before = asked.length;
  await table.show(0, 30);
  expect(asked.slice(before)).toEqual([null]);
  expect(table.row(0)?.id).toBe('item-0');
  await table.show(4_980, 5_000);
  expect(table.nKnown).toBe(5_000);
});

test('another filter starts over, and a late answer to the old one changes nothing', async () => {
  let release: () => void = () => undefined;
  const table = new ItemsTable({
    load: async (query, signal) => {
      if (query.state === undefined) await new Promise<void>((resolve) => (release = resolve));
      if (signal.aborted) throw new DOMException('stopped', 'AbortError');
      return { rows: [row(query.state === undefined ? 1 : 2)], next: null, total: 1 };
    },
  });
  const first = table.open({});
  await table.open({ state: 'contested' });
  release();
  await first;
  expect([table.row(0)?.position, table.error]).toEqual([2, null]);
});

test('a failure is told and can be tried again', async () => {
  let isDown = true;
  const table = tableOf(10, () => isDown);
  await table.open({});
  expect(table.error).toBeInstanceOf(Error);
  isDown = false;
  await table.open({});
  expect([table.error, table.nKnown]).toEqual([null, 10]);
});

test('the chosen row stays inside the list', async () => {
  const table = tableOf(3);
  expect(table.move(1)).toBe(-1);
  await table.open({});
  expect([1, 1, 1, 1, -1].map((step) => table.move(step))).toEqual([0, 1, 2, 2, 1]);
});

test('the list says where it ends when it is too long to draw', () => {
  expect(MOST_ROWS % PAGE_ROWS).toBe(0);
});

test('a window draws what is seen and little more', () => {
  const { first, last, indices } = windowOf({ top: 40_000, height: 800, rowHeight: 40, nRows: 100_000 });
  expect([first, last, indices.length]).toEqual([992, 1028, 36]);
  expect(windowOf({ top: 0, height: 800, rowHeight: 40, nRows: 3 }).indices).toEqual([0, 1, 2]);
  expect(windowOf({ top: 9_000, height: 800, rowHeight: 40, nRows: 3 }).indices).toEqual([]);
});

test('an address carries a filter, and nothing that it does not know', () => {
  expect(filterOf(new URLSearchParams('state=contested&sort=need&direction=desc&q=a&label=mood:good'))).toEqual({
    state: 'contested', sort: 'need', direction: 'desc', q: 'a', label: 'mood:good',
  });
  expect(filterOf(new URLSearchParams('state=nonsense&sort=x&direction=y&q='))).toEqual({});
});

test('a page that the server ended early is filled before it is shown', async () => {
  const table = new ItemsTable({
    load: ({ cursor, limit }) => {
      const from = Number(cursor ?? 0);
      const rows = Array.from({ length: Math.min(30, limit, 250 - from) }, (_none, i) => row(from + i));
      const next = from + rows.length < 250 ? String(from + rows.length) : null;
      return Promise.resolve({ rows, next, total: null, at_least: 100 });
    },
  });
  await table.open({});
  expect([table.nKnown, table.total, table.atLeast]).toEqual([PAGE_ROWS, null, 100]);
  await table.show(PAGE_ROWS - 1, PAGE_ROWS);
  expect(table.row(PAGE_ROWS + 5)?.position).toBe(PAGE_ROWS + 5);
});

test('looking again brings new numbers and keeps the chosen row', async () => {
  let version = 0;
  const table = new ItemsTable({
    load: () => Promise.resolve({ rows: [0, 1, 2].map((i) => ({ ...row(i), n_people: version })), next: null, total: 3 + version, at_least: null }),
  });
  await table.open({});
  table.chosen = 1;
  version = 1;
  await table.refresh(0, 10);
  expect([table.row(1)?.n_people, table.total, table.chosen]).toEqual([1, 4, 1]);
});
