/** Masks: paint things in an image. */
import type { Answer, MasksQuestion, Payload } from '../../api';
import MasksEditor from '../../editors/Masks.svelte';
import { t, tn } from '../../i18n';
import { NOWHERE, sizeIn } from '../../images/coordinates';
import type { Size } from '../../images/geometry';
import type { Mask } from '../../images/shapes/mask';
import MasksShow from '../../shows/Masks.svelte';
import Masks from '../../widgets/Masks.svelte';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

const MOST_RUNS = 1_000_000;

function placeOf({ size, counts }: Record<string, unknown>, { width, height }: Size): Checked<Pick<Mask, 'size' | 'counts'>> {
  const given: unknown[] = Array.isArray(size) ? size : [];
  if (given.length !== 2 || given[0] !== height || given[1] !== width) return { fault: t('fault.maskSize', { value: shown(size), height, width }) };
  if (!Array.isArray(counts) || counts.length < 2 || counts.length > MOST_RUNS) return { fault: t('fault.runs', { value: shown(counts) }) };
  let sum = 0;
  for (const [i, count] of (counts as unknown[]).entries()) {
    if (!Number.isInteger(count) || (count as number) < (i > 0 ? 1 : 0)) return { fault: t('fault.runs', { value: shown(count) }) };
    sum += count as number;
  }
  return sum === width * height ? { answer: { size: [height, width], counts: counts as number[] } } : { fault: t('fault.runsSum', { sum, n: width * height }) };
}

function check(question: MasksQuestion, answer: Answer, payload: Payload): Checked<Mask[]> {
  const size = sizeIn(payload, question.field);
  return checkRegions<Mask>(question, answer, payload, {
    hasPlace: size !== null,
    keys: ['size', 'counts'],
    place: (parts) => placeOf(parts, size ?? NOWHERE),
    order: ({ counts }) => [counts],
  });
}

const kind: Kind<MasksQuestion, Mask[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : tn('masks.brief', answer.length)),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Masks,
  Editor: MasksEditor,
  Show: MasksShow,
};

export default kind;
