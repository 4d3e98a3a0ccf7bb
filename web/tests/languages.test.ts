import { expect, test } from 'vitest';
import ar from '../src/i18n/ar.json';
import de from '../src/i18n/de.json';
import en from '../src/i18n/en.json';
import es from '../src/i18n/es.json';
import fr from '../src/i18n/fr.json';
import { FACTS, LANGUAGES, speak, t, tn, type Language } from '../src/i18n';
import { spoken } from '../src/i18n/languages';
import zh from '../src/i18n/zh.json';
import { number, percent, shareWithin } from '../src/lib/format';

type Texts = Record<string, string>;
const FILES: Record<Language, Texts> = { en, de, es, fr, zh, ar };
const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];
/** Forms for so few that a language may write the number as a word. */
const FEW = new Set(['zero', 'one', 'two']);

const formOf = (key: string): string => key.slice(key.lastIndexOf('_') + 1);
const baseOf = (key: string): string => key.slice(0, key.lastIndexOf('_'));
const plurals = new Set(Object.keys(en).filter((key) => key.endsWith('_one') && `${baseOf(key)}_other` in en).map(baseOf));
const isPlural = (key: string): boolean => FORMS.includes(formOf(key)) && plurals.has(baseOf(key));
const places = (text: string): string[] => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''))].sort();

/** The keys that a language has to have: those of English, with the plural forms of its own grammar. */
function wanted(language: Language): string[] {
  const forms = new Intl.PluralRules(FACTS[language].tag).resolvedOptions().pluralCategories;
  const single = Object.keys(en).filter((key) => !isPlural(key));
  return [...single, ...[...plurals].flatMap((base) => forms.map((form) => `${base}_${form}`))].sort();
}

test.each(LANGUAGES)('%s has every text in every plural form, and no other', (language) => {
  const [has, should] = [new Set(Object.keys(FILES[language])), new Set(wanted(language))];
  expect({ missing: [...should].filter((key) => !has.has(key)), superfluous: [...has].filter((key) => !should.has(key)) })
    .toEqual({ missing: [], superfluous: [] });
});

test.each(LANGUAGES)('%s fills in the same values as English, and leaves no text empty', (language) => {
  const faults = Object.entries(FILES[language]).filter(([key, text]) => {
    const english = places((en as Texts)[isPlural(key) ? `${baseOf(key)}_other` : key] ?? '');
    const own = places(text);
    if (text.trim() === '' || own.some((place) => !english.includes(place))) return true;
    return !(isPlural(key) && FEW.has(formOf(key))) && english.some((place) => !own.includes(place));
  });
  expect(faults).toEqual([]);
});

test('a language is more than English under another name', () => {
  for (const language of LANGUAGES.filter((one) => one !== 'en')) {
    const sentences = Object.entries(FILES[language]).filter(([, text]) => text.includes(' ') && text.length > 40);
    expect(sentences.filter(([key, text]) => (en as Texts)[key] === text)).toEqual([]);
  }
});

test('counts take the form of the language, and numbers its signs', () => {
  speak('ar', ar);
  expect([0, 1, 2, 3, 11, 100].map((n) => tn('items.count', n))).toEqual([
    'لا عناصر', 'عنصر واحد', 'عنصران', '3 عناصر', '11 عنصرًا', '100 عنصر',
  ]);
  speak('de', de);
  expect([tn('items.count', 1), tn('items.count', 12_000), number(1234.5), percent(0.5)]).toEqual(['1 Element', '12.000 Elemente', '1.234,5', '50\u00a0%']);
  expect(shareWithin(0.941, 0.932, 0.949)).toBe('94,1\u00a0% (93,2–94,9\u00a0%)');
  speak('en', en);
  expect(t('label.version', { version: '{{n}} $&' })).toBe('version {{n}} $&');
});

test('the browser is spoken to in the first language that is there', () => {
  expect([spoken(['de-AT', 'en']), spoken(['pt-BR', 'zh-TW']), spoken(['sv']), spoken([])]).toEqual(['de', 'zh', 'en', 'en']);
});
