/** The one door to the server: every request the app can make. */
import { address, call } from './http';
import type * as T from './types';
import { upload } from './upload';

export { whenUnauthenticated } from './http';
export { Problem, Unreachable } from './problem';
export type * from './types';

const MEDIA_TYPES: Record<T.FileFormat, string> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
};

const id = encodeURIComponent;
const vaultPath = (vault: string) => `/vaults/${id(vault)}`;
const projectPath = (vault: string, project: string) => `${vaultPath(vault)}/projects/${id(project)}`;

export interface ImportOptions {
  format: T.FileFormat;
  textColumn: string;
  idColumn: string | null;
  onProgress: (share: number) => void;
}

export const api = {
  signInByLink: (token: string) => call<T.Me>('POST', '/sign-in/link', { json: { token } }),
  signInByPassword: (email: string, password: string) =>
    call<T.Me>('POST', '/sign-in/password', { json: { email, password } }),
  signOut: () => call<undefined>('POST', '/sign-out'),
  me: () => call<T.Me>('GET', '/me'),
  setPassword: (password: string, current: string | null) =>
    call<undefined>('PUT', '/me/password', { json: { password, current } }),
  tokens: () => call<T.Rows<T.ApiToken>>('GET', '/tokens'),
  createToken: (token: { name: string; vault: string; role: T.Role; expires_in_days: number }) =>
    call<T.NewApiToken>('POST', '/tokens', { json: token }),
  deleteToken: (token: string) => call<undefined>('DELETE', `/tokens/${id(token)}`),

  people: (vault: string) => call<T.Rows<T.Person>>('GET', `${vaultPath(vault)}/people`),
  invite: (vault: string, person: { name: string; email: string | null; role: T.Role }) =>
    call<T.Invitation>('POST', `${vaultPath(vault)}/people`, { json: person }),
  outboxKey: (vault: string) => call<T.OutboxKey>('GET', `${vaultPath(vault)}/outbox-key`),

  projects: (vault: string) => call<T.Rows<T.ProjectCard>>('GET', `${vaultPath(vault)}/projects`),
  createProject: (vault: string, project: T.NewProject) =>
    call<T.ProjectFull>('POST', `${vaultPath(vault)}/projects`, { json: project }),
  project: (vault: string, project: string) => call<T.ProjectFull>('GET', projectPath(vault, project)),
  setGuideline: (vault: string, project: string, guideline: string) =>
    call<T.ProjectFull>('PUT', `${projectPath(vault, project)}/guideline`, { json: { guideline } }),
  setPolicy: (vault: string, project: string, policy: T.Policy) =>
    call<T.ProjectFull>('PUT', `${projectPath(vault, project)}/policy`, { json: { policy } }),
  setSchema: (vault: string, project: string, schema: T.Schema) =>
    call<T.ProjectFull>('PUT', `${projectPath(vault, project)}/schema`, { json: { schema } }),
  progress: (vault: string, project: string) => call<T.Progress>('GET', `${projectPath(vault, project)}/progress`),
  infer: (vault: string, project: string) => call<T.Job>('POST', `${projectPath(vault, project)}/infer`),

  guess: (vault: string, start: Blob, format: T.FileFormat) =>
    call<T.Guess>('POST', `${vaultPath(vault)}/imports/guess`, { body: { content: start, type: MEDIA_TYPES[format] } }),
  importItems: (vault: string, project: string, file: Blob, options: ImportOptions) =>
    upload<T.ImportReport>({
      path: `${projectPath(vault, project)}/items`,
      query: { format: options.format, text_column: options.textColumn, id_column: options.idColumn },
      content: file,
      type: MEDIA_TYPES[options.format],
      onProgress: options.onProgress,
    }),

  items: (
    vault: string,
    project: string,
    query: T.ItemFilter & { cursor?: string | null; limit: number },
    signal?: AbortSignal,
  ) => call<T.ItemPage>('GET', `${projectPath(vault, project)}/items`, { query: { ...query }, signal }),
  item: (vault: string, project: string, item: string, signal?: AbortSignal) =>
    call<T.ItemFull>('GET', `${projectPath(vault, project)}/items/${id(item)}`, { signal }),

  lease: (vault: string, project: string, n: number) =>
    call<T.Leases>('POST', `${projectPath(vault, project)}/leases`, { json: { n } }),
  heartbeat: (vault: string, lease: string) =>
    call<{ leased_until: number }>('POST', `${vaultPath(vault)}/leases/${id(lease)}/heartbeat`),
  giveBack: (vault: string, lease: string) =>
    call<undefined>('DELETE', `${vaultPath(vault)}/leases/${id(lease)}`, { keepalive: true }),
  submit: (vault: string, project: string, annotation: T.AnnotationRequest) =>
    call<T.Receipt>('POST', `${projectPath(vault, project)}/annotations`, { json: annotation }),
  myAnnotations: (vault: string, project: string, limit: number, cursor: string | null) =>
    call<T.Page<T.MyAnnotation>>('GET', `${projectPath(vault, project)}/my-annotations`, { query: { limit, cursor } }),

  makeRelease: (vault: string, project: string, name: string | null) =>
    call<T.Job>('POST', `${projectPath(vault, project)}/releases`, { json: name === null ? {} : { name } }),
  releases: (vault: string, project: string) =>
    call<T.Rows<T.ReleaseCard>>('GET', `${projectPath(vault, project)}/releases`),
  release: (vault: string, project: string, version: string) =>
    call<T.Release>('GET', `${projectPath(vault, project)}/releases/${id(version)}`),
  releaseFile: (vault: string, project: string, version: string, name: string) =>
    address(`${projectPath(vault, project)}/releases/${id(version)}/files/${id(name)}`),
  releaseCsv: (vault: string, project: string, version: string) =>
    address(`${projectPath(vault, project)}/releases/${id(version)}/items.csv`),
  exportNow: (vault: string, project: string) => address(`${projectPath(vault, project)}/export.jsonl`),

  jobs: (vault: string, limit: number, cursor: string | null) =>
    call<T.Page<T.Job>>('GET', `${vaultPath(vault)}/jobs`, { query: { limit, cursor } }),
  cancelJob: (vault: string, job: string) => call<T.Job>('POST', `${vaultPath(vault)}/jobs/${id(job)}/cancel`),
  runRecipe: (vault: string, recipe: string) =>
    call<T.Job>('POST', `${vaultPath(vault)}/jobs`, { json: { kind: 'run', recipe } }),
  refineReports: (vault: string) => call<T.Rows<T.RefineReport>>('GET', `${vaultPath(vault)}/refine-reports`),
  refineReport: (vault: string, name: string) =>
    address(`${vaultPath(vault)}/refine-reports/${id(name)}/report.html`),
};
