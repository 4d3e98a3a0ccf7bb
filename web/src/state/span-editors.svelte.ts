/** The span editors of one item: one for every question that marks a text. */
import type { SpansQuestion } from '../api';
import { SpanEditor } from './span-editor.svelte';
import type { Work } from './work.svelte';

/** The text of a field, as it is shown and marked. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return JSON.stringify(value, null, 2);
}

export class SpanEditors {
  readonly work: Work;
  readonly #editors = new Map<string, SpanEditor>();

  constructor(work: Work) {
    this.work = work;
    for (const question of work.schema.questions) {
      if (question.type !== 'spans') continue;
      const { name } = question;
      const editor = new SpanEditor(
        textOf(work.subject.payload[question.field]),
        () => {
          const answer = work.answers[name];
          return Array.isArray(answer) ? answer : [];
        },
        (spans) => work.answer(name, spans),
      );
      this.#editors.set(name, editor);
    }
  }

  of(question: SpansQuestion): SpanEditor {
    const editor = this.#editors.get(question.name);
    if (editor === undefined) throw new RangeError(`there is no spans question ${question.name}`);
    return editor;
  }

  /** The spans question whose marks a field shows: the active one, else the first about it. */
  shownOn(field: string): SpansQuestion | null {
    const { activeQuestion, schema } = this.work;
    if (activeQuestion?.type === 'spans' && activeQuestion.field === field) return activeQuestion;
    return schema.questions.find((question): question is SpansQuestion => question.type === 'spans' && question.field === field) ?? null;
  }
}
