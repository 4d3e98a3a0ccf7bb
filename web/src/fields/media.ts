/** Pictures, sounds and documents in payloads. */
import type { Media } from '../api';

const HASH = /^[0-9a-f]{64}$/;

/** The media that a payload's value names; null for anything else. */
export function mediaOf(value: unknown): Media | null {
  const media = value as Partial<Media> | null;
  return typeof media?.blob === 'string' && HASH.test(media.blob) ? { media_type: '', name: '', size: 0, ...media, blob: media.blob } : null;
}
