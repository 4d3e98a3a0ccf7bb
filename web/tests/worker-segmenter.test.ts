import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkerSegmenter, type SegmenterAnswer, type SegmenterAsked, type SegmenterPort } from '../src/images/worker-segmenter';

class Port implements SegmenterPort {
  onmessage: SegmenterPort['onmessage'] = null;
  onerror: SegmenterPort['onerror'] = null;
  readonly asked: SegmenterAsked[] = [];
  isEnded = false;

  postMessage(asked: SegmenterAsked): void {
    this.asked.push(asked);
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(data: SegmenterAnswer): void {
    this.onmessage?.({ data } as MessageEvent<SegmenterAnswer>);
  }

  fail(message: string): void {
    this.onerror?.({ message } as ErrorEvent);
  }
}

const ports: Port[] = [];
const HINT = { points: [{ x: 1, y: 1, isInside: true }] };
const pixels = (shade: number, width = 3, height = 2) => ({ data: new Uint8ClampedArray(4 * width * height).fill(shade), width, height });
const segmenter = (): WorkerSegmenter =>
  new WorkerSegmenter(() => {
    const port = new Port();
    ports.push(port);
    return port;
  });

beforeEach(() => {
  ports.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the worker is asked with the pixels and the hint, and its mask is what was found', async () => {
  const asked = segmenter().segment(pixels(7), HINT);
  const [question] = ports[0]?.asked ?? [];
  expect(question).toMatchObject({ width: 3, height: 2, points: HINT.points });
  expect(question?.pixels).toEqual(pixels(7).data);
  const mask = Uint8Array.of(1, 1, 0, 0, 0, 0);
  ports[0]?.answer({ id: question?.id ?? 0, mask });
  expect(await asked).toEqual(mask);
});

test('pixels that the worker has are not sent again', () => {
  const one = segmenter();
  for (const shade of [7, 7, 8, 7]) void one.segment(pixels(shade), HINT);
  expect(ports[0]?.asked.map((question) => question.pixels !== undefined)).toEqual([true, false, true, true]);
  expect(ports).toHaveLength(1);
});

test('each question gets its own answer, whatever their order', async () => {
  const one = segmenter();
  const [first, second] = [one.segment(pixels(1), HINT), one.segment(pixels(2), HINT)];
  ports[0]?.answer({ id: 2, mask: new Uint8Array(6).fill(1) });
  ports[0]?.answer({ id: 1, mask: new Uint8Array(6) });
  ports[0]?.answer({ id: 1, mask: new Uint8Array(6).fill(1) });
  expect([(await first)[0], (await second)[0]]).toEqual([0, 1]);
});

test('what the worker says of a failure is passed on', async () => {
  const one = segmenter();
  const asked = expect(one.segment(pixels(1), HINT)).rejects.toThrow('no model');
  ports[0]?.answer({ id: 1, error: 'no model' });
  await asked;
  const wrong = expect(one.segment(pixels(1), HINT)).rejects.toThrow('5 pixels instead of 6');
  ports[0]?.answer({ id: 2, mask: new Uint8Array(5) });
  await wrong;
});

test('a worker that breaks or is silent fails all that wait, and the next question starts another with the pixels', async () => {
  const one = segmenter();
  const both = [one.segment(pixels(1), HINT), one.segment(pixels(1), HINT)].map((asked) => expect(asked).rejects.toThrow('no such file'));
  ports[0]?.fail('no such file');
  await Promise.all(both);
  const silent = expect(one.segment(pixels(1), HINT)).rejects.toThrow('did not answer');
  await vi.advanceTimersByTimeAsync(120_000);
  await silent;
  void one.segment(pixels(1), HINT);
  expect(ports.map((port) => port.isEnded)).toEqual([true, true, false]);
  expect(ports.map((port) => port.asked.map((question) => question.pixels !== undefined))).toEqual([[true, false], [true], [true]]);
});
