import { beforeEach, expect, test, vi } from 'vitest';
import type { Language } from '../src/i18n';

const arrivals = new Map<Language, { come: () => void; fail: () => void }>();
const written: string[] = [];

vi.mock('../src/i18n', async (original) => ({
  ...(await original<object>()),
  textsOf: (language: Language) =>
    new Promise((come, fail) => {
      arrivals.set(language, { come: () => come({}), fail: () => fail(new Error('no network')) });
    }),
  speak: (language: string) => written.push(language),
}));

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

beforeEach(() => {
  vi.resetModules();
  arrivals.clear();
  written.length = 0;
  vi.stubGlobal('document', { documentElement: { lang: '', dir: '' } });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal('navigator', { languages: ['de-AT'] });
});

test('the language of a person stays, though the file of the browser\'s language arrives later', async () => {
  const { startLanguage, takeLanguage } = await import('../src/lib/language.svelte');
  const started = startLanguage();
  const taken = takeLanguage('ar');
  arrivals.get('ar')?.come();
  await taken;
  expect(document.documentElement).toEqual({ lang: 'ar', dir: 'rtl' });
  arrivals.get('de')?.come();
  await started;
  expect([document.documentElement.lang, written]).toEqual(['ar', ['ar']]);
});

test('English takes the place of a file that cannot be had, but not of a language chosen meanwhile', async () => {
  const { startLanguage, takeLanguage } = await import('../src/lib/language.svelte');
  const started = startLanguage();
  arrivals.get('de')?.fail();
  await settled();
  const taken = takeLanguage('fr');
  arrivals.get('fr')?.come();
  await taken;
  arrivals.get('en')?.come();
  await started;
  expect(written).toEqual(['fr']);
});

test('what arrives first is shown until what was asked for last is there', async () => {
  const { startLanguage, takeLanguage } = await import('../src/lib/language.svelte');
  const started = startLanguage();
  const taken = takeLanguage('es');
  arrivals.get('de')?.come();
  await started;
  arrivals.get('es')?.come();
  await taken;
  expect(written).toEqual(['de', 'es']);
});
