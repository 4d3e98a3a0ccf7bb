/** Rating: a place on a scale of whole numbers. */
import type { RatingQuestion } from '../../api';
import { t } from '../../i18n';
import Rating from '../../widgets/Rating.svelte';
import type { Kind } from '../kind';
import { shown } from '../texts';

const kind: Kind<RatingQuestion, number> = {
  isAnswered: () => true,
  check: (question, answer) => {
    const [low, high] = [question.low ?? 1, question.high ?? 5];
    const fits = typeof answer === 'number' && Number.isInteger(answer) && low <= answer && answer <= high;
    return fits ? { answer: answer + 0 } : { fault: t('fault.rating', { value: shown(answer), low, high }) };
  },
  brief: (question, answer) => `${String(answer)} / ${String(question.high ?? 5)}`,
  Widget: Rating,
};

export default kind;
