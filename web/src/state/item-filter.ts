/** The filter that an address carries, so that every number can lead to the items behind it. */
import type { ItemFilter, ItemSort, ItemState } from '../api';

export const STATES: readonly ItemState[] = ['open', 'certain', 'uncertain', 'answered', 'unanswered', 'contested', 'to-review', 'in-rework', 'to-adjudicate', 'settled'];
export const SORTS: readonly ItemSort[] = ['position', 'need', 'confidence', 'answers', 'updated', 'priority', 'id'];

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | undefined {
  return allowed.find((one) => one === value);
}

const isSort = (text: string): boolean => text.split(',').every((part) => oneOf(SORTS, part.replace(/^-/, '')) !== undefined);

/** The filter in `query`; what it does not know is left out. */
export function filterOf(query: URLSearchParams): ItemFilter {
  const filter: ItemFilter = {};
  const state = oneOf(STATES, query.get('state'));
  const sort = query.get('sort');
  const direction = oneOf(['asc', 'desc'] as const, query.get('direction'));
  if (state !== undefined) filter.state = state;
  if (sort !== null && isSort(sort)) filter.sort = sort;
  if (direction !== undefined) filter.direction = direction;
  for (const name of ['q', 'label', 'where'] as const) {
    const value = query.get(name);
    if (value !== null && value !== '') filter[name] = value;
  }
  return filter;
}

/** A value as the language of filters writes it. */
export function quoted(value: string): string {
  const needs = /[\s(),"=!<>~]|^(and|in|not|between)$|^$/i.test(value);
  return needs ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
}

/** One condition as it is written. */
export const condition = (name: string, operator: string, value: string): string => `${quoted(name)} ${operator} ${quoted(value)}`;

/** The conditions of a filter, one by one; an `and` inside quotes, brackets or a range parts nothing. */
export function conditionsOf(where: string): string[] {
  const tokens = where.match(/"(?:[^"\\]|\\.)*"|[()]|[^\s"()]+|\s+/g) ?? [];
  const found: string[] = [''];
  let depth = 0;
  let isRange = false;
  for (const token of tokens) {
    const word = token.toLowerCase();
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (word === 'between') isRange = true;
    if (word === 'and' && depth === 0 && !isRange) found.push('');
    else {
      if (word === 'and') isRange = false;
      found.push(`${found.pop() ?? ''}${token}`);
    }
  }
  return found.map((one) => one.trim()).filter((one) => one !== '');
}

/** All that an address filters by, in the language of filters: what bulk actions and saved views rest on. */
export function wholeFilter({ state, q, label, where }: ItemFilter): string {
  const found = where === undefined ? [] : [where];
  if (state !== undefined && state !== 'all') found.push(condition('state', '=', state));
  if (q !== undefined) found.push(condition('text', '~', q));
  if (label !== undefined) {
    const [question = '', ...value] = label.split(':');
    found.push(condition(['consensus', question].join('.'), '=', value.join(':')));
  }
  return found.join(' and ');
}

/** The order of an address in one text: a direction turns its names round. */
export function wholeSort({ sort = 'position', direction }: ItemFilter): string {
  return direction === 'desc' ? sort.split(',').map((part) => (part.startsWith('-') ? part : `-${part}`)).join(',') : sort;
}
