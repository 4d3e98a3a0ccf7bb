/** The span editor of a question: shared by the text that is marked and the panel that lists the marks. */
import type { Span, SpansQuestion } from '../api';
import { SpanEditor } from '../state/span-editor.svelte';
import type { Sheet } from './kind';
import { PartSheet } from './part-sheet';
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
        (spans, step) => sheet.answer(name, spans, step),
      ),
  );
}

/** Where what is asked about the chosen span is answered. */
export function chosenSheet(editor: SpanEditor, sheet: Sheet): Sheet {
  return new PartSheet({
    payload: () => sheet.payload,
    read: () => editor.chosen?.attributes,
    write: (attributes, step) => {
      const span = editor.chosen;
      if (span === null) return;
      const changed: Span = { ...span };
      if (attributes === undefined) delete changed.attributes;
      else changed.attributes = attributes;
      editor.change(span, changed, step === undefined ? undefined : `${String(span.start)}.${step}`);
    },
  });
}
