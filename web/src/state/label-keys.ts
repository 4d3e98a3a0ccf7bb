/** What every key does on the labelling screen, for the open item. */
import type { Question } from '../api';
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { Labelling } from './labelling.svelte';
import { optionKeys } from './option-keys';
import type { SpanEditors } from './span-editors.svelte';

export interface LabelActions {
  pick: (question: number, option: number) => void;
  submit: () => void;
  skip: () => void;
}

const optionsOf = (question: Question) => (question.type === 'choice' ? question.options : question.labels);

/** The keys of the active question, and those of others that their schema names and nothing else uses. */
function answering(questions: Question[], active: number, pick: LabelActions['pick']): Binding[] {
  const taken = new Set<string>();
  const found: Binding[] = [];
  const order = [active, ...questions.keys()].filter((at, i, all) => all.indexOf(at) === i);
  for (const at of order) {
    const question = questions[at];
    if (question === undefined) continue;
    const options = optionsOf(question);
    const keys = optionKeys(options);
    for (const [i, option] of options.entries()) {
      const key = keys[i];
      if (key === null || key === undefined || taken.has(key)) continue;
      if (at !== active && typeof option.key !== 'string') continue;
      taken.add(key);
      found.push({ keys: [key], text: option.label, group: question.label, run: () => pick(at, i) });
    }
  }
  return found;
}

function marking(editors: SpanEditors): Binding[] {
  const { work } = editors;
  const question = work.activeQuestion;
  if (question?.type !== 'spans') return [];
  const editor = editors.of(question);
  const group = t('keys.marking');
  const isNothing = () => Array.isArray(work.answers[question.name]) && editor.spans.length === 0;
  return [
    { keys: ['-'], text: t('spans.nothing'), group, run: () => work.answer(question.name, isNothing() ? undefined : []) },
    { keys: ['Backspace', 'Delete'], text: t('keys.deleteSpan'), group, run: () => void editor.removeHere() },
    { keys: [']'], text: t('keys.nextSpan'), group, run: () => editor.step(1) },
    { keys: ['['], text: t('keys.previousSpan'), group, run: () => editor.step(-1) },
    { keys: ['Escape'], text: t('keys.unselect'), group, run: () => editor.goTo(editor.focus, false) },
  ];
}

/** Keys that only say what the browser and the text do themselves, for the list. */
function caretKeys(): Binding[] {
  const group = t('keys.marking');
  const run = () => undefined;
  return [
    { keys: ['arrows'], text: t('keys.caret'), group, run },
    { keys: ['shift+arrows'], text: t('keys.extend'), group, run },
    { keys: ['mod+arrows'], text: t('keys.byWord'), group, run },
  ];
}

export function bindingsFor(labelling: Labelling, editors: SpanEditors | null, actions: LabelActions): Binding[] {
  const group = t('keys.item');
  const moving: Binding[] = [
    { keys: ['u', 'ArrowLeft'], text: t('label.previous'), group, run: () => void labelling.previous() },
    { keys: ['ArrowRight'], text: t('label.leave'), group, run: () => void labelling.next() },
  ];
  if (editors === null) return moving;
  if (labelling.isPaused) return [{ keys: [' '], text: t('label.resume'), group, run: () => labelling.resume() }];
  const { work } = editors;
  const { questions } = work.schema;
  return [
    ...answering(questions, work.active, actions.pick),
    { keys: ['Enter'], text: t('label.submit'), group, run: actions.submit, yieldsToControls: true },
    { keys: ['mod+Enter'], text: t('label.submit'), group, run: actions.submit, whileTyping: true },
    { keys: ['s'], text: t('label.skip'), group, run: actions.skip },
    { keys: ['mod+z'], text: t('label.undo'), group, run: () => work.undo() },
    { keys: ['mod+shift+z', 'mod+y'], text: t('label.redo'), group, run: () => work.redo() },
    ...moving,
    ...(questions.length > 1
      ? [{ keys: [' '], text: t('keys.nextQuestion'), group, run: () => work.nextQuestion(), yieldsToControls: true }]
      : []),
    ...marking(editors),
    ...(work.activeQuestion?.type === 'spans' ? caretKeys() : []),
  ];
}
