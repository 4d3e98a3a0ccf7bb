/** What can be done by key and have another key: each with the text that says it and the keys that Goldsmith gives it. */
import { t, type Key } from '../i18n';

interface Action {
  text: Key;
  keys: readonly string[];
}

const DEFINED = {
  'label.submit': { text: 'label.submit', keys: ['Enter'] },
  'label.submitWriting': { text: 'keyMap.submitWriting', keys: ['mod+Enter'] },
  'label.skip': { text: 'label.skip', keys: ['s'] },
  'label.comment': { text: 'label.comment', keys: ['c'] },
  'label.pause': { text: 'label.pause', keys: ['shift+p'] },
  'label.undo': { text: 'label.undo', keys: ['mod+z'] },
  'label.redo': { text: 'label.redo', keys: ['mod+shift+z', 'mod+y'] },
  'label.previous': { text: 'label.previous', keys: ['u', 'ArrowLeft'] },
  'label.leave': { text: 'label.leave', keys: ['ArrowRight'] },
  'label.nextQuestion': { text: 'keys.nextQuestion', keys: [' '] },
  'label.nextQuestionWriting': { text: 'keyMap.nextQuestionWriting', keys: ['alt+ArrowDown'] },
  'label.guideline': { text: 'guideline.show', keys: ['F2'] },
  'label.accept': { text: 'suggest.accept', keys: ['y'] },
  'label.acceptWriting': { text: 'keyMap.acceptWriting', keys: ['alt+ArrowUp'] },
  'label.acceptAll': { text: 'suggest.acceptAll', keys: ['shift+y'] },
  'regions.remove': { text: 'regions.remove', keys: ['Backspace', 'Delete'] },
  'regions.unselect': { text: 'keys.unselect', keys: ['Escape'] },
  'app.keys': { text: 'keys.show', keys: ['?', 'F1'] },
  'app.theme': { text: 'keys.theme', keys: ['mod+.'] },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof DEFINED;

export const ACTIONS: Record<ActionId, Action> = DEFINED;
export const ACTION_IDS = Object.keys(DEFINED) as ActionId[];

/** What a binding has from its action: its name, what it does, and its keys before any map. */
export function action(id: ActionId): { action: ActionId; text: string; keys: string[] } {
  return { action: id, text: t(ACTIONS[id].text), keys: [...ACTIONS[id].keys] };
}
