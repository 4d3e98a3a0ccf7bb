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

/** Whether there is a text called `key`, for names that the server gives. */
export function hasText(key: string): key is Key {
  return i18n.exists(key) || i18n.exists(`${key}_other`);
}
