/** What is asked about parts of an item: the questions of one part, and whether its answers fit. */
import type { Answers, AttributeQuestion, Payload, Question } from '../api';
import { t } from '../i18n';
import { asked } from './conditions';
import type { Checked } from './kind';
import { check, isAnswered } from './registry';

/** The questions asked about a part with these answers; `given` is what conditions may name besides, such as its label. */
export function askedOf(questions: readonly AttributeQuestion[], answers: Answers, given: Answers = {}): Question[] {
  return asked(questions, answers, isAnswered, given);
}

/** The answers about one part in their normal form, or why they do not fit. */
export function checkParts(questions: readonly AttributeQuestion[], answers: Answers, payload: Payload, given: Answers = {}): Checked<Answers> {
  const unknown = Object.keys(answers).find((name) => !questions.some((question) => question.name === name));
  if (unknown !== undefined) return { fault: t('fault.unknownQuestion', { name: unknown }) };
  const found: Answers = {};
  for (const question of askedOf(questions, answers, given)) {
    const answer = answers[question.name];
    if (answer === undefined || !isAnswered(question, answer)) {
      if (question.required !== false) return { fault: t('fault.unanswered', { label: question.label }) };
      continue;
    }
    const verdict = check(question, answer, payload);
    if ('fault' in verdict) return { fault: `${question.label}: ${verdict.fault}` };
    found[question.name] = verdict.answer;
  }
  return { answer: found };
}
