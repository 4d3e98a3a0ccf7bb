/** Taxonomy: pick from a tree of options. */
import type { OptionNode, TaxonomyQuestion } from '../../api';
import { t } from '../../i18n';
import Taxonomy from '../../widgets/Taxonomy.svelte';
import type { Checked, Kind } from '../kind';
import { pathLabels, shown } from '../texts';

interface Placed {
  places: number[];
  path: string[];
}

/** The places of a path's options among those beside them; a text says why there are none. */
function placed(question: TaxonomyQuestion, path: unknown): Placed | string {
  if (!Array.isArray(path) || path.length === 0) return t('fault.path', { value: shown(path) });
  const places: number[] = [];
  let here: readonly OptionNode[] = question.options;
  for (const value of path as unknown[]) {
    const place = here.findIndex((option) => option.value === value);
    const option = here[place];
    if (option === undefined) return t('fault.option', { value: shown(value) });
    places.push(place);
    here = option.options ?? [];
  }
  if (here.length > 0 && question.leaves_only !== false) return t('fault.notLeaf', { value: shown(path) });
  return { places, path: path as string[] };
}

function compare(a: Placed, b: Placed): number {
  for (const [i, place] of a.places.entries()) {
    const other = b.places[i];
    if (other === undefined) return 1;
    if (place !== other) return place - other;
  }
  return a.places.length - b.places.length;
}

const isAbove = (a: Placed, b: Placed): boolean => a.places.every((place, i) => b.places[i] === place);

function check(question: TaxonomyQuestion, answer: unknown): Checked<string[][]> {
  if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
  const max = question.max ?? 1;
  if (answer.length < 1 || answer.length > max) return { fault: t('fault.nPicked', { n: answer.length, min: 1, max }) };
  const found: Placed[] = [];
  for (const path of answer as unknown[]) {
    const one = placed(question, path);
    if (typeof one === 'string') return { fault: one };
    found.push(one);
  }
  found.sort(compare);
  for (const [i, after] of found.entries()) {
    const before = found[i - 1];
    if (before === undefined || !isAbove(before, after)) continue;
    if (compare(before, after) === 0) return { fault: t('fault.twice', { value: shown(after.path) }) };
    return { fault: t('fault.below', { value: shown(after.path), above: shown(before.path) }) };
  }
  return { answer: found.map(({ path }) => path) };
}

const parts = (question: TaxonomyQuestion, answer: string[][]): string[] => answer.map((path) => pathLabels(question.options, path).join(' › '));

const kind: Kind<TaxonomyQuestion, string[][]> = {
  isAnswered: (_question, answer) => !(Array.isArray(answer) && answer.length === 0),
  check,
  brief: (question, answer) => parts(question, answer).join(', '),
  parts,
  Widget: Taxonomy,
};

export default kind;
