/** Why a call did not succeed. */

export interface ProblemFields {
  status: number;
  code: string;
  detail: string;
  hint?: string | undefined;
  errors?: { path: string; message: string }[] | undefined;
  request_id?: string | undefined;
}

/** The server answered, and refused. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly errors: { path: string; message: string }[];
  readonly requestId: string;

  constructor(fields: ProblemFields) {
    super(fields.detail);
    this.name = 'Problem';
    this.status = fields.status;
    this.code = fields.code;
    this.hint = fields.hint ?? '';
    this.errors = fields.errors ?? [];
    this.requestId = fields.request_id ?? '';
  }

  /** Whether the same request may succeed later without any change. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** No answer came: no network, or the server is not running. */
export class Unreachable extends Error {
  constructor() {
    super('no answer');
    this.name = 'Unreachable';
  }
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function paths(value: unknown): { path: string; message: string }[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => {
    const { path, message } = (entry ?? {}) as Record<string, unknown>;
    return { path: text(path, ''), message: text(message, '') };
  });
}

/** The problem that an answer's status and body describe, whatever their shape. */
export function problemOf(status: number, statusText: string, body: unknown): Problem {
  const parts = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return new Problem({
    status,
    code: text(parts['code'], 'server'),
    detail: text(parts['detail'], text(parts['title'], `${String(status)} ${statusText}`.trim())),
    hint: text(parts['hint'], ''),
    errors: paths(parts['errors']),
    request_id: text(parts['request_id'], ''),
  });
}
