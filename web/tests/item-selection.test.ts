import { expect, test } from 'vitest';
import type { Bulk, ImportOptions, ImportReport, NewBulk } from '../src/api';
import { FileImports } from '../src/state/file-imports.svelte';
import { ItemSelection } from '../src/state/item-selection.svelte';

const bulk = (change: Partial<Bulk> = {}): Bulk => ({
  id: 'b1', created_at: 0, created_by: 'me', kind: 'tag', parameters: {}, selection: '', n_changed: 2, n_unchanged: 0,
  undone_at: null, undone_by: null, n_restored: null, n_kept: null, kept: [], job_id: null, ...change,
});

function made(fail = false) {
  const sent: (NewBulk | string)[] = [];
  const selection = new ItemSelection({
    change: (body) => (sent.push(body), fail ? Promise.reject(new Error('down')) : Promise.resolve(bulk())),
    undo: (id) => (sent.push(id), Promise.resolve(bulk({ undone_at: 1, n_restored: 2 }))),
    refresh: () => sent.push('refresh'),
  });
  return { sent, selection };
}

test('items are chosen one by one, in a range, or all', () => {
  const { selection } = made();
  const idAt = (index: number) => `i${String(index)}`;
  selection.toggle('i2', 2);
  selection.reach(5, idAt);
  expect([...selection.ids]).toEqual(['i2', 'i3', 'i4', 'i5']);
  selection.reach(4, idAt);
  selection.toggle('i3', 3);
  expect(selection.has('i3')).toBe(false);
  selection.all();
  expect([selection.has('anything'), selection.ids.size]).toEqual([true, 0]);
  selection.toggle('i1', 1);
  expect([selection.isAll, [...selection.ids]]).toEqual([false, ['i1']]);
});

test('what is chosen is changed, and the last change undone once', async () => {
  const { sent, selection } = made();
  await selection.change({ kind: 'tag', tags: ['a'], priority: 0, n: 1 }, '');
  expect(sent).toEqual([]);
  selection.toggle('i1', 1);
  await selection.change({ kind: 'tag', tags: ['a'], priority: 0, n: 1 }, 'answers > 1');
  expect(sent).toEqual([{ kind: 'tag', tags: ['a'], priority: 0, n: 1, selection: { items: ['i1'] } }, 'refresh']);
  await selection.undo();
  await selection.undo();
  expect(sent.slice(2)).toEqual(['b1', 'refresh']);
  selection.all();
  await selection.change({ kind: 'remove', priority: 0, n: 1 }, 'answers > 1');
  expect(sent[4]).toEqual({ kind: 'remove', priority: 0, n: 1, selection: { where: 'answers > 1' } });
});

test('a change that fails is told, and nothing is said to be done', async () => {
  const { selection } = made(true);
  selection.toggle('i1', 1);
  await selection.change({ kind: 'remove', priority: 0, n: 1 }, '');
  expect([selection.done, selection.error, selection.isBusy]).toEqual([null, new Error('down'), false]);
});

test('files are brought in one after the other, and one that fails stops no other', async () => {
  const asked: [string, ImportOptions['idColumn']][] = [];
  const report: ImportReport = { n_read: 3, n_accepted: 2, n_duplicate: 0, n_changed: 0, n_rejected: 1, n_predictions: 0, rejected: [{ line: 3, reason: 'no text' }] };
  const imports = new FileImports({
    guess: () => Promise.resolve({ id_column: 'id' } as never),
    send: (file, options) => (asked.push([file.name, options.idColumn]), file.name === 'b.csv' ? Promise.reject(new Error('down')) : Promise.resolve(report)),
    sendWhole: (file) => (asked.push([file.name, null]), Promise.resolve(report)),
  });
  await imports.add(['a.csv', 'b.csv', 'c.exe', 'd.jsonl', 'e.PNG', 'f.zip'].map((name) => new File(['x'], name)));
  expect(asked).toEqual([['a.csv', 'id'], ['b.csv', 'id'], ['d.jsonl', 'id'], ['e.PNG', null], ['f.zip', null]]);
  expect(imports.rows.map(({ report: one, fault }) => [one?.n_accepted, fault !== ''])).toEqual([[2, false], [undefined, true], [undefined, true], [2, false], [2, false], [2, false]]);
  expect(JSON.parse(imports.reportJson)).toMatchObject([{ file: 'a.csv', n_rejected: 1 }, { file: 'b.csv', fault: 'down' }, { file: 'c.exe' }, { file: 'd.jsonl' }, { file: 'e.PNG' }, { file: 'f.zip' }]);
});
