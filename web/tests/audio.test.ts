import { beforeAll, describe, expect, test } from 'vitest';
import type { AudioRegionsQuestion } from '../src/api';
import { bindingsOf } from '../src/audio/audio-keys';
import { peakBetween } from '../src/audio/peaks';
import { Player, timeText, type Sound } from '../src/audio/player.svelte';
import type { SoundRegion } from '../src/audio/sound-region';
import { moved, snapped, stretchOf } from '../src/audio/waves';
import { check, loadKinds } from '../src/questions/registry';
import { Regions } from '../src/questions/regions.svelte';
import { Work } from '../src/state/work.svelte';

const QUESTION: AudioRegionsQuestion = {
  type: 'audio_regions', name: 'turns', label: 'Turns?', field: 'call', transcript: true,
  labels: [{ value: 'agent', label: 'Agent' }, { value: 'caller', label: 'Caller' }],
};
const PAYLOAD = { call: { blob: '0'.repeat(64), media_type: 'audio/wav', name: 'call.wav', size: 1, duration_ms: 5000 } };
const subject = { item_id: 'i', external_id: 'i', lease_id: null, payload: PAYLOAD, why: '', purpose: 'label' as const, supersedes: null, schema_version: 1, guideline_version: 1, policy_version: 1 };

beforeAll(() => loadKinds([QUESTION]));

function desk() {
  const player = new Player(5000);
  const regions = new Regions<SoundRegion>(QUESTION, new Work(subject, { fields: [], questions: [] }, 'id'));
  const said: string[] = [];
  const bindings = bindingsOf({ player, regions, say: (text) => said.push(text), write: () => undefined, hasTranscript: true });
  const press = (key: string) => bindings.find(({ keys }) => keys.includes(key))?.run();
  return { player, regions, press };
}

describe('by keyboard', () => {
  test('a stretch begins where i and ends where o is pressed, in either order', () => {
    const { player, regions, press } = desk();
    player.seek(3000);
    press('i');
    player.seek(1000);
    press('o');
    expect(regions.list).toEqual([{ start_ms: 1000, end_ms: 3000, label: 'agent' }]);
    press('o');
    expect(regions.list).toHaveLength(1);
  });

  test('its ends are nudged, never over each other nor out of the sound', () => {
    const { regions, press } = desk();
    regions.add({ start_ms: 0, end_ms: 60, label: 'agent' });
    press(',');
    press('b');
    press('b');
    expect(regions.list).toEqual([{ start_ms: 0, end_ms: 10, label: 'agent' }]);
    for (let i = 0; i < 200; i += 1) press('n');
    expect(regions.list[0]?.end_ms).toBe(5000);
  });

  test('the arrows move the playhead inside the sound', () => {
    const { player, press } = desk();
    press('ArrowLeft');
    expect(player.now).toBe(0);
    press('End');
    press('ArrowRight');
    expect(player.now).toBe(5000);
    press('shift+ArrowLeft');
    expect(player.now).toBe(4950);
  });
});

test('a stretch is played to its end and no further', async () => {
  const sound: Sound = { currentTime: 0, paused: true, playbackRate: 1, src: '', play: () => Promise.resolve(), pause: () => undefined };
  const player = new Player(5000);
  player.attach(sound);
  player.playBetween(1000, 2000);
  await Promise.resolve();
  expect([sound.currentTime, player.isPlaying]).toEqual([1, true]);
  Object.assign(sound, { currentTime: 1.5, paused: false });
  player.follow();
  expect([player.now, player.isPlaying]).toEqual([1500, true]);
  sound.currentTime = 2.01;
  player.follow();
  expect([player.now, player.isPlaying]).toEqual([2000, false]);
});

test('times and stretches', () => {
  expect(timeText(61_005)).toBe('1:01.005');
  expect(stretchOf(300, 100, 200)).toEqual({ start_ms: 100, end_ms: 200 });
  expect(stretchOf(100, 105, 200)).toBeNull();
  expect(moved({ start_ms: 0, end_ms: 100 }, 'start', 500, 1000)).toEqual({ start_ms: 90, end_ms: 100 });
  expect([snapped(104, [100, 200], 5), snapped(106, [100, 200], 5)]).toEqual([100, 106]);
});

test('the outline between two times is the lowest and highest of its buckets', () => {
  const peaks = { bucketMs: 10, values: Int8Array.from([-127, 0, -10, 50, 0, 127]) };
  expect(peakBetween(peaks, 0, 10)).toEqual([-1, 0]);
  expect(peakBetween(peaks, 0, 30)).toEqual([-1, 1]);
  expect(peakBetween(peaks, 10, 12)).toEqual([-10 / 127, 50 / 127]);
});

describe('an answer', () => {
  const region = { start_ms: 0, end_ms: 1200, label: 'agent' };
  test('has its transcript in one form', () => {
    expect(check(QUESTION, [{ ...region, text: ' Cafe\u0301\r\n' }], PAYLOAD)).toEqual({ answer: [{ ...region, text: 'Café' }] });
    expect(check(QUESTION, [{ ...region, text: ' ' }], PAYLOAD)).toEqual({ answer: [region] });
  });

  test('is refused outside the sound, out of order and with what was not asked for', () => {
    const bad = [{ ...region, end_ms: 5001 }, { ...region, end_ms: 0 }, { ...region, start_ms: 0.5 }, { ...region, start_ms: -1 }, { ...region, text: 5 }, { ...region, label: 'nobody' }];
    for (const one of bad) expect(check(QUESTION, [one], PAYLOAD), JSON.stringify(one)).toHaveProperty('fault');
    expect(check({ ...QUESTION, transcript: false }, [{ ...region, text: 'x' }], PAYLOAD)).toHaveProperty('fault');
    expect(check(QUESTION, [region], {})).toHaveProperty('fault');
  });
});
