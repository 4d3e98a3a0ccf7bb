/** A table as it is shown and marked: its columns, what answers call them, and its rows. */
import { csvRows } from '../state/gold-file';

export interface Table {
  /** What stands above the columns. */
  heads: string[];
  /** What answers call the columns: the head, or the place where a head could be taken for another. */
  columns: string[];
  rows: string[][];
}

const NUMBER = /^\p{Nd}+$/u;

const cellText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function called(heads: readonly string[]): string[] {
  return heads.map((head, i) => (head === '' || NUMBER.test(head) || heads.indexOf(head) !== heads.lastIndexOf(head) ? String(i) : head));
}

function withHead(lists: readonly (readonly unknown[])[]): Table {
  const [head = [], ...rows] = lists.map((list) => list.map(cellText));
  return { heads: head, columns: called(head), rows };
}

/** The table in a payload's value: lists of which the first is the head, objects, or CSV; null for anything else. */
export function tableOf(value: unknown): Table | null {
  if (typeof value === 'string') {
    const rows = csvRows(value, ',');
    return rows.length === 0 ? null : withHead(rows);
  }
  if (!Array.isArray(value) || value.length === 0) return null;
  const rows: unknown[] = value;
  if (rows.every(Array.isArray)) return withHead(rows);
  if (!rows.every((row): row is Record<string, unknown> => typeof row === 'object' && row !== null && !Array.isArray(row))) return null;
  const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { heads, columns: called(heads), rows: rows.map((row) => heads.map((head) => cellText(row[head]))) };
}
