/** The browser and the server give the same verdict on an answer, and the same normal form. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Answers, Payload, Question, Schema } from '../src/api';
import { TYPES, check, isAnswered, loadKinds } from '../src/questions/registry';
import { Work } from '../src/state/work.svelte';

interface AnswerCase {
  type: string;
  question: Question;
  item: Payload;
  answer: Answer | null;
  is_answered: boolean;
  ok: boolean;
  normal?: unknown;
}

interface AnnotationCase {
  schema: Schema;
  item: Payload;
  answers: Answers;
  ok: boolean;
  normal?: Answers;
}

const CASES = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'tests', 'cases', 'answers.json'), 'utf8')) as {
  answers: AnswerCase[];
  annotations: AnnotationCase[];
};
const answers = CASES.answers.filter(({ type }) => TYPES.includes(type));
/** What is no object at all cannot come from a form. */
const isForm = (given: unknown): boolean => typeof given === 'object' && given !== null && !Array.isArray(given);
const annotations = CASES.annotations.filter(({ schema, answers: given }) => isForm(given) && schema.questions.every(({ type }) => TYPES.includes(type)));

beforeAll(async () => {
  await loadKinds([...answers.map(({ question }) => question), ...annotations.flatMap(({ schema }) => schema.questions)]);
}, 120_000); // every component is compiled here

describe.each([...new Set(answers.map(({ type }) => type))])('an answer of the type %s', (type) => {
  test.each(answers.filter((one) => one.type === type).map((one) => [JSON.stringify(one.answer).slice(0, 80), one] as const))('%s', (_name, { question, item, answer, ...expected }) => {
    expect(isAnswered(question, answer)).toBe(expected.is_answered);
    if (answer === null || !expected.is_answered) return;
    const verdict = check(question, answer, item);
    if (expected.ok) expect(verdict).toEqual({ answer: expected.normal });
    else expect(verdict).toHaveProperty('fault');
  });
});

test.each(annotations.map((one) => [JSON.stringify(one.answers).slice(0, 80), one] as const))('an annotation %s', (_name, { schema, item, answers: given, ok, normal }) => {
  const versions = { schema_version: 1, guideline_version: 1, policy_version: 1 };
  const subject = { item_id: 'i', external_id: 'i', lease_id: null, payload: item, why: '', purpose: 'label' as const, supersedes: null, ...versions };
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => schema.questions.some((question) => question.name === name)));
  const work = new Work(subject, schema, 'id', known);
  const isComplete = work.isComplete && Object.keys(known).length === Object.keys(given).length;
  expect(isComplete).toBe(ok);
  if (ok) expect(work.request('answered', null).answers).toEqual(normal);
});
