/** What keys do while stretches of a sound are marked. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { Regions } from '../questions/regions.svelte';
import { timeText, type Player } from './player.svelte';
import type { SoundRegion } from './sound-region';
import { moved, stretchOf } from './waves';

/** Letters that labels do not get. */
export const AUDIO_KEYS = ['i', 'o', 'r', 't', 'z', 'x', 'b', 'n', ',', '.'];

const STEP_MS = 1000;
const FINE_MS = 50;

export interface AudioDesk {
  player: Player;
  regions: Regions<SoundRegion>;
  say: (text: string) => void;
  write: () => void;
  hasTranscript: boolean;
}

function begin({ player, say }: AudioDesk): void {
  player.begun = player.now;
  say(t('audio.begun', { time: timeText(player.now) }));
}

function end({ player, regions, say }: AudioDesk): void {
  const from = player.begun;
  const made = from === null ? null : stretchOf(from, player.now, player.durationMs);
  if (made === null) {
    say(t('audio.how'));
    return;
  }
  player.begun = null;
  regions.add({ ...made, label: regions.label });
  say(`${timeText(made.start_ms)} ${timeText(made.end_ms)}`);
}

function nudge({ player, regions, say }: AudioDesk, which: 'start' | 'end', ms: number): void {
  const { region, chosen } = regions;
  if (region === null) return;
  const changed = moved(region, which, (which === 'start' ? region.start_ms : region.end_ms) + ms, player.durationMs);
  regions.replace(chosen, changed, `${which} ${String(chosen)}`);
  say(timeText(which === 'start' ? changed.start_ms : changed.end_ms));
}

function playRegion({ player, regions }: AudioDesk): void {
  if (regions.region !== null) player.playBetween(regions.region.start_ms, regions.region.end_ms);
}

export function bindingsOf(desk: AudioDesk): Binding[] {
  const { player } = desk;
  const group = t('audio.title');
  const seek = (ms: number) => () => player.seek(player.now + ms);
  return [
    { keys: [' '], text: t('audio.playPause'), run: () => player.toggle(), yieldsToControls: true },
    { keys: ['ArrowLeft'], text: t('audio.back'), run: seek(-STEP_MS) },
    { keys: ['ArrowRight'], text: t('audio.forth'), run: seek(STEP_MS) },
    { keys: ['shift+ArrowLeft'], text: t('audio.backFine'), run: seek(-FINE_MS) },
    { keys: ['shift+ArrowRight'], text: t('audio.forthFine'), run: seek(FINE_MS) },
    { keys: ['Home'], text: t('audio.toStart'), run: () => player.seek(0) },
    { keys: ['End'], text: t('audio.toEnd'), run: () => player.seek(player.durationMs) },
    { keys: ['i'], text: t('audio.begin'), run: () => begin(desk) },
    { keys: ['o'], text: t('audio.end'), run: () => end(desk) },
    { keys: ['r'], text: t('audio.playRegion'), run: () => playRegion(desk) },
    { keys: [','], text: t('audio.startEarlier'), run: () => nudge(desk, 'start', -FINE_MS) },
    { keys: ['.'], text: t('audio.startLater'), run: () => nudge(desk, 'start', FINE_MS) },
    { keys: ['b'], text: t('audio.endEarlier'), run: () => nudge(desk, 'end', -FINE_MS) },
    { keys: ['n'], text: t('audio.endLater'), run: () => nudge(desk, 'end', FINE_MS) },
    ...(desk.hasTranscript ? [{ keys: ['t'], text: t('audio.transcript'), run: desk.write }] : []),
  ].map((binding) => ({ ...binding, group }));
}
