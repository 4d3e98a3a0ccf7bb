/** Which questions are asked, given the answers so far: the same rule as on the server. */
import type { Answer, Answers, Condition, Question } from '../api';

/** The values that an answer names: itself, its entries, the nodes on its paths, or what it prefers. */
function valuesOf(answer: Answer): unknown[] {
  if (Array.isArray(answer)) return (answer as unknown[]).flat();
  return typeof answer === 'object' && 'preferred' in answer ? [answer.preferred] : [answer];
}

function holds(condition: Condition, answer: Answer | undefined, isAnswered: boolean): boolean {
  const { is, at_least: least, at_most: most, is_answered: wanted } = condition;
  if (typeof wanted === 'boolean' && wanted !== isAnswered) return false;
  if (is === undefined && least === undefined && most === undefined) return true;
  if (answer === undefined || !isAnswered) return (is ?? null) === null && (least ?? null) === null && (most ?? null) === null;
  if (is && !valuesOf(answer).some((value) => is.some((one) => one === value))) return false;
  if (typeof least === 'number' && !(typeof answer === 'number' && answer >= least)) return false;
  return !(typeof most === 'number' && !(typeof answer === 'number' && answer <= most));
}

/** The questions that are asked, in order; a condition on a question that is not asked itself does not hold. */
export function asked(questions: readonly Question[], answers: Answers, isAnswered: (question: Question, answer: Answer | undefined) => boolean, given: Answers = {}): Question[] {
  const found: Question[] = [];
  const known = new Map<string, { answer: Answer | undefined; isAnswered: boolean }>(
    Object.entries(given).map(([name, answer]) => [name, { answer, isAnswered: true }]),
  );
  for (const question of questions) {
    const isAsked = (question.when ?? []).every((condition) => {
      const other = known.get(condition.question);
      return holds(condition, other?.answer, other?.isAnswered ?? false);
    });
    if (!isAsked) continue;
    found.push(question);
    const answer = answers[question.name];
    known.set(question.name, { answer, isAnswered: isAnswered(question, answer) });
  }
  return found;
}
