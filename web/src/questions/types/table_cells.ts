/** Table cells: mark cells of a table. */
import type { Answer, Payload, TableCellsQuestion } from '../../api';
import TableCellsEditor from '../../editors/TableCells.svelte';
import { t } from '../../i18n';
import TableCellsShow from '../../shows/TableCells.svelte';
import TableCells from '../../widgets/TableCells.svelte';
import { tableOf } from '../../fields/tables';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import type { Region } from '../regions.svelte';
import { shown } from '../texts';

export interface Cell extends Region {
  row: number;
  column: string;
}

function check(question: TableCellsQuestion, answer: Answer, payload: Payload): Checked<Cell[]> {
  const table = tableOf(payload[question.field]);
  return checkRegions<Cell>(question, answer, payload, {
    hasPlace: table !== null,
    keys: ['row', 'column'],
    place: ({ row, column }) => {
      const isThere = typeof row === 'number' && Number.isInteger(row) && row >= 0 && row < (table?.rows.length ?? 0);
      if (!isThere) return { fault: t('fault.row', { value: shown(row), n: table?.rows.length ?? 0 }) };
      if (typeof column !== 'string' || table?.columns.includes(column) !== true) return { fault: t('fault.column', { value: shown(column) }) };
      return { answer: { row, column } };
    },
    order: (cell) => [cell.row, cell.column],
  });
}

const kind: Kind<TableCellsQuestion, Cell[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : t('items.spans', { n: answer.length })),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: TableCells,
  Editor: TableCellsEditor,
  Show: TableCellsShow,
};

export default kind;
