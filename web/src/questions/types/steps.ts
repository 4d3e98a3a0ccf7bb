/** Steps: judge each step of a solution. */
import type { Answer, Payload, StepsQuestion } from '../../api';
import StepsEditor from '../../editors/Steps.svelte';
import { t } from '../../i18n';
import StepsShow from '../../shows/Steps.svelte';
import Steps from '../../widgets/Steps.svelte';
import type { Checked, Kind } from '../kind';
import { firstError, stepsIn, type Verdict } from '../steps.svelte';
import { shown } from '../texts';
import { listOf } from '../values';

type Normal = (Verdict | null)[];

function check(question: StepsQuestion, answer: Answer, payload: Payload): Checked<Normal> {
  const steps = stepsIn(payload[question.field]);
  const listed = listOf(answer);
  if (steps === null) return { fault: t('fault.noSteps', { field: question.field }) };
  if (listed?.length !== steps.length) return { fault: t('fault.verdicts', { n: steps.length }) };
  const allowed: readonly Verdict[] = question.neutral === false ? [-1, 1] : [-1, 0, 1];
  const found: Normal = [];
  for (const [i, raw] of listed.entries()) {
    if (question.stop_at_first_error === true && firstError(found) >= 0) {
      found.push(null);
      continue;
    }
    const verdict = allowed.find((one) => one === raw);
    if (verdict === undefined) return { fault: raw === null ? t('fault.noVerdict', { n: i + 1 }) : t('fault.verdict', { n: i + 1, value: shown(raw) }) };
    found.push(verdict);
  }
  return { answer: found };
}

const kind: Kind<StepsQuestion, Normal> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => {
    const error = firstError(answer);
    return error < 0 ? t('steps.noError', { n: answer.length }) : t('steps.error', { n: error + 1, all: answer.length });
  },
  field: (question) => question.field,
  Widget: Steps,
  Editor: StepsEditor,
  Show: StepsShow,
};

export default kind;
