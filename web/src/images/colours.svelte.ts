/** The colours that a canvas draws with: those of the tokens, read again when the theme changes. */
import { theme } from '../lib/theme.svelte';
import { colourOf } from '../state/option-keys';

export interface Colours {
  label: (i: number) => string;
  ink: string;
  paper: string;
  accent: string;
  bad: string;
}

/** What the tokens are at `element`. */
export function coloursAt(element: Element): Colours {
  void theme.current;
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const labels = Array.from({ length: 12 }, (_one, i) => token(`label-${String(i + 1)}`));
  return {
    label: (i) => (i < 0 ? token('line-strong') : (labels[colourOf(i) - 1] ?? token('ink'))),
    ink: token('ink'),
    paper: token('paper'),
    accent: token('accent'),
    bad: token('bad'),
  };
}
