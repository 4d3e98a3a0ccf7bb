/** Number: give a number, such as a count or a measure. */
import type { NumberQuestion } from '../../api';
import { t } from '../../i18n';
import NumberWidget from '../../widgets/Number.svelte';
import type { Kind } from '../kind';
import { isKept } from '../numbers';
import { shown } from '../texts';

const STEP_SLACK = 1e-9;

function isOnGrid(question: NumberQuestion, number: number): boolean {
  if (typeof question.step !== 'number') return true;
  const nSteps = (number - (question.min ?? 0)) / question.step;
  return Math.abs(nSteps - Math.round(nSteps)) <= STEP_SLACK * Math.max(1, Math.abs(nSteps));
}

const kind: Kind<NumberQuestion, number> = {
  isAnswered: () => true,
  check: (question, answer) => {
    const value = shown(answer);
    if (!isKept(answer)) return { fault: t('fault.number', { value }) };
    if (question.integer === true && !Number.isInteger(answer)) return { fault: t('fault.integer', { value }) };
    const { min, max, step } = question;
    if (typeof min === 'number' && answer < min) return { fault: t('fault.least', { value, min }) };
    if (typeof max === 'number' && answer > max) return { fault: t('fault.most', { value, max }) };
    if (!isOnGrid(question, answer)) return { fault: t('fault.step', { value, step: step ?? 0, from: min ?? 0 }) };
    return { answer: answer + 0 };
  },
  brief: (question, answer) => [String(answer), question.unit ?? ''].join(' ').trim(),
  Widget: NumberWidget,
};

export default kind;
