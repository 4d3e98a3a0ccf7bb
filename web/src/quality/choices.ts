/** What a reviewer can choose, and with which key. */
import type { Question, QuestionQuality, Schema } from '../api';
import { optionKeys } from '../state/option-keys';

export interface Choice {
  value: string;
  label: string;
  key: string | null;
}

/** Keys that move through the suspects or take a decision back; going to other pages begins with `g`. */
const OF_THE_PAGE = ['j', 'k', 'u', 'g', '?', '/'];

/** The options of a question with their keys; none where a label is more than a choice. */
export function reviewChoices(question: Question | undefined): Choice[] {
  if (question?.type !== 'choice') return [];
  const given = optionKeys(question.options, OF_THE_PAGE);
  return question.options.map(({ value, label }, i) => ({ value, label, key: given[i] ?? null }));
}

/** What the classes of a question are called: by the schema, or as they are. */
export function classNames(quality: QuestionQuality, schema: Schema | undefined): string[] {
  const question = schema?.questions.find(({ name }) => name === quality.question);
  const options = question?.type === 'choice' ? question.options : [];
  const labels = new Map(options.map(({ value, label }) => [value, label]));
  return quality.classes.map((value) => labels.get(value) ?? value);
}
