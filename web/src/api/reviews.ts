/** Requests about reviews, threads of comments and contested gold. */
import { client, take } from './http';
import type * as T from './types';

const at = (vault: string, project: string) => ({ path: { vault, project } });

export const reviews = {
  leaseLook: (vault: string, project: string, n: number, purpose: T.Look, item: string | null = null) =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/leases', { params: at(vault, project), body: { n, purpose, item } })) as Promise<unknown> as Promise<T.Leases>,
  review: (vault: string, project: string, body: T.NewReview): Promise<T.ReviewReceipt> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/reviews', { params: at(vault, project), body })),
  threads: (vault: string, project: string, item_id: string, only_own = false): Promise<T.Rows<T.Thread>> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/items/{item_id}/threads', { params: { path: { vault, project, item_id }, query: { only_own } } })),
  startThread: (vault: string, project: string, item_id: string, body: T.NewThread): Promise<T.Thread> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/items/{item_id}/threads', { params: { path: { vault, project, item_id } }, body })),
  comment: (vault: string, project: string, thread_id: string, body: { id: string; text: string }): Promise<T.Thread> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/threads/{thread_id}/comments', { params: { path: { vault, project, thread_id } }, body })),
  setThread: (vault: string, project: string, thread_id: string, state: T.Thread['state']): Promise<T.Thread> =>
    take(client.PUT('/api/vaults/{vault}/projects/{project}/threads/{thread_id}', { params: { path: { vault, project, thread_id } }, body: { state } })),
  myGold: (vault: string, project: string): Promise<T.GoldFeedbackRows> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/my-gold', { params: at(vault, project) })),
  contests: (vault: string, project: string, state: T.Contest['state'] | null = null): Promise<T.ContestRows> =>
    take(client.GET('/api/vaults/{vault}/projects/{project}/contests', { params: { ...at(vault, project), query: { state } } })),
  contest: (vault: string, project: string, item_id: string, body: { id: string; reason: string }): Promise<T.Contest> =>
    take(client.POST('/api/vaults/{vault}/projects/{project}/items/{item_id}/contests', { params: { path: { vault, project, item_id } }, body })),
};
