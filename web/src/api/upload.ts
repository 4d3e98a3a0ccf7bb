/** Sends a file as it is, and reports how far it has come, which `fetch` cannot. */
import { settle } from './http';
import { Unreachable } from './problem';

export interface Upload {
  address: string;
  content: Blob;
  type: string;
  onProgress?: (share: number) => void;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The answer of the server after it has read the file.
 *
 * @throws Problem when it refused, Unreachable when there was no answer.
 */
export function upload<T>({ address, content, type, onProgress }: Upload): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Content-Type', type);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total);
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
    request.send(content);
  });
}
