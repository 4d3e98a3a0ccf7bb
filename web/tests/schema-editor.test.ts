/** A schema while it is made: by clicking and as text, undone, and beside the one that answers exist for. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { QuestionTypeRow, Schema, SchemaVerdict } from '../src/api';
import { SchemaEditor } from '../src/state/schema-editor.svelte';
import { changesOf } from '../src/state/schema-changes';
import { fieldFrom, finished, linesOf, markedFields, nameFrom, newQuestion, optionsFrom, withPart } from '../src/state/schema-parts';

const SAVED: Schema = {
  fields: [{ name: 'text', type: 'text' }],
  questions: [
    { type: 'choice', name: 'mood', label: 'Mood?', options: [{ value: 'good', label: 'good' }, { value: 'bad', label: 'bad' }] },
    { type: 'text', name: 'why', label: 'Why?', required: false },
  ],
};

const typeRow = (type: string, properties: object, required: string[]): QuestionTypeRow => ({
  type, widget: type, title: type, json_schema: { $ref: '#/$defs/It', $defs: { It: { properties, required } } }, example: { schema: {}, item: {}, answers: [] },
});
const TYPES = [typeRow('choice', { options: {} }, ['type', 'name', 'label', 'options']), typeRow('boxes', { field: {}, labels: {} }, ['type', 'name', 'label', 'field', 'labels'])];

let asked: ({ schema: object } | { text: string })[];
let answer: (draft: { schema: object } | { text: string }) => SchemaVerdict;
let due: (() => void)[];

beforeEach(() => {
  asked = [];
  due = [];
  answer = (draft) => ('text' in draft ? { text: draft.text, schema: JSON.parse(draft.text) as Record<string, unknown> } : { text: JSON.stringify(draft.schema), schema: { ...draft.schema } });
});

async function open(saved: Schema | null = null): Promise<SchemaEditor> {
  const check = (draft: { schema: object } | { text: string }) => {
    asked.push(draft);
    return Promise.resolve({ fault: null, place: null, line: null, ...answer(draft) });
  };
  const later = (run: () => void) => {
    due.push(run);
    return () => (due = due.filter((other) => other !== run));
  };
  const editor = new SchemaEditor({ check, loadTypes: () => Promise.resolve(TYPES), later }, saved);
  await editor.loadTypes();
  await settled(editor);
  return editor;
}

async function settled(editor: SchemaEditor): Promise<void> {
  for (const run of due.splice(0)) run();
  await vi.waitFor(() => expect(editor.isChecking && asked.length > 0).toBe(false));
}

describe('by clicking', () => {
  test('a question gets its name from its words, and an option its value', async () => {
    const editor = await open();
    editor.set(['fields'], [{ name: 'text', type: 'text' }]);
    editor.addQuestion(['questions'], 'choice');
    editor.label(['questions', 0], 'What is it about?');
    editor.labelOption(['questions', 0, 'options', 0], 'Sport ');
    expect(finished(editor.schema).questions).toEqual([{ type: 'choice', name: 'what_is_it_about', label: 'What is it about?', options: [{ value: 'Sport', label: 'Sport' }] }]);
  });

  test('names and values that answers exist for stay when words change', async () => {
    const editor = await open(SAVED);
    editor.label(['questions', 0], 'How do they feel?');
    editor.labelOption(['questions', 0, 'options', 0], 'very good');
    expect(editor.schema.questions[0]).toMatchObject({ name: 'mood', label: 'How do they feel?', options: [{ value: 'good', label: 'very good' }, { value: 'bad' }] });
  });

  test('a question that marks images takes the field that is one', async () => {
    const editor = await open();
    editor.set(['fields'], [{ name: 'title', type: 'text' }, { name: 'photo', type: 'image' }]);
    editor.addQuestion(['questions'], 'boxes');
    expect(editor.schema.questions[0]).toMatchObject({ field: 'photo', labels: [{ value: '', label: '' }] });
  });

  test('questions are moved, doubled and taken away, and all of it undone', async () => {
    const editor = await open(SAVED);
    const names = () => editor.schema.questions.map(({ name }) => name);
    expect(editor.move(['questions', 1], -1)).toBe(0);
    expect(editor.move(['questions', 0], -1)).toBe(0);
    editor.duplicate(['questions', 1]);
    editor.remove(['questions', 0]);
    expect(names()).toEqual(['mood', 'mood_2']);
    for (let i = 0; i < 3; i += 1) editor.undo();
    expect([editor.schema, editor.canUndo]).toEqual([SAVED, false]);
    editor.redo();
    expect(names()).toEqual(['why', 'mood']);
  });

  test('what is typed into one place is one step', async () => {
    const editor = await open(SAVED);
    for (const label of ['W', 'Wh', 'Who']) editor.label(['questions', 1], label);
    editor.undo();
    expect(editor.schema).toEqual(SAVED);
  });
});

describe('as text', () => {
  test('both sides say the same', async () => {
    const editor = await open(SAVED);
    editor.label(['questions', 1], 'How come?');
    await settled(editor);
    expect(editor.text).toContain('How come?');
    editor.write(JSON.stringify({ ...SAVED, questions: SAVED.questions.slice(0, 1) }));
    await settled(editor);
    expect(editor.schema.questions.map(({ name }) => name)).toEqual(['mood']);
    editor.undo();
    expect(editor.schema.questions.map(({ label }) => label)).toEqual(['Mood?', 'How come?']);
  });

  test('a text with a fault leaves the sound schema to the preview, and says where the fault is', async () => {
    const editor = await open(SAVED);
    answer = () => ({ text: 'x', schema: null, fault: 'no YAML', place: '$.questions[1].type', line: 3 });
    editor.write('x');
    expect(editor.isSound).toBe(false);
    await settled(editor);
    expect([editor.isSound, editor.faultAt, editor.schema, editor.sound, editor.text]).toEqual([false, 1, SAVED, SAVED, 'x']);
  });

  test('an older verdict never counts for a newer draft', async () => {
    const editor = await open(SAVED);
    editor.label(['questions', 1], 'One');
    const [first] = due;
    editor.label(['questions', 1], 'Two');
    expect([due.length, due.includes(first ?? (() => undefined))]).toEqual([1, false]);
  });
});

test('what another schema changes is told by question', () => {
  const [mood, why] = SAVED.questions;
  const after: Schema = { ...SAVED, questions: [{ ...mood!, label: 'Feeling?' }, { ...why!, name: 'reason' }] };
  const found = changesOf(SAVED, after);
  const names = Object.fromEntries((['added', 'gone', 'changed', 'same'] as const).map((kind) => [kind, found[kind].map(({ name }) => name)]));
  expect(names).toEqual({ added: ['reason'], gone: ['why'], changed: ['mood'], same: [] });
  const reordered: Schema = { questions: [why!, { ...mood!, help: null }], fields: SAVED.fields };
  expect(changesOf(SAVED, reordered)).toMatchObject({ added: [], gone: [], changed: [], hasOtherFields: false });
});

describe('a tree of options as lines', () => {
  const tree = [{ value: 'animal', label: 'Animal', options: [{ value: 'dog', label: 'dog', help: 'barks' }, { value: 'cat', label: 'cat' }] }, { value: 'plant', label: 'plant' }];

  test('reads back as it was, with what is beside the words', () => {
    expect(linesOf(tree)).toEqual(['animal | Animal', '  dog', '  cat', 'plant']);
    expect(optionsFrom(linesOf(tree).join('\n'), tree)).toEqual(tree);
  });

  test('takes tabs, empty lines and odd indents', () => {
    expect(linesOf(optionsFrom('a\n\n\tb\n\t\tc\n   d\ne', []))).toEqual(['a', '  b', '    c', '    d', 'e']);
  });
});

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

test('a part is changed in a copy', () => {
  expect(withPart(SAVED, ['questions', 0, 'options', 1], undefined)).toMatchObject({ questions: [{ options: [{ value: 'good' }] }, { name: 'why' }] });
  expect(withPart({}, ['a', 0, 'b'], 1)).toEqual({ a: [{ b: 1 }] });
  expect(SAVED.questions[0]).toMatchObject({ options: [{ value: 'good' }, { value: 'bad' }] });
});

test.each([
  ['words', 'text'],
  [[{ role: 'user', content: 'Hi' }], 'chat'],
  [[{ a: 1 }], 'table'],
  [{ before: 'a', after: 'b' }, 'diff'],
  [{ blob: '00', media_type: 'image/png' }, 'image'],
  [{ a: 1 }, 'json'],
])('a column of %j is shown as %s', (value, type) => {
  expect(fieldFrom('x', [{ x: null }, { x: value }])).toEqual({ name: 'x', type });
});

describe('marks in a text', () => {
  const image = { name: 'photo', type: 'image', label: '' } as Schema['fields'][number];
  const text = { name: 'caption', type: 'text', label: '' } as Schema['fields'][number];
  const row = {
    type: 'spans',
    json_schema: { $ref: '#/$defs/Spans', $defs: { Spans: { properties: { field: {}, labels: {} }, required: ['field', 'labels'] } } },
  } as unknown as QuestionTypeRow;

  test('are offered only where an item has a text or code', () => {
    expect(markedFields({ fields: [image], questions: [] })).toEqual([]);
    expect(markedFields({ fields: [image, text, { ...text, name: 'source', type: 'code' }], questions: [] }).map(({ name }) => name)).toEqual(['caption', 'source']);
  });

  test('are asked about the text of an item that shows an image first', () => {
    expect(newQuestion(row, { fields: [image, text], questions: [] })).toMatchObject({ type: 'spans', field: 'caption' });
  });
});
