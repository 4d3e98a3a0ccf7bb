/** Every text that a person reads comes from here. Only the file of the chosen language is fetched. */
import i18next from 'i18next';
import type en from './en.json';
import { FACTS, type Language } from './languages';

type Entry = keyof typeof en;
type Singular<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
type Texts = Record<string, string>;

/** The name of a text; plurals are asked for without their ending. */
export type Key = Singular<Entry>;

const FILES: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
  es: () => import('./es.json'),
  fr: () => import('./fr.json'),
  zh: () => import('./zh.json'),
  ar: () => import('./ar.json'),
};

const i18n = i18next.createInstance();
void i18n.init({
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: {},
});

let current = $state<Language | null>(null);

/** The language that everything is written in; a text that is asked for before one is there is a mistake. */
function spokenNow(): Language {
  if (current === null) throw new Error('a text was asked for before a language was loaded');
  return current;
}

/** The language that texts, numbers and times are written in, as `Intl` takes it. */
export const language = (): string => FACTS[spokenNow()].tag;

/** Fetches a language's texts, then writes everything in it. */
export async function speak(wanted: Language): Promise<void> {
  const file = await FILES[wanted]();
  i18n.addResourceBundle(wanted, 'translation', file.default);
  await i18n.changeLanguage(wanted);
  current = wanted;
}

/** The text called `key`, with `values` filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return i18n.t(key, { ...values, lng: spokenNow() });
}

/** The text for `count` things, with the number written in it as the language does. */
export function tn(key: Key, count: number, values: Record<string, string | number> = {}): string {
  return i18n.t(key, { ...values, lng: spokenNow(), count, n: new Intl.NumberFormat(language()).format(count) });
}

function named(key: string, otherwise: string): string {
  const lng = spokenNow();
  return i18n.exists(key, { lng }) ? i18n.t(key, { lng }) : otherwise;
}

/** What a measure of agreement is called; one that this app does not know keeps its own name. */
export const measureName = (name: string): string => named(`measure.${name}`, name);

/** What a count of an empty queue is called. */
export const countName = (name: string): string => named(`empty.${name}`, name);

/** What a problem of the server is called; null for one that this app does not know. */
export const problemName = (code: string): string | null => named(`problem.code.${code}`, '') || null;
