import { describe, expect, it } from 'vitest';
import { imageUrl } from '../src/images/media';

const media = { blob: 'ab', name: 'a', size: 1, width: 10, height: 10 };

describe('where an image is fetched', () => {
  it('is the file itself where browsers read it', () => {
    expect(imageUrl('acme', { ...media, media_type: 'image/png' })).toBe('/api/vaults/acme/blobs/ab');
  });

  it('is a version of the same size where they do not', () => {
    expect(imageUrl('acme', { ...media, media_type: 'image/tiff' })).toBe('/api/vaults/acme/blobs/ab/thumbnail?size=4096');
  });
});
