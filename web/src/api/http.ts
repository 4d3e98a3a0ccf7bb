/** How requests leave the app: one `fetch`, and one way to tell success, refusal and silence apart. */
import createClient from 'openapi-fetch';
import type { paths } from './openapi';
import { Problem, Unreachable, problemOf } from './problem';

type Listener = (problem: Problem) => void;

let onUnauthenticated: Listener = () => undefined;

/** Says what happens when the server no longer knows who is signed in. */
export function whenUnauthenticated(listener: Listener): void {
  onUnauthenticated = listener;
}

/** The answer of the server; what is no answer at all becomes Unreachable. */
export async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
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

/** Requests by the paths of the server's own description. */
export const client = createClient<paths>({
  fetch: reach,
  credentials: 'same-origin',
  cache: 'no-store',
  headers: { 'Content-Type': 'application/json' },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * What the server answered to a request of `client`.
 *
 * @throws Problem when it refused, Unreachable when there was no answer.
 */
export async function take<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending.catch((cause: unknown) => {
    // A body that breaks off is no answer either.
    if (cause instanceof SyntaxError || cause instanceof TypeError) throw new Unreachable();
    throw cause;
  });
  settle(response.status, response.statusText, error);
  return data as T;
}
