/** Where the focus is on the screens where questions are answered. */

/** The focus goes where a question is answered: into its editor or its field, else onto its panel. */
export function focusQuestion(screen: HTMLElement, question: string): void {
  const name = CSS.escape(question);
  const panel = screen.querySelector<HTMLElement>(`[data-question="${name}"]`);
  const target = screen.querySelector<HTMLElement>(`[data-focus="${name}"]`) ?? panel;
  if (target !== null && !target.contains(document.activeElement)) target.focus({ preventScroll: true });
  panel?.scrollIntoView({ block: 'nearest' });
}

/** Whether somebody is at a comment: the focus stays with them. */
export const isCommenting = (screen: HTMLElement | undefined): boolean => screen?.querySelector('#comments')?.contains(document.activeElement) === true;
