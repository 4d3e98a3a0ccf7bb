/** The one door to the server: every request the app can make. */
import { client, take } from './http';
import { media } from './media';
import { reviews } from './reviews';
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
const projectPath = (vault: string, project: string) => `/api/vaults/${id(vault)}/projects/${id(project)}`;
const at = (vault: string, project: string) => ({ path: { vault, project } });

export interface ImportOptions {
  format: T.FileFormat;
  idColumn: string | null;
  onProgress: (share: number) => void;
}

const signIn = {
  signInByLink: (token: string): Promise<T.Me> => take(client.POST('/api/sign-in/link', { body: { token } })),
  signInByPassword: (email: string, password: string): Promise<T.Me> =>
    take(client.POST('/api/sign-in/password', { body: { email, password } })),
  signOut: () => take(client.POST('/api/sign-out')),
  me: (): Promise<T.Me> => take(client.GET('/api/me')),
  setPassword: (password: string, current: string | null) =>
    take(client.PUT('/api/me/password', { body: { password, current } })),
  setPreferences: (body: T.Preferences) => take(client.PUT('/api/me/preferences', { body })),
  tokens: (): Promise<T.Rows<T.ApiToken>> => take(client.GET('/api/tokens')),
  createToken: (body: T.NewApiToken) => take(client.POST('/api/tokens', { body })),
  deleteToken: (token: string) =>
    take(client.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: token } } })),
};

const people = {
  people: (vault: string): Promise<T.Rows<T.Person>> =>
    take(client.GET('/api/vaults/{vault}/people', { params: { path: { vault } } })),
  invite: (vault: string, body: { name: string; email: string | null; role: T.Role }): Promise<T.Invitation> =>
    take(client.POST('/api/vaults/{vault}/people', { params: { path: { vault } }, body })),
  setRole: (vault: string, person_id: string, role: T.Role) =>
    take(client.PUT('/api/vaults/{vault}/people/{person_id}', { params: { path: { vault, person_id } }, body: { role } })),
  removePerson: (vault: string, person_id: string) =>
    take(client.DELETE('/api/vaults/{vault}/people/{person_id}', { params: { path: { vault, person_id } } })),
  newLink: (vault: string, person_id: string) =>
    take(client.POST('/api/vaults/{vault}/people/{person_id}/sign-in-link', { params: { path: { vault, person_id } } })),
  outboxKey: (vault: string): Promise<T.OutboxKey> =>
    take(client.GET('/api/vaults/{vault}/outbox-key', { params: { path: { vault } } })),
};

const projects = {
  projects: (vault: string): Promise<T.Rows<T.ProjectCard>> =>
    take(client.GET('/api/vaults/{vault}/projects', { params: { path: { vault } } })),
  createProject: (vault: string, { name, schema, guideline, policy }: T.NewProject) =>
    take(
      client.POST('/api/vaults/{vault}/projects', {
        params: { path: { vault } },
        body: { name, guideline, schema: { ...schema }, policy: { ...policy } },
      }),
    ) as Promise<unknown> as Promise<T.ProjectFull>,
  project: (vault: string, project: string) =>
    take(client.GET('/api/vaults/{vault}/projects/{project}', { params: at(vault, project) })) as Promise<unknown> as Promise<T.ProjectFull>,
  questionTypes: (): Promise<T.Rows<T.QuestionTypeRow>> => take(client.GET('/api/question-types')) as Promise<unknown> as Promise<T.Rows<T.QuestionTypeRow>>,
  schemaVersion: async (vault: string, project: string, version: number): Promise<T.Schema> => {
    const found = await take(client.GET('/api/vaults/{vault}/projects/{project}/schema/{version}', { params: { path: { vault, project, version } } }));
    return found.schema as unknown as T.Schema;
  },
  guidelineVersion: async (vault: string, project: string, version: number): Promise<string> => {
    const found = await take(client.GET('/api/vaults/{vault}/projects/{project}/guideline/{version}', { params: { path: { vault, project, version } } }));
    return found.guideline;
  },
  /** What is wrong with a schema that is being written, given its values or its YAML. */
  checkSchema: (vault: string, draft: { schema: object } | { text: string }, signal: AbortSignal): Promise<T.SchemaVerdict> =>
    take(client.POST('/api/vaults/{vault}/schemas/check', { params: { path: { vault } }, body: { ...draft } as { text: string }, signal })),
  previewSchema: (vault: string, project: string, schema: object): Promise<T.SchemaEffects> =>
    take(
      client.POST('/api/vaults/{vault}/projects/{project}/schema/preview', { params: at(vault, project), body: { schema: { ...schema } } }),
    ),
  setSchema: (vault: string, project: string, schema: object) =>
    take(
      client.PUT('/api/vaults/{vault}/projects/{project}/schema', { params: at(vault, project), body: { schema: { ...schema } } }),
    ) as Promise<unknown> as Promise<T.ProjectFull>,
  setGuideline: (vault: string, project: string, guideline: string) =>
    take(
      client.PUT('/api/vaults/{vault}/projects/{project}/guideline', { params: at(vault, project), body: { guideline } }),
    ) as Promise<unknown> as Promise<T.ProjectFull>,
  setPolicy: (vault: string, project: string, policy: T.Policy) =>
    take(
      client.PUT('/api/vaults/{vault}/projects/{project}/policy', { params: at(vault, project), body: { policy } }),
    ) as Promise<unknown> as Promise<T.ProjectFull>,
  pauseProject: (vault: string, project: string, body: { is_paused: boolean; reason: string }) =>
    take(client.PUT('/api/vaults/{vault}/projects/{project}/pause', { params: at(vault, project), body })) as Promise<unknown> as Promise<T.ProjectFull>,
  progress: (vault: string, project: string): Promise<T.Progress> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/progress', { params: at(vault, project) })),
  drawAudit: (vault: string, project: string, n: number, seed: number) =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/audit', { params: at(vault, project), body: { n, seed } })),
  infer: (vault: string, project: string): Promise<T.Job> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/infer', { params: at(vault, project) })),
};

