import { expect, test } from 'vitest';
import { formatOf } from '../src/state/new-project.svelte';

test('a file’s name tells its format', () => {
  expect(['a.CSV', 'b.ndjson', 'c.json', 'd.pdf', 'e'].map(formatOf)).toEqual(['csv', 'jsonl', 'json', null, null]);
});
