/** The texts of the app: none missing, none left over, nothing written elsewhere. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from '../src/i18n/en.json';

const ROOT = join(import.meta.dirname, '..', 'src');
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('openapi.ts'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));
const source = files.map(({ text }) => text).join('\n');

const entries = Object.keys(en);
const names = new Set(entries.map((entry) => entry.replace(/_(one|other)$/, '')));
const written = [...source.matchAll(/['`]([a-z][A-Za-z]*(?:\.[A-Za-z_-]+)+)['`]/g)].map(([, name]) => name ?? '');
const prefixes = [...source.matchAll(/`([a-z][A-Za-z]*(?:\.[A-Za-z]+)*\.)\$\{/g)].map(([, prefix]) => prefix ?? '');

test('every text that the source asks for exists', () => {
  const asked = [...source.matchAll(/\btn?\(\s*'([^']+)'/g)].map(([, name]) => name ?? '');
  expect(asked.length).toBeGreaterThan(300);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});

test('every text is asked for somewhere', () => {
  const used = new Set(written);
  const unused = [...names].filter((name) => !used.has(name) && !prefixes.some((prefix) => name.startsWith(prefix)));
  expect(unused).toEqual([]);
});

test('every family of texts that is put together from a name has members', () => {
  expect(prefixes.filter((prefix) => !entries.some((entry) => entry.startsWith(prefix)))).toEqual([]);
});

test('a plural has both its forms', () => {
  const plurals = entries.filter((entry) => /_(one|other)$/.test(entry));
  const bases = new Set(plurals.map((entry) => entry.replace(/_(one|other)$/, '')));
  expect([...bases].filter((base) => !entries.includes(`${base}_one`) || !entries.includes(`${base}_other`))).toEqual([]);
});

test('no words stand in the markup of a component', () => {
  const allowed = new Set(['Goldsmith', 'Esc', 'goldsmith serve']);
  const found = files
    .filter(({ name }) => name.endsWith('.svelte'))
    .flatMap(({ name, text }) => {
      const markup = text
        .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
        .replaceAll(/<!--[\s\S]*?-->/g, '')
        .replaceAll(/=>/g, '')
        .replaceAll(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '');
      return [...markup.matchAll(/>([^<>]*[A-Za-z]{2,}[^<>]*)</g)]
        .map(([, words]) => (words ?? '').trim())
        .filter((words) => words !== '' && !allowed.has(words))
        .map((words) => `${name}: ${words}`);
    });
  expect(found).toEqual([]);
});
