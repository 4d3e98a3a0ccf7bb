/** What keys do on the labelling screen, whatever is asked; questions bring their own. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { Labelling } from './labelling.svelte';

export interface LabelActions {
  submit: () => void;
  skip: () => void;
}

export function bindingsFor(labelling: Labelling, actions: LabelActions): Binding[] {
  const group = t('keys.item');
  const moving: Binding[] = [
    { keys: ['u', 'ArrowLeft'], text: t('label.previous'), group, run: () => void labelling.previous() },
    { keys: ['ArrowRight'], text: t('label.leave'), group, run: () => void labelling.next() },
  ];
  const { work } = labelling;
  if (work === null || labelling.isPaused) return work === null ? moving : [];
  return [
    { keys: ['Enter'], text: t('label.submit'), group, run: actions.submit, yieldsToControls: true },
    { keys: ['mod+Enter'], text: t('label.submit'), group, run: actions.submit, whileTyping: true },
    { keys: ['s'], text: t('label.skip'), group, run: actions.skip },
    { keys: ['mod+z'], text: t('label.undo'), group, run: () => work.undo(), whileTyping: 'answer' },
    { keys: ['mod+shift+z', 'mod+y'], text: t('label.redo'), group, run: () => work.redo(), whileTyping: 'answer' },
    ...moving,
    ...(work.asked.length > 1
      ? [
          { keys: [' '], text: t('keys.nextQuestion'), group, run: () => work.nextQuestion(), yieldsToControls: true },
          { keys: ['alt+ArrowDown'], text: t('keys.nextQuestion'), group, run: () => work.nextQuestion(), whileTyping: true },
        ]
      : []),
  ];
}