const items = {
  guess: (vault: string, start: Blob, format: T.FileFormat) =>
    upload<T.Guess>({ address: `/api/vaults/${id(vault)}/imports/guess`, content: start, type: MEDIA_TYPES[format] }),
  importItems: (vault: string, project: string, file: Blob, options: ImportOptions) => {
    const query = new URLSearchParams({ format: options.format });
    if (options.idColumn !== null) query.set('id_column', options.idColumn);
    const address = `${projectPath(vault, project)}/items?${query.toString()}`;
    const { onProgress } = options;
    return upload<T.ImportReport>({ address, content: file, type: MEDIA_TYPES[options.format], onProgress });
  },
  /** A media file, or an archive of them, as items. */
  importFile: (vault: string, project: string, file: File, onProgress: (share: number) => void) => {
    const isZip = file.name.toLowerCase().endsWith('.zip');
    const address = `${projectPath(vault, project)}/files?${new URLSearchParams({ name: file.name }).toString()}`;
    return upload<T.ImportReport>({ address, content: file, type: isZip ? 'application/zip' : 'application/octet-stream', onProgress });
  },
  items: (vault: string, project: string, query: T.ItemFilter & { cursor: string | null; limit: number }, signal: AbortSignal): Promise<T.ItemPage> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/items', { params: { ...at(vault, project), query }, signal })),
  item: (vault: string, project: string, item: string) =>
    take(
      client.GET('/api/vaults/{vault}/projects/{project}/items/{item_id}', { params: { path: { vault, project, item_id: item } } }),
    ) as Promise<unknown> as Promise<T.ItemFull>,
  itemHistory: (vault: string, project: string, item: string, query: { where: string; sort: string }) =>
    take(
      client.GET('/api/vaults/{vault}/projects/{project}/items/{item_id}/history', { params: { path: { vault, project, item_id: item }, query } }),
    ) as Promise<unknown> as Promise<T.ItemHistory>,
  filterNames: (vault: string, project: string): Promise<T.FilterNames> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/filter-names', { params: at(vault, project) })),
  itemViews: (vault: string, project: string): Promise<T.Rows<T.ItemView>> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/item-views', { params: at(vault, project) })),
  saveItemView: (vault: string, project: string, body: T.NewItemView): Promise<T.Rows<T.ItemView>> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/item-views', { params: at(vault, project), body })),
  deleteItemView: (vault: string, project: string, view: string) =>
    take(client.DELETE('/api/vaults/{vault}/projects/{project}/item-views/{view_id}', { params: { path: { vault, project, view_id: view } } })),
  changeItems: (vault: string, project: string, body: T.NewBulk): Promise<T.Bulk> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/bulk-actions', { params: at(vault, project), body })),
  bulkActions: (vault: string, project: string): Promise<T.Page<T.Bulk>> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/bulk-actions', { params: at(vault, project) })),
  undoBulk: (vault: string, project: string, bulk: string): Promise<T.Bulk> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/bulk-actions/{bulk_id}/undo', { params: { path: { vault, project, bulk_id: bulk } } })),
  exportNow: (vault: string, project: string) => `${projectPath(vault, project)}/export.jsonl`,
};

