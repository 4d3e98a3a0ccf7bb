/** Rubric authoring: write the criteria that answers to an item are to be graded by. */
import type { Answer, CriterionKind, RubricAuthoringQuestion } from '../../api';
import { t } from '../../i18n';
import RubricAuthoringShow from '../../shows/RubricAuthoring.svelte';
import RubricAuthoring from '../../widgets/RubricAuthoring.svelte';
import { kindsOf, type Authored } from '../authoring';
import type { Checked, Kind } from '../kind';
import { isEncodable, lengthOf, normalText, shown } from '../texts';
import { listOf, objectOf, rounded } from '../values';

const MOST_WEIGHT = 1_000_000;
const LONGEST = 500;
const KEYS = ['text', 'weight', 'kind'];

function checkOne(question: RubricAuthoringQuestion, raw: unknown, place: number): Authored | string {
  const n = place + 1;
  const parts = objectOf(raw);
  if (parts === null || !('text' in parts) || Object.keys(parts).some((key) => !KEYS.includes(key))) return t('fault.authored', { n });
  const { text } = parts;
  const weight = 'weight' in parts ? rounded(parts['weight']) : 1;
  const kind = 'kind' in parts ? parts['kind'] : 'credit';
  if (typeof text !== 'string' || !isEncodable(text)) return t('fault.authored', { n });
  const normal = normalText(text).replaceAll('\n', ' ');
  if (normal === '') return t('fault.authoredEmpty', { n });
  if (lengthOf(normal) > LONGEST) return t('fault.authoredLong', { n, length: lengthOf(normal), most: LONGEST });
  if (weight === null || weight <= 0 || weight > MOST_WEIGHT) return t('fault.authoredWeight', { n, most: MOST_WEIGHT });
  const known = kindsOf(question).find((one: CriterionKind) => one === kind);
  return known === undefined ? t('fault.authoredKind', { n, value: shown(kind) }) : { text: normal, weight, kind: known };
}

function check(question: RubricAuthoringQuestion, answer: Answer): Checked<Authored[]> {
  const listed = listOf(answer);
  if (listed === null) return { fault: t('fault.list', { value: shown(answer) }) };
  const [min, max] = [question.min_criteria ?? 1, question.max_criteria ?? 20];
  if (listed.length < min || listed.length > max) return { fault: t('fault.nCriteria', { n: listed.length, min, max }) };
  const found: Authored[] = [];
  for (const [i, raw] of listed.entries()) {
    const checked = checkOne(question, raw, i);
    if (typeof checked === 'string') return { fault: checked };
    found.push(checked);
  }
  const twice = found.findIndex(({ text }, i) => found.findIndex((other) => other.text === text) < i);
  return twice < 0 ? { answer: found } : { fault: t('fault.authoredTwice', { n: twice + 1 }) };
}

const kind: Kind<RubricAuthoringQuestion, Authored[]> = {
  isAnswered: (question, answer) => !Array.isArray(answer) || question.min_criteria === 0 || answer.length > 0,
  check,
  brief: (_question, answer) => t('authoring.brief', { n: answer.length }),
  Widget: RubricAuthoring,
  Show: RubricAuthoringShow,
};

export default kind;
