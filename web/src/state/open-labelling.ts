/** A labelling screen for one project, wired to the server and to this device. */
import { api, type ProjectFull, type Purpose, type Schema } from '../api';
import { loadFields } from '../fields/registry';
import { newId } from '../lib/ids';
import { loadKinds } from '../questions/registry';
import { ActiveTimer } from './active-timer';
import { every, outbox, session } from './app.svelte';
import { Labelling } from './labelling.svelte';
import { Queue } from './queue.svelte';

export interface Wanted {
  vault: string;
  project: ProjectFull;
  purpose: Purpose;
}

export async function openLabelling({ vault, project, purpose }: Wanted, timer: ActiveTimer): Promise<Labelling> {
  const { slug } = project;
  const prepared = async (schema: Schema): Promise<Schema> => {
    await Promise.all([loadKinds(schema.questions), loadFields(schema.fields)]);
    return schema;
  };
  await prepared(project.schema);
  const queue = new Queue({
    lease: (n) => api.lease(vault, slug, n, purpose),
    heartbeat: (lease) => api.heartbeat(vault, lease),
    giveBack: (lease) => api.giveBack(vault, lease),
    onTheWay: () => outbox.itemsOnTheWay(),
    leaseMinutes: project.policy.lease_minutes,
    every,
  });
  return new Labelling({
    vault,
    purpose,
    project,
    queue,
    outbox,
    timer,
    every,
    newId,
    now: () => performance.now(),
    person: session.me?.person_id ?? '',
    loadProject: () => api.project(vault, slug),
    loadSchema: async (version) => prepared(await api.schemaVersion(vault, slug, version)),
    loadItem: (item) => api.item(vault, slug, item),
    loadMine: (limit, cursor) => api.myAnnotations(vault, slug, limit, cursor),
  });
}
