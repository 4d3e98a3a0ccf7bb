/** One request to the server, and its answer or the reason why there is none. */
import { Problem, Unreachable, problemOf } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Call {
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with its type. */
  body?: { content: Blob; type: string };
  signal?: AbortSignal | undefined;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

type Listener = (problem: Problem) => void;

let onUnauthenticated: Listener = () => undefined;

/** Says what happens when the server no longer knows who is signed in. */
export function whenUnauthenticated(listener: Listener): void {
  onUnauthenticated = listener;
}

/** `path` with the parts of `query` that are set. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const tail = parameters.toString();
  return `/api${path}${tail === '' ? '' : `?${tail}`}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  try {
    return type.includes('json') ? await response.json() : await response.text();
  } catch {
    if (!response.ok) return undefined;
    throw new Unreachable();
  }
}

/** Refuses what is no success; tells the listener when it is a lost sign-in. */
export function settle(status: number, statusText: string, body: unknown): void {
  if (status >= 200 && status < 300) return;
  const problem = problemOf(status, statusText, body);
  if (status === 401) onUnauthenticated(problem);
  throw problem;
}

/**
 * The answer of the server to one request.
 *
 * @throws Problem when it refuses, Unreachable when there is no answer.
 */
export async function call<T>(method: string, path: string, options: Call = {}): Promise<T> {
  const { query, json, body, signal, keepalive } = options;
  const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store', headers: { Accept: 'application/json' } };
  if (signal !== undefined) init.signal = signal;
  if (keepalive === true) init.keepalive = true;
  const type = body?.type ?? (method === 'GET' ? undefined : 'application/json');
  if (type !== undefined) init.headers = { Accept: 'application/json', 'Content-Type': type };
  if (body !== undefined) init.body = body.content;
  else if (method !== 'GET' && json !== undefined) init.body = JSON.stringify(json);
  const response = await fetch(address(path, query), init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
  });
  const content = await bodyOf(response);
  settle(response.status, response.statusText, content);
  return content as T;
}
