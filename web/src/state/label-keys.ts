/** What keys do on the labelling screen, whatever is asked; questions bring their own. */
import { t } from '../i18n';
import { action } from '../keymaps/actions';
import type { Binding } from '../lib/keys.svelte';
import type { Labelling } from './labelling.svelte';

export interface LabelActions {
  submit: () => void;
  skip: () => void;
  comment: () => void;
}

/** What goes on after a break: the key that began it, and Space. */
export function breakBindings(labelling: Labelling): Binding[] {
  const resume = { text: t('label.resume'), group: t('keys.item'), run: () => labelling.resume() };
  return [{ ...resume, keys: [' '] }, { ...action('label.pause'), ...resume }];
}

export function bindingsFor(labelling: Labelling, actions: LabelActions): Binding[] {
  const group = t('keys.item');
  const moving: Binding[] = [
    { ...action('label.previous'), group, run: () => void labelling.previous() },
    { ...action('label.leave'), group, run: () => void labelling.next() },
  ];
  const { work } = labelling;
  if (work === null) return moving;
  if (labelling.isPaused) return [];
  return [
    { ...action('label.submit'), group, run: actions.submit, yieldsToControls: true },
    { ...action('label.submitWriting'), group, run: actions.submit, whileTyping: true },
    { ...action('label.skip'), group, run: actions.skip },
    { ...action('label.comment'), group, run: actions.comment },
    { ...action('label.pause'), group, run: () => labelling.pause() },
    { ...action('label.undo'), group, run: () => work.undo(), whileTyping: 'answer' },
    { ...action('label.redo'), group, run: () => work.redo(), whileTyping: 'answer' },
    ...moving,
    ...(work.asked.length > 1
      ? [
          { ...action('label.nextQuestion'), group, run: () => work.nextQuestion(), yieldsToControls: true },
          { ...action('label.nextQuestionWriting'), group, run: () => work.nextQuestion(), whileTyping: true },
        ]
      : []),
  ];
}
