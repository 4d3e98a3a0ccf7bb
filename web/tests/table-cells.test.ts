import { beforeAll, describe, expect, test } from 'vitest';
import type { TableCellsQuestion } from '../src/api';
import { tableOf } from '../src/fields/tables';
import { check, loadKinds } from '../src/questions/registry';

const QUESTION: TableCellsQuestion = {
  type: 'table_cells', name: 'faults', label: 'Faults?', field: 'sales', labels: [{ value: 'wrong', label: 'Wrong' }, { value: 'missing', label: 'Missing' }],
};
const PAYLOAD = { sales: [['city', 'price'], ['Rome', '-4'], ['', '7']] };

beforeAll(() => loadKinds([QUESTION]));

describe('a table', () => {
  test('is the same from lists, objects and CSV', () => {
    const lists = tableOf([['city', 'price'], ['Rome', 4], ['Oslo', null]]);
    expect(lists).toEqual({ heads: ['city', 'price'], columns: ['city', 'price'], rows: [['Rome', '4'], ['Oslo', '']] });
    expect(tableOf([{ city: 'Rome', price: 4 }, { city: 'Oslo' }])).toEqual(lists);
    expect(tableOf('city,price\nRome,4\nOslo,\n')).toEqual(lists);
  });

  test('calls columns by their place where a head could be taken for another', () => {
    expect(tableOf([['a', 'a', '', '7', 'b'], []])?.columns).toEqual(['0', '1', '2', '3', 'b']);
  });

  test('is not made of anything else', () => {
    for (const value of [null, 5, [], [1, 2], [['a'], { a: 1 }], '']) expect(tableOf(value)).toBeNull();
  });
});

describe('marked cells', () => {
  test('are sorted row by row, and refused outside the table or twice', () => {
    const wrong = { row: 0, column: 'price', label: 'wrong' };
    const missing = { row: 1, column: 'city', label: 'missing' };
    expect(check(QUESTION, [missing, wrong], PAYLOAD)).toEqual({ answer: [wrong, missing] });
    for (const cell of [{ ...wrong, row: 2 }, { ...wrong, row: -1 }, { ...wrong, row: 0.5 }, { ...wrong, column: 'size' }, { ...wrong, label: 'odd' }, { ...wrong, more: 1 }, 'x'])
      expect(check(QUESTION, [cell], PAYLOAD), JSON.stringify(cell)).toHaveProperty('fault');
    expect(check(QUESTION, [wrong, wrong], PAYLOAD)).toHaveProperty('fault');
    expect(check(QUESTION, [wrong], {})).toHaveProperty('fault');
    expect(check(QUESTION, [], {})).toEqual({ answer: [] });
  });
});
