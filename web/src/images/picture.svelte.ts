/** The pixels of an image: fetched whole, or in tiles where it is large, and drawn as they arrive. */
import type { Rect } from './geometry';
import { imageUrl, tileUrl, type ImageMedia } from './media';
import type { View } from './view.svelte';

export const TILE = 256;
/** Images with a longer side than this come in tiles. */
export const LONGEST_WHOLE = 4096;
const MOST_TILES = 400;
const SMOOTH_UP_TO = 3;

type Brush = CanvasRenderingContext2D;

export class Picture {
  readonly media: ImageMedia;
  readonly isTiled: boolean;
  state = $state<'loading' | 'ready' | 'broken'>('loading');
  /** Counts what has arrived, so that it is drawn. */
  arrived = $state(0);
  readonly #vault: string;
  readonly #whole = new Image();
  readonly #tiles = new Map<string, HTMLImageElement | null>();
  readonly #coarsest: number;

  constructor(vault: string, media: ImageMedia) {
    this.#vault = vault;
    this.media = media;
    const longest = Math.max(media.width, media.height);
    this.isTiled = longest > LONGEST_WHOLE;
    this.#coarsest = Math.max(0, Math.ceil(Math.log2(longest / TILE)));
    if (this.isTiled) this.#tile(this.#coarsest, 0, 0);
    else this.#load(this.#whole, imageUrl(vault, media));
  }

  /** Draws what is seen of the image; `brush` already speaks in pixels of the image. */
  draw(brush: Brush, view: View, density: number): void {
    void this.arrived;
    if (this.state !== 'ready') return;
    brush.imageSmoothingEnabled = view.scale < SMOOTH_UP_TO;
    if (!this.isTiled) {
      brush.drawImage(this.#whole, 0, 0, this.media.width, this.media.height);
      return;
    }
    const [left, top] = view.toImage([0, 0]);
    const [right, bottom] = view.toImage([view.frame.width, view.frame.height]);
    this.#drawTiles(brush, { x: left, y: top, width: right - left, height: bottom - top }, view.scale * density);
  }

  /** The pixels of a part of the image, as many as `width` and `height` say. */
  pixels(part: Rect, width: number, height: number): ImageData {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const brush = canvas.getContext('2d', { willReadFrequently: true });
    if (brush === null) throw new Error('this browser draws on no canvas');
    const scale = width / part.width;
    brush.setTransform(scale, 0, 0, height / part.height, -part.x * scale, (-part.y * height) / part.height);
    if (this.isTiled) this.#drawTiles(brush, part, scale);
    else brush.drawImage(this.#whole, 0, 0, this.media.width, this.media.height);
    return brush.getImageData(0, 0, width, height);
  }

  /** Draws the tiles of a part, the coarse ones first, so that something is seen until the fine ones come. */
  #drawTiles(brush: Brush, part: Rect, scale: number): void {
    const finest = Math.min(this.#coarsest, Math.max(0, Math.floor(Math.log2(1 / scale) + 0.25)));
    for (const level of new Set([this.#coarsest, Math.min(this.#coarsest, finest + 2), finest])) {
      const span = TILE * 2 ** level;
      const [lastX, lastY] = [Math.ceil(this.media.width / span) - 1, Math.ceil(this.media.height / span) - 1];
      for (let y = Math.max(0, Math.floor(part.y / span)); y <= Math.min(lastY, Math.floor((part.y + part.height) / span)); y += 1) {
        for (let x = Math.max(0, Math.floor(part.x / span)); x <= Math.min(lastX, Math.floor((part.x + part.width) / span)); x += 1) {
          const tile = this.#tile(level, x, y);
          if (tile === null) continue;
          brush.drawImage(tile, x * span, y * span, Math.min(span, this.media.width - x * span), Math.min(span, this.media.height - y * span));
        }
      }
    }
  }

  /** A tile that is here; one that is not is asked for. */
  #tile(level: number, x: number, y: number): HTMLImageElement | null {
    const name = `${String(level)}/${String(x)}/${String(y)}`;
    const found = this.#tiles.get(name);
    if (found !== undefined) {
      this.#tiles.delete(name);
      this.#tiles.set(name, found);
      return found?.complete === true && found.naturalWidth > 0 ? found : null;
    }
    const tile = new Image();
    this.#tiles.set(name, tile);
    if (this.#tiles.size > MOST_TILES) this.#tiles.delete(this.#tiles.keys().next().value ?? '');
    this.#load(tile, tileUrl(this.#vault, this.media, level, x, y));
    return null;
  }

  #load(image: HTMLImageElement, url: string): void {
    image.decoding = 'async';
    image.onload = () => {
      this.state = 'ready';
      this.arrived += 1;
    };
    image.onerror = () => {
      if (this.state === 'loading') this.state = 'broken';
    };
    image.src = url;
  }
}
