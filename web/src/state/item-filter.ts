/** The filter that an address carries, so that every number can lead to the items behind it. */
import type { ItemFilter, ItemSort, ItemState } from '../api';

export const STATES: readonly ItemState[] = ['open', 'certain', 'uncertain', 'answered', 'unanswered', 'contested'];
export const SORTS: readonly ItemSort[] = ['position', 'need', 'confidence', 'answers', 'updated'];

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | undefined {
  return allowed.find((one) => one === value);
}

/** The filter in `query`; what it does not know is left out. */
export function filterOf(query: URLSearchParams): ItemFilter {
  const filter: ItemFilter = {};
  const state = oneOf(STATES, query.get('state'));
  const sort = oneOf(SORTS, query.get('sort'));
  const direction = oneOf(['asc', 'desc'] as const, query.get('direction'));
  const q = query.get('q');
  const label = query.get('label');
  if (state !== undefined) filter.state = state;
  if (sort !== undefined) filter.sort = sort;
  if (direction !== undefined) filter.direction = direction;
  if (q !== null && q !== '') filter.q = q;
  if (label !== null && label !== '') filter.label = label;
  return filter;
}
