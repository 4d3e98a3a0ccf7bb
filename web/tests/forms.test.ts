/** The question types that are answered in a form: what fits, and how it is looked for and written. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer, OptionNode, Question } from '../src/api';
import { Bursts } from '../src/lib/bursts';
import { wordChanges } from '../src/lib/differences';
import { numberFrom } from '../src/questions/numbers';
import { check, isAnswered, loadKinds } from '../src/questions/registry';
import { lengthOf, normalText } from '../src/questions/texts';
import { TreePicker } from '../src/state/tree-picker.svelte';
import { placesOf, search } from '../src/state/tree-places';

const base = { name: 'q', label: 'Q' };
const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
const node = (value: string, ...below: OptionNode[]): OptionNode => ({ value, label: value, ...(below.length > 0 ? { options: below } : {}) });
const tree = [node('animal', node('bird'), node('dog', node('husky'), node('poodle'))), node('plant', node('rose'))];

const CHOICES: Question = { ...base, type: 'choices', options, min: 1, max: 2 };
const ANY: Question = { ...base, type: 'choices', options };
const TREE: Question = { ...base, type: 'taxonomy', options: tree, max: 2 };
const BRANCHES: Question = { ...base, type: 'taxonomy', options: tree, max: 3, leaves_only: false };
const NUMBER: Question = { ...base, type: 'number', min: 0, max: 10, step: 0.1 };
const WHOLE: Question = { ...base, type: 'number', integer: true };
const DAY: Question = { ...base, type: 'date', earliest: '1990-01-01', latest: '2030-12' };
const MINUTE: Question = { ...base, type: 'date', precision: 'minute' };
const LINE: Question = { ...base, type: 'text', min_length: 2, max_length: 5 };
const LINES: Question = { ...base, type: 'text', multiline: true };

const EDIT: Question = { ...base, type: 'text_edit', field: 'text' };

beforeAll(() => loadKinds([CHOICES, TREE, NUMBER, DAY, LINE, EDIT]));

const REFUSED = Symbol('refused');
const cases: [string, Question, Answer, Answer | typeof REFUSED][] = [
  ['options in any order', CHOICES, ['c', 'a'], ['a', 'c']],
  ['too few options', CHOICES, [], REFUSED],
  ['too many options', CHOICES, ['a', 'b', 'c'], REFUSED],
  ['an option twice', CHOICES, ['a', 'a'], REFUSED],
  ['an unknown option', CHOICES, ['d'], REFUSED],
  ['no option where none may fit', ANY, [], []],
  ['paths in any order', TREE, [['plant', 'rose'], ['animal', 'bird']], [['animal', 'bird'], ['plant', 'rose']]],
  ['a path that goes on', TREE, [['animal', 'dog']], REFUSED],
  ['a path to nowhere', TREE, [['animal', 'rose']], REFUSED],
  ['a path twice', TREE, [['plant', 'rose'], ['plant', 'rose']], REFUSED],
  ['a branch where branches count', BRANCHES, [['animal', 'dog']], [['animal', 'dog']]],
  ['an option below another one', BRANCHES, [['animal', 'dog', 'husky'], ['animal']], REFUSED],
  ['a number on the grid', NUMBER, 0.3, 0.3],
  ['a number beside the grid', NUMBER, 0.35, REFUSED],
  ['a number outside', NUMBER, 10.1, REFUSED],
  ['a text instead of a number', NUMBER, '3', REFUSED],
  ['a fraction where whole numbers count', WHOLE, 2.5, REFUSED],
  ['a number that JSON does not keep', WHOLE, 2 ** 53, REFUSED],
  ['a day with its time', DAY, '2024-02-29T18:30:59.25', '2024-02-29'],
  ['a day that is none', DAY, '2023-02-29', REFUSED],
  ['a month where a day is asked', DAY, '2024-02', REFUSED],
  ['a day too early', DAY, '1989-12-31', REFUSED],
  ['a bound that is less precise is none', DAY, '2031-01-01', '2031-01-01'],
  ['a minute', MINUTE, '2024-02-29 18:30', '2024-02-29T18:30'],
  ['an hour that is none', MINUTE, '2024-02-29T24:00', REFUSED],
  ['white space around', LINE, '\u3000 ab\u00a0\n', 'ab'],
  ['letters in two parts', LINE, 'e\u0301e\u0301', 'éé'],
  ['one letter too few', LINE, '👩', REFUSED],
  ['letters outside of the first plane', LINE, '👩👩👩👩👩', '👩👩👩👩👩'],
  ['one letter too many', LINE, 'abcdef', REFUSED],
  ['two lines in one', LINE, 'a\rb', REFUSED],
  ['two lines', LINES, 'a\r\n\u2028b\u0000', 'a\n\nb'],
  ['half a letter', LINES, 'a\ud83d', REFUSED],
];

test.each(cases)('%s', (_what, question, answer, expected) => {
  const verdict = check(question, answer, {});
  if (expected === REFUSED) expect(verdict).toHaveProperty('fault');
  else expect(verdict).toEqual({ answer: expected });
});

test('nothing picked and nothing written is no answer', () => {
  expect([isAnswered(CHOICES, []), isAnswered(ANY, []), isAnswered(TREE, []), isAnswered(LINE, ' \n'), isAnswered(NUMBER, 0)]).toEqual([false, true, false, false, true]);
});

test.each([
  ['2.50', 2.5],
  [' 2,5', 2.5],
  ['1,000', null],
  ['٢٥', 25],
  ['２．５', 2.5],
  ['−3', -3],
  ['1e3', 1000],
  ['', null],
  ['3 kg', null],
  ['0x10', null],
  ['-0', 0],
])('%j is written as a number: %j', (written, number) => {
  expect(numberFrom(written)).toBe(number);
});

test('characters are counted as code points', () => {
  expect([lengthOf('👩‍👩‍👧'), lengthOf(normalText(' é '))]).toEqual([5, 1]);
});

test('what is typed without a pause is one step', () => {
  let now = 0;
  const bursts = new Bursts(() => now);
  const typed = (inputType: string, ms: number) => {
    now += ms;
    return bursts.step(Object.assign(new Event('input'), { inputType }));
  };
  const [first, second] = [typed('insertText', 0), typed('insertText', 500)];
  expect(second).toBe(first);
  const steps = [second, typed('deleteContentBackward', 10), typed('insertText', 10), typed('insertText', 5_000), typed('insertFromPaste', 10), typed('insertFromPaste', 10)];
  expect(new Set(steps).size).toBe(steps.length);
});

describe('a tree of options', () => {
  const at = (value: string) => placesOf(tree).findIndex((place) => place.node.value === value);
  const big = Array.from({ length: 200 }, (_one, i) => node(`group ${String(i)}`, ...Array.from({ length: 50 }, (_two, j) => node(`Größe ${String(i)}-${String(j)}`))));

  test('is searched by words of its options and of those above them, without accents', () => {
    expect(search(tree, 'animal hus')).toEqual([at('husky')]);
    expect(search(tree, 'rose')).toEqual([at('rose')]);
    expect(search(big, 'grosse')).toEqual([]);
    expect(search(big, 'GROSE 7-').length).toBe(0);
    expect(search(big, 'group 199').map((place) => placesOf(big)[place]?.node.value)[0]).toBe('group 199');
    expect(search(big, 'große 199-49').length).toBe(1);
  });

  test('opens and closes by steps to the side', () => {
    const picker = new TreePicker(big, true);
    expect(picker.rows.length).toBe(200);
    picker.deeper();
    expect(picker.rows.length).toBe(250);
    picker.deeper();
    expect(picker.place?.node.value).toBe('Größe 0-0');
    picker.higher();
    picker.higher();
    expect([picker.place?.node.value, picker.rows.length]).toEqual(['group 0', 200]);
    expect([picker.canPick(0), picker.canPick(1)]).toEqual([false, true]);
  });

  test('shows what was found where it stands', () => {
    const picker = new TreePicker(big, true);
    picker.find('große 150-3');
    const found = picker.cursor;
    picker.reveal(found);
    expect([picker.query, picker.cursor, picker.rows.includes(found)]).toEqual(['', found, true]);
  });

  test('keeps the cursor on what is listed', () => {
    const picker = new TreePicker(tree, true);
    picker.find('rose');
    picker.move(5);
    expect(picker.place?.node.value).toBe('rose');
    picker.find('no such thing');
    picker.move(1);
    expect(picker.rows).toEqual([]);
  });
});

describe('a text and its correction', () => {
  const told = (before: string, after: string) => wordChanges(before, after).map(({ kind, text }) => `${{ same: '', gone: '-', new: '+' }[kind]}${text}`);

  test.each([
    ['There car is over their.', 'Their car is over there.', ['-There', '+Their', ' car is over ', '-their', '+there', '.']],
    ['a b c', 'a c', ['a ', '-b ', 'c']],
    ['', 'new', ['+new']],
    ['old', '', ['-old']],
    ['same', 'same', ['same']],
    ['東京都に住む', '京都に住む', ['-東', '京都に住む']],
    ['one two three four', 'zero one three four five', ['+zero ', 'one ', '-two ', 'three four', '+ five']],
  ])('%j to %j', (before, after, pieces) => {
    expect(told(before, after)).toEqual(pieces);
  });

  test('its pieces make up both texts again', () => {
    let seed = 7;
    const next = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let round = 0; round < 300; round += 1) {
      const words = () => Array.from({ length: next(14) }, () => ['a', 'b', 'c', 'd'][next(4)] ?? '').join(' ');
      const [before, after] = [words(), words()];
      const pieces = wordChanges(before, after);
      expect(pieces.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('')).toBe(before);
      expect(pieces.filter(({ kind }) => kind !== 'gone').map(({ text }) => text).join('')).toBe(after);
    }
  });

  test('a large text that is quite another one is shown as replaced, in time', () => {
    const [before, after] = ['x', 'y'].map((letter) => Array.from({ length: 20_000 }, (_one, i) => `${letter}${String(i)}`).join(' '));
    const start = performance.now();
    expect(wordChanges(before ?? '', after ?? '').length).toBeLessThan(4);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test.each([
    ['a\r\nb', 'a\nb', 'a\r\nb'],
    ['text', 'text ', 'text '],
    ['text', '', ''],
  ])('%j corrected as %j is kept as %j', (original, answer, kept) => {
    expect(check(EDIT, answer, { text: original })).toEqual({ answer: kept });
    expect(check(EDIT, answer, {})).toHaveProperty('fault');
  });
});
