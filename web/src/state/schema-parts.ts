/** Parts of a schema while it is made by clicking: what a new one starts as, and what of it counts already. */
import type { Field, FieldType, Payload, Question, QuestionType, QuestionTypeRow, Schema } from '../api';

export type Path = readonly (string | number)[];
type Values = Record<string, unknown>;

/** The type of field that a question type works on, where that is not a text. */
const WANTED: Partial<Record<QuestionType, FieldType>> = {
  boxes: 'image', polygons: 'image', masks: 'image', keypoints: 'image', audio_regions: 'audio', document_regions: 'pdf', table_cells: 'table', messages: 'chat',
};
/** The types of field whose text can be marked. */
const MARKED: readonly FieldType[] = ['text', 'code'];
const OPTION_LISTS = ['options', 'labels', 'points'];
const BLANK = { value: '', label: '' };

/** `text` as a name that can be a key everywhere, not among `taken`. */
export function nameFrom(text: string, taken: ReadonlySet<string>): string {
  const plain = text.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^[_0-9]+|_+$/g, '');
  const base = plain === '' ? 'question' : plain.slice(0, 60).replace(/_+$/, '');
  let name = base;
  for (let n = 2; taken.has(name); n += 1) name = `${base}_${String(n)}`;
  return name;
}

/** The values without one of them. */
export const without = <T extends object>(values: T, key: string): T => Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)) as T;

/** The text at a key of a value; empty where there is none. */
function textAt(value: unknown, key: string): string {
  const text = valueAt(value, [key]);
  return typeof text === 'string' ? text : '';
}

/** What is at a path of a value. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, key) => (typeof here === 'object' && here !== null ? (here as Values)[key] : undefined), value);
}

/** The value with another part at `path`; without that part where `part` is undefined. */
export function withPart(value: unknown, path: Path, part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  const inner = withPart(valueAt(value, [key]), rest, part);
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    if (inner === undefined) list.splice(key, 1);
    else list[key] = inner;
    return list;
  }
  const others = { ...(value as Values | undefined) };
  if (inner === undefined) return without(others, key);
  return { ...others, [key]: inner };
}

/** What a part of a question has to have, from its type's description. */
export function definitionOf(row: QuestionTypeRow): { properties: Values; required: string[] } {
  const described = row.json_schema as { $ref: string; $defs: Record<string, { properties?: Values; required?: string[] }> };
  const definition = described.$defs[described.$ref.split('/').at(-1) ?? ''];
  return { properties: definition?.properties ?? {}, required: definition?.required ?? [] };
}

/** The fields whose text can be marked. */
export const markedFields = (schema: Schema): Field[] => schema.fields.filter((field) => MARKED.includes(field.type));

/** A question of a type with nothing said yet but what can be guessed. */
export function newQuestion(row: QuestionTypeRow, schema: Schema): Question {
  const type = row.type as QuestionType;
  const { required, properties } = definitionOf(row);
  const fits = type === 'spans' ? markedFields(schema) : schema.fields.filter((field) => field.type === (WANTED[type] ?? field.type));
  const field = fits[0]?.name ?? schema.fields[0]?.name ?? '';
  const question: Values = { type, name: '', label: '' };
  for (const name of required) {
    if (OPTION_LISTS.includes(name)) question[name] = name === 'options' ? [BLANK, BLANK] : [BLANK];
    else if (name === 'a') question[name] = schema.fields[0]?.name ?? '';
    else if (name === 'b') question[name] = schema.fields[1]?.name ?? '';
    else if (name === 'spans') question[name] = schema.questions.findLast((one) => one.type === 'spans')?.name ?? '';
    else if (name === 'ask') question[name] = [{ type: 'rating', name: 'rating', label: '' }];
    else if (name === 'field') question[name] = field;
  }
  if ('options' in properties && !('options' in question)) question['options'] = [BLANK, BLANK];
  if ('criteria' in properties) question['criteria'] = [{ name: '', label: '' }];
  return question as unknown as Question;
}

