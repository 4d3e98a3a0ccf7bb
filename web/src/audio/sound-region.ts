/** A labelled stretch of a sound, and the state that its question's widget and editor share. */
import type { AudioRegionsQuestion } from '../api';
import { mediaOf } from '../fields/media';
import type { Sheet } from '../questions/kind';
import type { Region } from '../questions/regions.svelte';
import { Player, timeText } from './player.svelte';

export interface SoundRegion extends Region {
  start_ms: number;
  end_ms: number;
  /** What is said in it. */
  text?: string;
}

export function soundName(region: Region): string {
  const { start_ms, end_ms, text } = region as SoundRegion;
  return `${timeText(start_ms)}–${timeText(end_ms)}${text === undefined ? '' : ` ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`}`;
}

/** The player of a field, which all questions about it share. */
export function playerOf(sheet: Sheet, question: AudioRegionsQuestion): Player {
  return sheet.shared(`player of ${question.field}`, () => new Player(mediaOf(sheet.payload[question.field])?.duration_ms ?? 0));
}
