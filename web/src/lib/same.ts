/** Whether two values say the same, whatever the order of their keys. */

/** JSON with sorted keys, so that equal things have equal texts. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([name, part]) => `${JSON.stringify(name)}:${sortedJson(part)}`).join(',')}}`;
}

export const isSame = (a: unknown, b: unknown): boolean => sortedJson(a ?? null) === sortedJson(b ?? null);
