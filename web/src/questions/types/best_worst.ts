/** Best and worst: pick the best and the worst of several candidates. */
import type { Answer, BestWorstQuestion, Payload } from '../../api';
import BestWorstEditor from '../../editors/BestWorst.svelte';
import { t } from '../../i18n';
import BestWorstShow from '../../shows/BestWorst.svelte';
import BestWorst from '../../widgets/BestWorst.svelte';
import { candidatesOf } from '../candidates';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';
import { objectOf } from '../values';

interface Extremes {
  best: string;
  worst: string;
}

function check(question: BestWorstQuestion, answer: Answer, payload: Payload): Checked<Extremes> {
  const candidates = candidatesOf(question, payload);
  if (candidates === null) return { fault: t('fault.noCandidates', { field: question.field ?? '' }) };
  const parts = objectOf(answer);
  if (parts === null || Object.keys(parts).sort().join() !== 'best,worst') return { fault: t('fault.bestWorst') };
  const { best, worst } = parts;
  const strange = [best, worst].find((name) => !candidates.some(({ id }) => id === name));
  if (strange !== undefined || typeof best !== 'string' || typeof worst !== 'string') return { fault: t('fault.candidate', { value: shown(strange) }) };
  return best === worst ? { fault: t('fault.bestIsWorst') } : { answer: { best, worst } };
}

const kind: Kind<BestWorstQuestion, Extremes> = {
  isAnswered: () => true,
  check,
  brief: (question, { best, worst }) => {
    const name = (id: string): string => question.options?.find(({ value }) => value === id)?.label ?? id;
    return t('bestWorst.brief', { best: name(best), worst: name(worst) });
  },
  field: (question) => question.field ?? null,
  options: (question) => question.options ?? [],
  Widget: BestWorst,
  Editor: BestWorstEditor,
  Show: BestWorstShow,
};

export default kind;
