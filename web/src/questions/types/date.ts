/** Date: give a day, a month, a year or a minute. */
import type { DateQuestion } from '../../api';
import { t } from '../../i18n';
import DateWidget from '../../widgets/Date.svelte';
import { boundsOf, cut, precisionOf, sampleOf } from '../dates';
import type { Kind } from '../kind';
import { shown } from '../texts';

const kind: Kind<DateQuestion, string> = {
  isAnswered: (_question, answer) => answer !== '',
  check: (question, answer) => {
    const precision = precisionOf(question);
    const found = typeof answer === 'string' ? cut(answer, precision) : null;
    if (found === null) return { fault: t('fault.date', { value: shown(answer), sample: sampleOf(precision) }) };
    const { first, last } = boundsOf(question);
    if (first !== null && found < first) return { fault: t('fault.earliest', { value: found, first }) };
    if (last !== null && found > last) return { fault: t('fault.latest', { value: found, last }) };
    return { answer: found };
  },
  brief: (_question, answer) => answer.replace('T', ' '),
  Widget: DateWidget,
};

export default kind;
