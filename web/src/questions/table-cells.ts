/** What a marked cell is called. */
import type { Table } from '../fields/tables';
import { t } from '../i18n';
import type { Region } from './regions.svelte';

export function cellName(table: Table | null, region: Region): string {
  const { row, column } = region as Region & { row: number; column: string };
  const text = table?.rows[row]?.[table.columns.indexOf(column)] ?? '';
  return t('table.cell', { row: row + 1, column, text: text.length > 40 ? `${text.slice(0, 39)}…` : text });
}
