/** The span editor of a question: shared by the text that is marked and the panel that lists the marks. */
import type { Span, SpansQuestion } from '../api';
import { SpanEditor } from '../state/span-editor.svelte';
import type { Sheet } from './kind';
import { textOf } from './texts';

export function spanEditor(sheet: Sheet, question: SpansQuestion): SpanEditor {
  const { name, field } = question;
  return sheet.shared(
    name,
    () =>
      new SpanEditor(
        textOf(sheet.payload[field]),
        () => {
          const answer = sheet.answers[name];
          return Array.isArray(answer) ? (answer as Span[]) : [];
        },
        (spans) => sheet.answer(name, spans),
      ),
  );
}
