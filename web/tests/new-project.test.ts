import { expect, test } from 'vitest';
import { formatOf } from '../src/state/new-project.svelte';
import { QuestionDraft, nameFrom } from '../src/state/question-draft.svelte';

test.each([
  ['Which licence is this?', 'which_licence_is_this'],
  ['Größe', 'gro_e'],
  ['1. Mood', 'mood'],
  ['質問', 'question'],
  ['x'.repeat(200), 'x'.repeat(60)],
])('%j becomes a name the server takes', (text, name) => {
  expect(nameFrom(text, new Set())).toBe(name);
  expect(nameFrom(text, new Set())).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
});

test('a name that is taken gets a number', () => {
  expect(nameFrom('Mood', new Set(['mood', 'mood_2']))).toBe('mood_3');
});

test('a choice needs words and two options', () => {
  const draft = new QuestionDraft('choice');
  draft.label = 'Mood?';
  expect(draft.isComplete).toBe(false);
  draft.options[0]!.label = 'good';
  draft.options[1]!.label = 'bad';
  expect(draft.isComplete).toBe(true);
});

test('options that cannot be told apart are named', () => {
  const draft = new QuestionDraft('choice');
  draft.options = [
    { label: 'good', key: 'x' },
    { label: 'good ', key: 'X' },
    { label: 'bad', key: 's' },
  ];
  expect(draft.clashes).toEqual(['good', 'x', 's']);
});

test('a pasted list becomes options', () => {
  const draft = new QuestionDraft('choice');
  expect(draft.paste(0, 'MIT\r\nBSD\n\n Apache ')).toBe(true);
  expect(draft.filled.map(({ label }) => label)).toEqual(['MIT', 'BSD', 'Apache']);
  expect(draft.paste(0, 'one line')).toBe(false);
});

test('the finished question has what the server asks for', () => {
  const draft = new QuestionDraft('spans');
  draft.label = ' Holder ';
  draft.options = [{ label: 'Person', key: 'P' }, { label: '', key: '' }];
  draft.field = 'gone';
  expect(draft.question(new Set(), ['text'])).toEqual({
    type: 'spans', name: 'holder', label: 'Holder', required: false, field: 'text', labels: [{ value: 'Person', label: 'Person', key: 'p' }],
  });
});

test('a file’s name tells its format', () => {
  expect(['a.CSV', 'b.ndjson', 'c.json', 'd.pdf', 'e'].map(formatOf)).toEqual(['csv', 'jsonl', 'json', null, null]);
});
