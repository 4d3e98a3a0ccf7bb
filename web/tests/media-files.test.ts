import { expect, test } from 'vitest';
import type { ImportReport } from '../src/api';
import { Problem } from '../src/api/problem';
import { isSentWhole, mediaFieldOf, sendAll } from '../src/state/media-files';

const report = (change: Partial<ImportReport>): ImportReport => ({ n_read: 1, n_accepted: 0, n_duplicate: 0, n_changed: 0, n_rejected: 0, n_predictions: 0, rejected: [], ...change });

test('a file’s name tells the field that holds it', () => {
  expect(['a.JPG', 'b.flac', 'c.pdf', 'd.zip', 'e.csv', 'png'].map(mediaFieldOf)).toEqual(['image', 'audio', 'pdf', null, null, 'image']);
  expect(['a.jpg', 'd.ZIP', 'e.csv', 'f'].map(isSentWhole)).toEqual([true, true, false, false]);
});

test('the reports of all files are one, a refused file is named, and the share grows with the bytes', async () => {
  const shares: number[] = [];
  const answers: Record<string, () => Promise<ImportReport>> = {
    'a.png': () => Promise.resolve(report({ n_accepted: 1 })),
    'b.png': () => Promise.resolve(report({ n_rejected: 1, rejected: [{ line: 1, reason: 'b.png: broken' }] })),
    'c.png': () => Promise.reject(new Problem({ status: 413, code: 'too-large', detail: 'too large' })),
    'd.zip': () => Promise.resolve(report({ n_read: 3, n_duplicate: 2, n_rejected: 1, rejected: [{ line: 3, reason: 'x.svg: no' }] })),
  };
  const files = Object.keys(answers).map((name) => new File(['1234'], name));
  const all = await sendAll(files, (file, onProgress) => (onProgress(0.5), answers[file.name]?.() ?? Promise.reject(new Error())), (share) => shares.push(share));
  expect(all).toEqual(
    report({ n_read: 6, n_accepted: 1, n_duplicate: 2, n_rejected: 3, rejected: [{ line: 2, reason: 'b.png: broken' }, { line: 3, reason: 'c.png: too large' }, { line: 3, reason: 'x.svg: no' }] }),
  );
  expect(shares).toEqual([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
});

test('a server that is away ends the sending, so that it is not told as refused files', async () => {
  await expect(sendAll([new File(['x'], 'a.png')], () => Promise.reject(new Error('no answer')), () => undefined)).rejects.toThrow('no answer');
});
