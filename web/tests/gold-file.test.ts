/** Known answers from a file. */
import { expect, test } from 'vitest';
import type { GoldLine, GoldReport, Question } from '../src/api';
import { MOST_ROWS, csvRows, goldLines, objects, sendGold } from '../src/state/gold-file';

const QUESTIONS: Question[] = [
  { type: 'choice', name: 'mood', label: 'Mood', options: [{ value: 'good', label: 'Good one' }, { value: 'bad', label: 'Bad one' }] },
  { type: 'spans', name: 'holder', label: 'Holder', field: 'text', labels: [{ value: 'h', label: 'H' }] },
];

test('quoted cells keep delimiters, quotes and lines', () => {
  expect(csvRows('a;"b;""c""\nd"\r\n\r\ne;\n', ';')).toEqual([['a', 'b;"c"\nd'], ['e', '']]);
  expect(csvRows('a,b', ',')).toEqual([['a', 'b']]);
});

test('rows come from CSV and JSONL alike', () => {
  const wanted = [{ id: '1', mood: 'good' }];
  expect(objects('\uFEFFid,mood\n1,good\n', 'csv', ',')).toEqual(wanted);
  expect(objects('{"id":"1","mood":"good"}\n\n', 'jsonl', ',')).toEqual(wanted);
  expect(objects('[{"id":"1","mood":"good"}]', 'json', ',')).toEqual(wanted);
});

test('an option may be named by its label, empty cells say nothing, and rows keep their numbers', () => {
  const rows = [{ id: '1', mood: ' Good one ', note: 'x' }, { id: '2', mood: '' }, { id: 3, mood: 'worse', holder: '[{"start":0,"end":1,"label":"h"}]' }];
  expect(goldLines(rows, 'id', QUESTIONS)).toEqual([
    { row: 1, id: '1', answers: { mood: 'good' } },
    { row: 3, id: '3', answers: { mood: 'worse', holder: [{ start: 0, end: 1, label: 'h' }] } },
  ]);
});

test('many rows go in parts, and a refusal names the row of the file', async () => {
  const lines = Array.from({ length: MOST_ROWS + 2 }, (_none, i) => ({ row: i + 10, id: String(i), answers: {} }));
  const sizes: number[] = [];
  const send = (rows: GoldLine[]): Promise<GoldReport> => {
    sizes.push(rows.length);
    return Promise.resolve({ n_read: rows.length, n_stored: rows.length - 1, n_unchanged: 0, n_rejected: 1, rejected: [{ row: 2, id: rows[1]?.id ?? '', reason: 'no such item' }] });
  };
  const report = await sendGold(lines, send, () => undefined);
  expect(sizes).toEqual([MOST_ROWS, 2]);
  expect(report).toMatchObject({ n_read: MOST_ROWS + 2, n_stored: MOST_ROWS, n_rejected: 2 });
  expect(report.rejected.map(({ row, id }) => [row, id])).toEqual([[11, '1'], [MOST_ROWS + 11, String(MOST_ROWS + 1)]]);
});
