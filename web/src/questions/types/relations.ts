/** Relations: say how marks of a text belong together. */
import type { Answer, Relation, RelationsQuestion, SpanEnd } from '../../api';
import RelationsEditor from '../../editors/Relations.svelte';
import { t } from '../../i18n';
import RelationsShow from '../../shows/Relations.svelte';
import Relations from '../../widgets/Relations.svelte';
import type { Checked, Kind } from '../kind';
import { compareEnds, compareRelations, directed, spansQuestion } from '../relations.svelte';
import { shown } from '../texts';

const MOST = 10_000;

const hasKeys = (value: object, n: number): boolean => Object.keys(value).length === n;

function isEnd(value: unknown): value is SpanEnd {
  const end = value as Partial<SpanEnd> | null;
  return typeof end === 'object' && end !== null && hasKeys(end, 3) && Number.isInteger(end.start) && Number.isInteger(end.end) && typeof end.label === 'string';
}

function isRelation(value: unknown): value is Relation {
  const relation = value as Partial<Relation> | null;
  return isEnd(relation?.from) && isEnd(relation.to) && typeof relation.label === 'string' && hasKeys(relation, 3);
}

function check(question: RelationsQuestion, answer: Answer): Checked<Relation[]> {
  if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
  const relations: unknown[] = answer;
  if (relations.length > MOST) return { fault: t('fault.tooMany', { n: relations.length, most: MOST }) };
  const found: Relation[] = [];
  for (const relation of relations) {
    if (!isRelation(relation)) return { fault: t('fault.relation', { value: shown(relation) }) };
    if (!question.labels.some(({ value }) => value === relation.label)) return { fault: t('fault.option', { value: shown(relation.label) }) };
    if (compareEnds(relation.from, relation.to) === 0) return { fault: t('fault.selfRelation', { value: shown(relation.from) }) };
    found.push(directed(relation, question.symmetric ?? []));
  }
  found.sort(compareRelations);
  const twice = found.find((relation, i) => i > 0 && compareRelations(found[i - 1] ?? relation, relation) === 0);
  return twice === undefined ? { answer: found } : { fault: t('fault.twice', { value: shown(twice) }) };
}

const kind: Kind<RelationsQuestion, Relation[]> = {
  isAnswered: () => true,
  check,
  checkAmong: (question, answer, answers) => {
    const marks = answers[question.spans];
    const ends = Array.isArray(marks) ? (marks as SpanEnd[]) : [];
    const loose = answer.flatMap(({ from, to }) => [from, to]).find((end) => !ends.some((mark) => compareEnds(mark, end) === 0));
    return loose === undefined ? null : t('fault.loose', { value: shown(loose) });
  },
  brief: (_question, answer) => (answer.length === 0 ? t('relations.nothing') : t('relations.count', { n: answer.length })),
  field: (question, questions) => spansQuestion(question, questions)?.field ?? null,
  options: (question) => question.labels,
  Widget: Relations,
  Editor: RelationsEditor,
  Show: RelationsShow,
};

export default kind;
