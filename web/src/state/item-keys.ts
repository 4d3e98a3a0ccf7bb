/** What the keys do on the page of items. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { ItemSelection } from './item-selection.svelte';
import type { ItemsTable } from './items-table.svelte';

export interface ItemKeyParts {
  table: ItemsTable;
  selection: ItemSelection;
  nColumns: () => number;
  open: () => void;
  preview: () => void;
  close: () => void;
  focus: { search: () => void; filter: () => void; views: () => void };
}

export function itemKeys(group: string, parts: ItemKeyParts): Binding[] {
  const { table, selection } = parts;
  const move = (step: number) => {
    void table.show(table.chosen + step, table.chosen + step + 1);
    table.move(step);
  };
  const idAt = (index: number) => table.row(index)?.id;
  const toggle = () => {
    const id = idAt(table.chosen);
    if (id !== undefined) selection.toggle(id, table.chosen);
  };
  return [
    { keys: ['j', 'ArrowDown'], text: t('items.next'), group, run: () => move(parts.nColumns()) },
    { keys: ['k', 'ArrowUp'], text: t('items.previous'), group, run: () => move(-parts.nColumns()) },
    { keys: ['ArrowRight'], text: t('items.beside'), group, run: () => move(1) },
    { keys: ['ArrowLeft'], text: t('items.before'), group, run: () => move(-1) },
    { keys: ['x'], text: t('items.selectKey'), group, run: toggle },
    { keys: ['shift+x'], text: t('items.reachKey'), group, run: () => table.chosen >= 0 && selection.reach(table.chosen, idAt) },
    { keys: ['*'], text: t('items.selectAll'), group, run: () => selection.all() },
    { keys: ['Enter'], text: t('items.open'), group, run: parts.open, yieldsToControls: true },
    { keys: ['p'], text: t('items.previewKey'), group, run: parts.preview },
    { keys: ['Escape'], text: t('items.close'), group, run: parts.close },
    { keys: ['u'], text: t('bulk.undo'), group, run: () => void selection.undo() },
    { keys: ['/'], text: t('items.search'), group, run: parts.focus.search },
    { keys: ['f'], text: t('filter.focus'), group, run: parts.focus.filter },
    { keys: ['v'], text: t('views.title'), group, run: parts.focus.views },
  ];
}
