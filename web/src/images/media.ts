/** Where the bytes of an item's image are. */
import type { Media } from '../api';
import type { Size } from './geometry';

export type ImageMedia = Media & Size;

/** The image that a payload's value names; null where it names none. */
export function imageOf(value: unknown): ImageMedia | null {
  const media = value as Partial<Media> | null | undefined;
  if (typeof media?.blob !== 'string' || !Number.isInteger(media.width) || !Number.isInteger(media.height)) return null;
  return (media.width ?? 0) > 0 && (media.height ?? 0) > 0 ? (media as ImageMedia) : null;
}

const blobUrl = (vault: string, { blob }: Media): string => `/api/vaults/${encodeURIComponent(vault)}/blobs/${blob}`;

/** The image itself; of TIFF, which no browser reads, a version of the same size up to 4096 pixels on a side. */
export const imageUrl = (vault: string, media: Media): string => (media.media_type === 'image/tiff' ? `${blobUrl(vault, media)}/thumbnail?size=4096` : blobUrl(vault, media));

export const thumbnailUrl = (vault: string, media: Media, size: 128 | 256 | 512 | 1024 = 256): string => `${blobUrl(vault, media)}/thumbnail?size=${size}`;

export const tileUrl = (vault: string, media: Media, level: number, x: number, y: number): string => `${blobUrl(vault, media)}/tiles/${level}/${x}/${y}`;