const quality = {
  quality: (vault: string, project: string): Promise<T.Quality> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/quality', { params: at(vault, project) })),
  setKnown: (vault: string, project: string, item: string, known: T.KnownAnswers) =>
    take(
      client.PUT('/api/vaults/{vault}/projects/{project}/items/{item_id}/known-answers', {
        params: { path: { vault, project, item_id: item } },
        body: known,
      }),
    ) as Promise<unknown> as Promise<T.ItemFull>,
  /** Takes back what is known of an item: the answer to one question, or all. */
  forgetKnown: (vault: string, project: string, item: string, question: string | null = null) =>
    take(
      client.DELETE('/api/vaults/{vault}/projects/{project}/items/{item_id}/known-answers', {
        params: { path: { vault, project, item_id: item }, query: { question } },
      }),
    ),
  /** What is known of one item. */
  known: (vault: string, project: string, item: string) =>
    take(
      client.GET('/api/vaults/{vault}/projects/{project}/known-answers', { params: { ...at(vault, project), query: { item } } }),
    ) as Promise<unknown> as Promise<T.Page<T.GoldRow>>,
  importKnown: (vault: string, project: string, rows: T.GoldLine[], note: string): Promise<T.GoldReport> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/known-answers', { params: at(vault, project), body: { rows, note } })),
};

const labelling = {
  lease: (vault: string, project: string, n: number, purpose: T.Purpose) =>
    take(
      client.POST('/api/vaults/{vault}/projects/{project}/leases', { params: at(vault, project), body: { n, purpose } }),
    ) as Promise<unknown> as Promise<T.Leases>,
  heartbeat: (vault: string, lease: string) =>
    take(client.POST('/api/vaults/{vault}/leases/{lease_id}/heartbeat', { params: { path: { vault, lease_id: lease } } })),
  giveBack: (vault: string, lease: string) =>
    take(client.DELETE('/api/vaults/{vault}/leases/{lease_id}', { params: { path: { vault, lease_id: lease } }, keepalive: true })),
  submit: (vault: string, project: string, annotation: T.AnnotationRequest): Promise<T.Receipt> =>
    take(
      client.POST('/api/vaults/{vault}/projects/{project}/annotations', { params: at(vault, project), body: { break_ms: 0, ...annotation } }),
    ),
  myAnnotations: (vault: string, project: string, limit: number, cursor: string | null) =>
    take(
      client.GET('/api/vaults/{vault}/projects/{project}/my-annotations', {
        params: { ...at(vault, project), query: { limit, cursor } },
      }),
    ) as Promise<unknown> as Promise<T.Page<T.MyAnnotation>>,
};

const releases = {
  makeRelease: (vault: string, project: string): Promise<T.Job> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/releases', { params: at(vault, project) })),
  releases: (vault: string, project: string): Promise<T.Rows<T.ReleaseCard>> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/releases', { params: at(vault, project) })),
  release: (vault: string, project: string, version: string): Promise<T.Release> =>
    take(
      client.GET('/api/vaults/{vault}/projects/{project}/releases/{version}', {
        params: { path: { vault, project, version } },
      }),
    ),
  releaseFile: (vault: string, project: string, version: string, name: string) =>
    `${projectPath(vault, project)}/releases/${id(version)}/files/${id(name)}`,
  releaseCsv: (vault: string, project: string, version: string) =>
    `${projectPath(vault, project)}/releases/${id(version)}/items.csv`,
};

const jobs = {
  jobs: (vault: string, limit: number): Promise<T.Page<T.Job>> =>
    take(client.GET('/api/vaults/{vault}/jobs', { params: { path: { vault }, query: { limit } } })),
  cancelJob: (vault: string, job: string): Promise<T.Job> =>
    take(client.POST('/api/vaults/{vault}/jobs/{job_id}/cancel', { params: { path: { vault, job_id: job } } })),
  runRecipe: (vault: string, recipe: string): Promise<T.Job> =>
    take(
      client.POST('/api/vaults/{vault}/jobs', {
        params: { path: { vault } },
        body: { kind: 'run', recipe, origin: 'recipe' },
      }),
    ),
  refineReports: (vault: string): Promise<T.Rows<T.RefineReport>> =>
    take(client.GET('/api/vaults/{vault}/refine-reports', { params: { path: { vault } } })),
  refineReport: (vault: string, name: string) => `/api/vaults/${id(vault)}/refine-reports/${id(name)}/report.html`,
};

export const api = { ...signIn, ...people, ...projects, ...items, ...quality, ...labelling, ...releases, ...jobs, ...media, ...reviews };
