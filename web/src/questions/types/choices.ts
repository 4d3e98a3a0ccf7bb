/** Choices: pick any of several options. */
import type { ChoicesQuestion } from '../../api';
import { t } from '../../i18n';
import Choices from '../../widgets/Choices.svelte';
import type { Kind } from '../kind';
import { labelOf, shown } from '../texts';

const parts = (question: ChoicesQuestion, answer: string[]): string[] =>
  answer.length === 0 ? [t('choices.none')] : answer.map((value) => labelOf(question.options, value));

const kind: Kind<ChoicesQuestion, string[]> = {
  isAnswered: (question, answer) => !(Array.isArray(answer) && answer.length === 0) || (question.min ?? 0) === 0,
  check: (question, answer) => {
    if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
    const picked: unknown[] = answer;
    const values = question.options.map(({ value }) => value);
    const known = new Set<unknown>(values);
    const wrong = picked.find((value) => !known.has(value));
    if (wrong !== undefined) return { fault: t('fault.option', { value: shown(wrong) }) };
    const given = new Set(picked);
    if (given.size !== picked.length) return { fault: t('fault.twice', { value: shown(answer) }) };
    const [min, max] = [question.min ?? 0, question.max ?? values.length];
    if (picked.length < min || picked.length > max) return { fault: t('fault.nPicked', { n: picked.length, min, max }) };
    return { answer: values.filter((value) => given.has(value)) };
  },
  brief: (question, answer) => parts(question, answer).join(', '),
  parts,
  options: (question) => question.options,
  Widget: Choices,
};

export default kind;
