import { describe, expect, it } from 'vitest';
import { GuidelineVisit } from '../src/state/guideline-visit.svelte';

const visit = (versions: number[], older: (version: number) => Promise<string> = (version) => Promise.resolve(`text ${String(version)}`)) =>
  new GuidelineVisit({ newest: () => Promise.resolve({ rows: versions.map((guideline_version) => ({ guideline_version })) }), older });

describe('a guideline that has changed', () => {
  it('is told to whoever answered under an older version last, also after an old answer was changed', async () => {
    const one = visit([1, 2, 1]);
    expect(one.isBehind(3)).toBe(false);
    await one.start(3);
    expect([one.seen, one.isBehind(3), one.isBehind(2)]).toEqual([2, true, false]);
  });

  it('is no news to whoever has never answered here, until it changes before their eyes', async () => {
    const one = visit([]);
    await one.start(3);
    expect([one.isBehind(3), one.isBehind(4)]).toEqual([false, true]);
  });

  it('is compared with the version that was seen, and hidden again', async () => {
    const one = visit([2]);
    await one.start(5);
    await one.toggle();
    expect([one.before, one.isShown]).toEqual(['text 2', true]);
    await one.toggle();
    expect(one.isShown).toBe(false);
  });

  it('is not spoken of again once it is read', async () => {
    const one = visit([2]);
    await one.start(5);
    await one.toggle();
    one.read(5);
    expect([one.isBehind(5), one.isShown, one.isBehind(6)]).toEqual([false, false, true]);
  });

  it('says why it cannot be shown, and nothing where the newest answers do not come', async () => {
    const one = visit([2], () => Promise.reject(new Error('gone')));
    await one.start(5);
    await one.toggle();
    expect([one.isShown, one.error]).toEqual([false, new Error('gone')]);
    const offline = new GuidelineVisit({ newest: () => Promise.reject(new Error('offline')), older: () => Promise.resolve('') });
    await offline.start(5);
    expect(offline.isBehind(5)).toBe(false);
  });
});
