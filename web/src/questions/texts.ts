/** Texts of payloads and answers, as they are shown and counted. */
import type { OptionNode } from '../api';

/** The text of a field, as it is shown and marked. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return JSON.stringify(value, null, 2);
}

/** A value in a message, shortened. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'undefined' : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** What an option is called; a value that is none is shown as it is. */
export function labelOf(options: readonly { value: string; label: string }[], value: unknown): string {
  return options.find((option) => option.value === value)?.label ?? textOf(value);
}

/** What the options on a path are called. */
export function pathLabels(options: readonly OptionNode[], path: readonly string[]): string[] {
  let here = options;
  return path.map((value) => {
    const option = here.find((one) => one.value === value);
    here = option?.options ?? [];
    return option?.label ?? value;
  });
}

/** White space that is kept out at both ends of an answer; the server has the same list. */
const WHITE = '\\t\\n \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\ufeff';
/** Where words end. */
export const WHITE_SPACE = new RegExp(`[${WHITE}]+`, 'u');
const AROUND = new RegExp(`^[${WHITE}]+|[${WHITE}]+$`, 'gu');
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;
// eslint-disable-next-line no-control-regex -- controls are what is taken out
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu;

/** `text` in NFC, each line end one `\n`, without control characters other than tabs. */
export const normalLines = (text: string): string => text.replaceAll(LINE_ENDS, '\n').replaceAll(CONTROLS, '').normalize('NFC');

/** `normalLines` without white space at both ends. */
export const normalText = (text: string): string => normalLines(text).replaceAll(AROUND, '');

/** Whether the text is Unicode: no half of a surrogate pair stands alone. */
export const isEncodable = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** The number of characters (code points) of a text. */
export function lengthOf(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) n -= 1;
  }
  return n;
}
