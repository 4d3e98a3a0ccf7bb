import { describe, expect, test } from 'vitest';
import type { Person, Rows } from '../src/api';
import { Names } from '../src/state/names.svelte';

const person = (name: string, pseudonym: string | null): Person => ({ person_id: name, name, email: null, role: 'annotator', created_at: 0, pseudonym, skills: [] });

describe('names', () => {
  test('stand for the pseudonyms of the vault that is open', async () => {
    const people: Record<string, Rows<Person>> = { acme: { rows: [person('Ada', 'person-1'), person('Bob', null)] }, globex: { rows: [] } };
    const names = new Names({ people: (vault) => Promise.resolve(people[vault] ?? { rows: [] }) });
    await names.watch('acme');
    expect(names.of('person-1')).toBe('Ada');
    expect(names.of('person-2')).toBe('person-2');
    await names.watch('globex');
    expect(names.of('person-1')).toBe('person-1');
  });

  test('of a vault that was left while they were on their way are not taken', async () => {
    const answers: ((rows: Rows<Person>) => void)[] = [];
    const names = new Names({ people: () => new Promise((resolve) => answers.push(resolve)) });
    const first = names.watch('acme');
    await names.watch(null);
    answers[0]?.({ rows: [person('Ada', 'person-1')] });
    await first;
    expect(names.of('person-1')).toBe('person-1');
  });

  test('that cannot be had leave the pseudonyms', async () => {
    const names = new Names({ people: () => Promise.reject(new Error('forbidden')) });
    await names.watch('acme');
    expect(names.of('person-1')).toBe('person-1');
  });
});
