/** Every text that a person reads comes from here. */
import i18next from 'i18next';
import en from './en.json';

type Entry = keyof typeof en;
type Singular<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;

/** The name of a text; plurals are asked for without their ending. */
export type Key = Singular<Entry>;

const i18n = i18next.createInstance();
void i18n.init({
  lng: 'en',
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: { en: { translation: en } },
});

/** The language that texts, numbers and times are written in. */
export const language = i18n.language;

/** The text called `key`, with `values` filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return i18n.t(key, values);
}

/** The text for `count` things, with the number written in it as the language does. */
export function tn(key: Key, count: number, values: Record<string, string | number> = {}): string {
  return i18n.t(key, { ...values, count, n: new Intl.NumberFormat(language).format(count) });
}

function named(key: string, otherwise: string): string {
  return i18n.exists(key) ? i18n.t(key) : otherwise;
}

/** What a measure of agreement is called; one that this app does not know keeps its own name. */
export const measureName = (name: string): string => named(`measure.${name}`, name);

/** What a count of an empty queue is called. */
export const countName = (name: string): string => named(`empty.${name}`, name);
