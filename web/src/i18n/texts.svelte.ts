/** Every text that a person reads comes from here. Only the file of the chosen language is fetched. */
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

interface Spoken {
  language: Language;
  texts: Texts;
  plural: Intl.PluralRules;
  whole: Intl.NumberFormat;
}

let spoken = $state.raw<Spoken | null>(null);

/** What everything is written in; a text that is asked for before there is a language is a mistake. */
function now(): Spoken {
  if (spoken === null) throw new Error('a text was asked for before a language was loaded');
  return spoken;
}

/** The language that texts, numbers and times are written in, as `Intl` takes it. */
export const language = (): string => FACTS[now().language].tag;

/** Fetches a language's texts. */
export const textsOf = async (wanted: Language): Promise<Texts> => (await FILES[wanted]()).default;

/** Writes everything in a language, with its texts. */
export function speak(wanted: Language, texts: Texts): void {
  const { tag } = FACTS[wanted];
  spoken = { language: wanted, texts, plural: new Intl.PluralRules(tag), whole: new Intl.NumberFormat(tag) };
}

type Values = Record<string, string | number>;

function filled(key: string, values: Values): string {
  const text = now().texts[key];
  if (text === undefined) return key;
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in values ? apart(values[name] ?? '') : whole));
}

/** A value as it stands in a text: words of another direction must not turn what is around them. */
function apart(value: string | number): string {
  const isTurned = FACTS[now().language].dir === 'rtl' && typeof value === 'string' && /\p{L}/u.test(value);
  return isTurned ? `\u2068${value}\u2069` : String(value);
}

/** The text called `key`, with `values` filled in. */
export function t(key: Key, values: Values = {}): string {
  return filled(key, values);
}

/** The text for `count` things, with the number written in it as the language does. */
export function tn(key: Key, count: number, values: Values = {}): string {
  const { plural, whole } = now();
  return filled(`${key}_${plural.select(count)}`, { ...values, n: whole.format(count) });
}

function named(key: string, otherwise: string): string {
  return now().texts[key] ?? otherwise;
}

/** What a measure of agreement is called; one that this app does not know keeps its own name. */
export const measureName = (name: string): string => named(`measure.${name}`, name);

/** What a count of an empty queue is called. */
export const countName = (name: string): string => named(`empty.${name}`, name);

/** What a parameter of a question is called; one that this app does not know keeps its own name. */
export const parameterName = (name: string): string => named(`param.${name}`, name.replaceAll('_', ' '));

/** What a problem of the server is called; null for one that this app does not know. */
export const problemName = (code: string): string | null => named(`problem.code.${code}`, '') || null;
