/** The operator's own segmenter: a script of the server that runs in a worker, with nothing of the page in reach. */
import { t } from '../i18n';
import { installed } from '../lib/installed';
import { trustedScript } from '../lib/trusted';
import { growing, type Hint, type Segmenter } from './segmenter';

const ADDRESS = '/api/segmenter/segmenter.js';
/** A model may have to be fetched and compiled first. */
const PATIENCE_MS = 120_000;

type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;

/** What the worker is asked. `pixels` are RGBA, and left out where they are those of the question before. */
export interface SegmenterAsked extends Hint {
  id: number;
  width: number;
  height: number;
  pixels?: Uint8ClampedArray;
}

/** What it answers: for each pixel, row by row, 1 where it belongs to the thing; or why it cannot. */
export type SegmenterAnswer = { id: number; mask: Uint8Array } | { id: number; error: string };

/** The side of a worker that is seen from the page. */
export interface SegmenterPort {
  postMessage: (asked: SegmenterAsked) => void;
  terminate: () => void;
  onmessage: ((event: MessageEvent<SegmenterAnswer>) => unknown) | null;
  onerror: ((event: ErrorEvent) => unknown) | null;
}

interface Waiting {
  nPixels: number;
  take: (mask: Uint8Array) => void;
  refuse: (error: Error) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class WorkerSegmenter implements Segmenter {
  readonly #start: () => SegmenterPort;
  readonly #waiting = new Map<number, Waiting>();
  #port: SegmenterPort | null = null;
  #last: Uint8ClampedArray | null = null;
  #n = 0;

  constructor(start: () => SegmenterPort) {
    this.#start = start;
  }

  segment({ data, width, height }: Pixels, hint: Hint): Promise<Uint8Array> {
    const port = this.#opened();
    const isKnown = this.#last !== null && isSame(this.#last, data);
    const id = (this.#n += 1);
    const pixels = new Uint8ClampedArray(data);
    this.#last = pixels;
    return new Promise((take, refuse) => {
      const timer = setTimeout(() => this.#end(new Error(t('masks.segmenterSilent'))), PATIENCE_MS);
      this.#waiting.set(id, { nPixels: width * height, take, refuse, timer });
      port.postMessage({ ...hint, id, width, height, ...(isKnown ? {} : { pixels }) });
    });
  }

  #opened(): SegmenterPort {
    if (this.#port !== null) return this.#port;
    const port = this.#start();
    port.onmessage = ({ data }) => this.#hear(data);
    port.onerror = (event) => this.#end(new Error(event.message || t('masks.segmenterBroken')));
    this.#port = port;
    return port;
  }

  #hear(answer: SegmenterAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if ('error' in answer) waiting.refuse(new Error(answer.error));
    else if (answer.mask.length === waiting.nPixels) waiting.take(answer.mask);
    else waiting.refuse(new Error(t('masks.segmenterSize', { n: answer.mask.length, wanted: waiting.nPixels })));
  }

  /** What is broken starts anew when it is asked again. */
  #end(error: Error): void {
    this.#port?.terminate();
    this.#port = null;
    this.#last = null;
    for (const { refuse, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      refuse(error);
    }
    this.#waiting.clear();
  }
}

const isSame = (one: Uint8ClampedArray, other: ArrayLike<number>): boolean => one.length === other.length && one.every((value, i) => value === other[i]);

let running: Segmenter | null = null;

/** The operator's segmenter where there is one, else the built-in one. */
export function segmenterInUse(): Segmenter {
  if (installed.segmenter === null) return growing;
  running ??= new WorkerSegmenter(() => new Worker(trustedScript('goldsmith-segmenter', ADDRESS), { type: 'module', name: 'segmenter' }));
  return running;
}
