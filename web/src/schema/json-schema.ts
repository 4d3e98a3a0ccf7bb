/** What a form needs to know of a JSON schema: which input fits a parameter. */
import type { QuestionTypeRow } from '../api';

export interface Node {
  type?: string;
  $ref?: string;
  enum?: string[];
  anyOf?: Node[];
  items?: Node | false;
  prefixItems?: Node[];
  properties?: Record<string, Node>;
  required?: string[];
  default?: unknown;
}

export type Input = 'flag' | 'number' | 'text' | 'pick' | 'words' | 'flags' | 'pairs' | 'rows' | 'options' | 'tree' | 'questions' | 'field' | 'spans' | 'other';

const FIELDS = new Set(['field', 'a', 'b', 'criteria_field']);

/** The node that a reference stands for, without the null that may stand beside it. */
export function resolved(node: Node, row: QuestionTypeRow): Node {
  const defs = (row.json_schema as { $defs: Record<string, Node> }).$defs;
  if (node.$ref !== undefined) return resolved(defs[node.$ref.split('/').at(-1) ?? ''] ?? {}, row);
  const rest = node.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (rest.length === 1 && rest[0] !== undefined) return { ...resolved(rest[0], row), default: node.default };
  return node;
}

/** The name of what a list holds, such as `Option`. */
function held(node: Node): string | undefined {
  return node.items === undefined || node.items === false ? undefined : node.items.$ref?.split('/').at(-1);
}

export function inputFor(name: string, given: Node, row: QuestionTypeRow): Input {
  const node = resolved(given, row);
  if (FIELDS.has(name)) return 'field';
  if (name === 'spans') return 'spans';
  if (name === 'attributes' || name === 'ask') return 'questions';
  if (node.enum) return 'pick';
  if (node.type === 'boolean') return 'flag';
  if (node.type === 'string') return 'text';
  if (node.type === 'integer' || node.type === 'number' || node.anyOf?.every(({ type }) => ['integer', 'number', 'null'].includes(type ?? '')) === true) return 'number';
  if (node.type !== 'array') return 'other';
  if (held(node) === 'Option') return 'options';
  if (held(node) === 'TaxonomyOption') return 'tree';
  const item = node.items === undefined || node.items === false ? {} : resolved(node.items, row);
  if (item.prefixItems !== undefined) return 'pairs';
  if (item.enum) return 'flags';
  if (item.type === 'string') return 'words';
  return item.properties === undefined ? 'other' : 'rows';
}

/** What a list's entries are. */
export function itemOf(given: Node, row: QuestionTypeRow): Node {
  const { items } = resolved(given, row);
  return items === undefined || items === false ? {} : resolved(items, row);
}
