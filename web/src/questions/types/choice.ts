/** Choice: pick exactly one of several options. */
import type { ChoiceQuestion } from '../../api';
import { t } from '../../i18n';
import Choice from '../../widgets/Choice.svelte';
import type { Kind } from '../kind';
import { labelOf, shown } from '../texts';

const kind: Kind<ChoiceQuestion, string> = {
  isAnswered: (_question, answer) => answer !== '',
  check: (question, answer) =>
    typeof answer === 'string' && question.options.some(({ value }) => value === answer) ? { answer } : { fault: t('fault.option', { value: shown(answer) }) },
  brief: (question, answer) => labelOf(question.options, answer),
  options: (question) => question.options,
  Widget: Choice,
};

export default kind;
