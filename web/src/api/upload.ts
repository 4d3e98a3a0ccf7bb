/** Sends a whole file and reports how far it has come, which `fetch` cannot. */
import { address, settle, type Query } from './http';
import { Unreachable } from './problem';

export interface Upload {
  path: string;
  query: Query;
  content: Blob;
  type: string;
  onProgress: (share: number) => void;
  signal?: AbortSignal;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The answer of the server after it has read the file; rejects as `call` does. */
export function upload<T>({ path, query, content, type, onProgress, signal }: Upload): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address(path, query));
    request.setRequestHeader('Content-Type', type);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      try {
        settle(request.status, request.statusText, body);
        resolve(body as T);
      } catch (error) {
        reject(error instanceof Error ? error : new Unreachable());
      }
    });
    request.addEventListener('error', () => reject(new Unreachable()));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(content);
  });
}
