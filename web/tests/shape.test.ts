/** Rules of form: tokens hold every raw value, components stay small, directions stay logical. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', 'src');
const read = (ending: RegExp) =>
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !name.endsWith('openapi.ts'))
    .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

const components = read(/\.svelte$/);
const styles = [
  ...components.map(({ name, text }) => ({ name, css: /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '' })),
  { name: 'base.css', css: readFileSync(join(ROOT, 'base.css'), 'utf8') },
];

function offences(pattern: RegExp): string[] {
  return styles.flatMap(({ name, css }) =>
    css
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .split('\n')
      .filter((line) => !line.includes('@media') && pattern.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
}

describe('outside tokens.css', () => {
  test('there are no colours', () => {
    expect(offences(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i)).toEqual([]);
  });

  test('there are no pixels', () => {
    expect(offences(/\d(px|pt)\b/)).toEqual([]);
  });

  test('there are no durations', () => {
    expect(offences(/\d(ms|s)\b(?!\w)/)).toEqual([]);
  });

  test('directions are logical, so that right-to-left scripts work', () => {
    expect(offences(/(^|[\s-])(margin|padding|border)-(left|right)\b|text-align: (left|right)|float: /)).toEqual([]);
  });

  test('every token that is used is defined', () => {
    const tokens = readFileSync(join(ROOT, 'tokens.css'), 'utf8');
    const local = new Set(['--depth', '--fill', '--label', '--below', '--share']);
    const used = styles.flatMap(({ css }) => [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name ?? ''));
    expect([...new Set(used)].filter((name) => !local.has(name) && !tokens.includes(`${name}:`))).toEqual([]);
  });
});

test('light and dark define the same tokens', () => {
  const tokens = readFileSync(join(ROOT, 'tokens.css'), 'utf8');
  const block = (selector: string): Record<string, string> => {
    const start = tokens.indexOf('{', tokens.indexOf(selector));
    const body = tokens.slice(start, tokens.indexOf('}', start));
    return Object.fromEntries([...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));
  };
  const bySystem = block(":root:not([data-theme='light'])");
  const byHand = block(":root[data-theme='dark']");
  expect(Object.keys(byHand).length).toBeGreaterThan(30);
  expect(byHand).toEqual(bySystem);
});

test('a component is shorter than 200 lines', () => {
  const long = components.map(({ name, text }) => ({ name, n: text.split('\n').length })).filter(({ n }) => n > 200);
  expect(long).toEqual([]);
});

test('no component carries a style attribute, which the content security policy would drop', () => {
  expect(components.filter(({ text }) => /\sstyle=["{]/.test(text)).map(({ name }) => name)).toEqual([]);
});

test('only the one renderer makes elements from markup', () => {
  const makers = read(/\.(svelte|ts)$/).filter(({ text }) => /innerHTML|insertAdjacentHTML|DOMPurify|\{@html/.test(text));
  expect(makers.map(({ name }) => name)).toEqual([join('lib', 'markdown.ts')]);
});

test('only the api folder sends requests', () => {
  const senders = read(/\.(svelte|ts)$/).filter(({ text }) => /(?<![#.\w])fetch\(|XMLHttpRequest|EventSource/.test(text));
  const outside = senders.map(({ name }) => name).filter((name) => !name.startsWith('api') && !name.startsWith('worker'));
  expect(outside).toEqual([]);
});
