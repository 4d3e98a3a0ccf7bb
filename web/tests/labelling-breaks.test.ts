/** Breaks at the labelling screen: what they last is counted, kept and sent. */
import { describe, expect, test, vi } from 'vitest';
import { answer, bench, type Bench, time } from './labelling-bench';

describe('a break', () => {
  const submitted = async (it: Bench) => {
    await answer(it);
    return it.server.stored.at(-1);
  };

  test('is counted apart from the work, and sent with the answer', async () => {
    const it = await bench(3);
    time.nowMs = 4_000;
    it.labelling.pause();
    time.nowMs = 64_000;
    expect([it.labelling.activeMs, it.labelling.breakMs]).toEqual([4_000, 60_000]);
    it.labelling.pause();
    it.labelling.resume();
    time.nowMs = 65_000;
    it.labelling.pause();
    time.nowMs = 75_000;
    it.labelling.resume();
    it.labelling.resume();
    time.nowMs = 77_000;
    expect(await submitted(it)).toMatchObject({ active_ms: 7_000, break_ms: 70_000 });
    expect(it.labelling.breakMs).toBe(0);
    expect(await submitted(it)).toMatchObject({ break_ms: 0 });
  });

  test('lasts a day at most, as the server takes it', async () => {
    const it = await bench(1);
    it.labelling.pause();
    time.nowMs = 200_000_000;
    it.labelling.resume();
    expect(await submitted(it)).toMatchObject({ break_ms: 86_400_000 });
  });

  test('is kept with what was begun, and goes on from there', async () => {
    const it = await bench(2);
    it.labelling.work?.answer('mood', 'good');
    await it.labelling.keepDraft();
    time.nowMs = 1_000;
    it.labelling.pause();
    time.nowMs = 31_000;
    it.labelling.resume();
    await vi.waitFor(async () => expect((await it.outbox.draft('item-0'))?.request).toMatchObject({ active_ms: 1_000, break_ms: 30_000 }));
    await it.labelling.stop();
    time.nowMs = 0;
    const again = await bench(2, it.server);
    await vi.waitFor(() => expect(again.labelling.work?.answers).toEqual({ mood: 'good' }));
    again.labelling.pause();
    time.nowMs = 5_000;
    again.labelling.resume();
    expect(await submitted(again)).toMatchObject({ active_ms: 1_000, break_ms: 35_000 });
  });

  test('from one item does not count for another that is looked at meanwhile', async () => {
    const it = await bench(3);
    await submitted(it);
    it.labelling.work?.answer('mood', 'bad');
    it.labelling.pause();
    time.nowMs = 10_000;
    it.labelling.resume();
    await it.labelling.previous();
    expect(it.labelling.breakMs).toBe(0);
    await it.labelling.next();
    expect(it.labelling.breakMs).toBe(10_000);
  });
});
