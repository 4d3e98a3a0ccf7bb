/** Leaving a field that takes text, so that keys speak to the page again. */

/** Gives the focus to the question that holds the field, else to nothing. */
export function leave(field: HTMLElement): void {
  const question = field.closest<HTMLElement>('[data-question]');
  if (question === null) field.blur();
  else question.focus({ preventScroll: true });
}