/** The schema without options and criteria that are not written yet; questions without a name get one. */
export function finished(schema: Schema): Schema {
  return { ...schema, questions: finishedQuestions(schema.questions) };
}

function finishedQuestions(questions: readonly Question[]): Question[] {
  const names = new Set(questions.map(({ name }) => name));
  return questions.map((question) => {
    const made = Object.fromEntries(Object.entries(question).map(([key, part]) => [key, finishedPart(key, part)])) as unknown as Question;
    if (made.name === '') made.name = nameFrom(made.label, names);
    names.add(made.name);
    return made;
  });
}

function finishedPart(key: string, part: unknown): unknown {
  if (!Array.isArray(part)) return part;
  const list: unknown[] = part;
  if (OPTION_LISTS.includes(key)) return list.filter((option) => textAt(option, 'label').trim() !== '').map((option) => trimmed(option as Values));
  if (key === 'attributes' || key === 'ask') return finishedQuestions(list as Question[]);
  return list;
}

function trimmed(option: Values): Values {
  const label = textAt(option, 'label').trim();
  const value = textAt(option, 'value').trim();
  const below = option['options'];
  return { ...option, label, value: value === '' ? label : value, ...(Array.isArray(below) ? { options: finishedPart('options', below) } : {}) };
}

/** What type of field a column is, as far as its values tell. */
export function fieldFrom(name: string, rows: readonly Payload[]): Field {
  const value = rows.map((row) => row[name]).find((one) => one !== null && one !== undefined && one !== '');
  return { name, type: typeFrom(value) };
}

function typeFrom(value: unknown): FieldType {
  if (typeof value !== 'object' || value === null) return 'text';
  if (!Array.isArray(value)) {
    const media = valueAt(value, ['media_type']);
    if (typeof media === 'string') return media.startsWith('image/') ? 'image' : media.startsWith('audio/') ? 'audio' : 'pdf';
    return 'before' in value && 'after' in value ? 'diff' : 'json';
  }
  const first: unknown = value[0];
  if (valueAt(first, ['role']) !== undefined && valueAt(first, ['content']) !== undefined) return 'chat';
  return typeof first === 'object' && first !== null ? 'table' : 'json';
}

/** Options and their options as lines, indented by two spaces a level: `value | label`, or the label alone. */
export function linesOf(options: readonly Values[], depth = 0): string[] {
  return options.flatMap((option) => {
    const [value, label] = [textAt(option, 'value'), textAt(option, 'label')];
    const line = `${'  '.repeat(depth)}${value === label ? label : `${value} | ${label}`}`;
    return [line, ...linesOf((option['options'] ?? []) as Values[], depth + 1)];
  });
}

/** Options from such lines; what an option has beside its words is kept from `before`. */
export function optionsFrom(text: string, before: readonly Values[]): Values[] {
  const root: Values[] = [];
  const above: { depth: number; below: Values[]; before: readonly Values[] }[] = [{ depth: -1, below: root, before }];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const depth = (/^[ \t]*/.exec(line)?.[0] ?? '').replaceAll('\t', '  ').length;
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    const parent = above.at(-1) ?? { below: root, before };
    const [first = '', ...rest] = line.trim().split('|');
    const value = first.trim();
    const known = parent.before.find((option) => option['value'] === value);
    const below: Values[] = [];
    const option: Values = { ...without(known ?? {}, 'options'), value, label: rest.length > 0 ? rest.join('|').trim() : value, options: below };
    parent.below.push(option);
    above.push({ depth, below, before: (known?.['options'] ?? []) as Values[] });
  }
  return withoutEmpty(root);
}

const withoutEmpty = (options: readonly Values[]): Values[] =>
  options.map(({ options: below, ...option }) => ((below as Values[]).length > 0 ? { ...option, options: withoutEmpty(below as Values[]) } : option));
