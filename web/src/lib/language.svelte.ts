/** The language of the page: what the person chose, else what the browser asks for. */
import { FACTS, speak, textsOf, type Language } from '../i18n';
import { isLanguage, spoken } from '../i18n/languages';

const PLACE = 'goldsmith.language';

function kept(): Language | null {
  try {
    const value = localStorage.getItem(PLACE);
    return isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

function keep(language: Language | null): void {
  try {
    if (language === null) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, language);
  } catch {
    // Storage is switched off: the choice holds until the page is closed.
  }
}

async function keepFile(language: Language): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  (await navigator.serviceWorker.ready).active?.postMessage({ language });
}

let asked = 0;
let shown = 0;

/** Whichever file arrives first: what was asked for last is what the page ends in. */
async function show(language: Language, order = (asked += 1)): Promise<void> {
  const texts = await textsOf(language);
  if (order < shown) return;
  shown = order;
  speak(language, texts);
  document.documentElement.lang = FACTS[language].tag.replace(/-u-.*/, '');
  document.documentElement.dir = FACTS[language].dir;
  void keepFile(language);
}

/** Speaks the language that this device knows, before anything is drawn; English where its file cannot be had. */
export async function startLanguage(): Promise<void> {
  const language = kept() ?? spoken(navigator.languages);
  const order = (asked += 1);
  await show(language, order).catch(() => show('en', order));
}

/** Speaks the language that a person chose; null is that of the browser. */
export async function takeLanguage(language: Language | null): Promise<void> {
  keep(language);
  await show(language ?? spoken(navigator.languages));
}
