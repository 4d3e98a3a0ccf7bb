/** Pictures, sounds and documents: where their bytes are, and what the server has computed of them. */
import { reach, settle } from './http';

const blobPath = (vault: string, blob: string) => `/api/vaults/${encodeURIComponent(vault)}/blobs/${encodeURIComponent(blob)}`;

async function json(path: string): Promise<unknown> {
  const response = await reach(new Request(path, { credentials: 'same-origin' }));
  const body: unknown = await response.json().catch(() => null);
  settle(response.status, response.statusText, body);
  return body;
}

export interface PeaksOnWire {
  /** How long one bucket is, in milliseconds. */
  bucket_ms: number;
  /** Lowest and highest sample of each bucket by turns, -127 to 127. */
  peaks: number[];
}

export interface PageTextOnWire {
  text: string;
  /** For each code point `[x, y, width, height]` in points from the top left of the page. */
  boxes: [number, number, number, number][];
}

export const media = {
  blob: blobPath,
  thumbnail: (vault: string, blob: string, size: 256 | 512) => `${blobPath(vault, blob)}/thumbnail?size=${String(size)}`,
  peaks: async (vault: string, blob: string): Promise<PeaksOnWire> => (await json(`${blobPath(vault, blob)}/peaks`)) as PeaksOnWire,
  page: (vault: string, blob: string, page: number, scale: number) => `${blobPath(vault, blob)}/pages/${String(page)}.png?scale=${String(scale)}`,
  pageText: async (vault: string, blob: string, page: number): Promise<PageTextOnWire> => (await json(`${blobPath(vault, blob)}/pages/${String(page)}/text`)) as PageTextOnWire,
};
