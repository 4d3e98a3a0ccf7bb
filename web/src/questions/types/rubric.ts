/** Rubric: grade by weighted criteria, gates and penalties. */
import type { Answer, Payload, RubricQuestion } from '../../api';
import { t } from '../../i18n';
import { decimal } from '../../lib/format';
import RubricShow from '../../shows/Rubric.svelte';
import Rubric from '../../widgets/Rubric.svelte';
import type { Checked, Kind } from '../kind';
import { criteriaOf, scoreOf, type Levels } from '../rubrics';
import { shown } from '../texts';
import { objectOf, wholeNumber } from '../values';

function check(question: RubricQuestion, answer: Answer, payload: Payload): Checked<Levels> {
  const criteria = criteriaOf(question, payload);
  if (criteria === null) return { fault: t('fault.noCriteria', { field: question.criteria_field ?? '' }) };
  const levels = objectOf(answer);
  if (levels === null) return { fault: t('fault.levels', { value: shown(answer) }) };
  const strange = Object.keys(levels).find((name) => !criteria.some((criterion) => criterion.name === name));
  if (strange !== undefined) return { fault: t('fault.criterion', { name: strange }) };
  const found: Record<string, number | null> = {};
  for (const criterion of criteria) {
    const raw = levels[criterion.name];
    if (raw === undefined) return { fault: t('fault.notGraded', { label: criterion.label }) };
    const level = raw === null && criterion.not_applicable ? null : wholeNumber(raw);
    const fits = level === null ? raw === null && criterion.not_applicable : level >= 0 && level <= criterion.levels;
    if (!fits) return { fault: t('fault.level', { value: shown(raw), label: criterion.label, most: criterion.levels }) };
    found[criterion.name] = level;
  }
  return { answer: found };
}

const kind: Kind<RubricQuestion, Levels> = {
  isAnswered: (_question, answer) => objectOf(answer) === null || Object.keys(answer).length > 0,
  check,
  // Where the item lists the criteria, a list of answers does not know them.
  brief: (question, answer) =>
    question.criteria_field ? t('rubric.graded', { n: Object.keys(answer).length }) : t('rubric.scoreIs', { score: decimal(scoreOf(criteriaOf(question, {}) ?? [], answer).score) }),
  covers: (question) => (question.criteria_field ? [question.criteria_field] : []),
  Widget: Rubric,
  Show: RubricShow,
};

export default kind;
