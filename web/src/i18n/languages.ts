/** The languages of the app: how each names itself, how numbers and dates are written in it, and its direction. */

export const LANGUAGES = ['en', 'de', 'es', 'fr', 'zh', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Facts {
  name: string;
  /** What `Intl` and the page's `lang` are told. */
  tag: string;
  dir: 'ltr' | 'rtl';
}

export const FACTS: Record<Language, Facts> = {
  en: { name: 'English', tag: 'en', dir: 'ltr' },
  de: { name: 'Deutsch', tag: 'de', dir: 'ltr' },
  es: { name: 'Español', tag: 'es', dir: 'ltr' },
  fr: { name: 'Français', tag: 'fr', dir: 'ltr' },
  zh: { name: '简体中文', tag: 'zh-Hans', dir: 'ltr' },
  // Western digits: they are on the keys, and in the data that is labelled.
  ar: { name: 'العربية', tag: 'ar-u-nu-latn', dir: 'rtl' },
};

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The first of the wanted languages that the app speaks, such as `de` for `de-AT`; English if there is none. */
export function spoken(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en';
}
