/** Which page an address shows. Each page is loaded when it is first opened. */
import type { Component } from 'svelte';
import { match, type Parameters } from './lib/router.svelte';

export interface Page {
  /** What the rail marks as the present place. */
  place: string;
  load: () => Promise<{ default: Component<Parameters> }>;
}

type Loader = () => Promise<{ default: unknown }>;

const PAGES: [string, string, Loader][] = [
  ['/', 'home', () => import('./pages/Home.svelte')],
  ['/settings', 'account', () => import('./pages/Account.svelte')],
  ['/v/:vault', 'home', () => import('./pages/Home.svelte')],
  ['/v/:vault/new', 'home', () => import('./pages/NewProject.svelte')],
  ['/v/:vault/jobs', 'jobs', () => import('./pages/Jobs.svelte')],
  ['/v/:vault/people', 'people', () => import('./pages/People.svelte')],
  ['/v/:vault/reports', 'reports', () => import('./pages/Reports.svelte')],
  ['/v/:vault/reports/:name', 'reports', () => import('./pages/Report.svelte')],
  ['/v/:vault/p/:project', 'overview', () => import('./pages/Overview.svelte')],
  ['/v/:vault/p/:project/items', 'items', () => import('./pages/Items.svelte')],
  ['/v/:vault/p/:project/items/:item', 'items', () => import('./pages/Item.svelte')],
  ['/v/:vault/p/:project/label', 'label', () => import('./pages/Label.svelte')],
  ['/v/:vault/p/:project/audit', 'label', () => import('./pages/Label.svelte')],
  ['/v/:vault/p/:project/review', 'review', () => import('./pages/Review.svelte')],
  ['/v/:vault/p/:project/adjudicate', 'review', () => import('./pages/Review.svelte')],
  ['/v/:vault/p/:project/checks', 'checks', () => import('./pages/MyChecks.svelte')],
  ['/v/:vault/p/:project/quality', 'quality', () => import('./pages/Quality.svelte')],
  ['/v/:vault/p/:project/releases', 'releases', () => import('./pages/Releases.svelte')],
  ['/v/:vault/p/:project/releases/:version', 'releases', () => import('./pages/Release.svelte')],
  ['/v/:vault/p/:project/settings', 'settings', () => import('./pages/ProjectSettings.svelte')],
];

/** The page at `path` and the parts of the address that it needs. */
export function pageAt(path: string): { page: Page; parameters: Parameters } {
  for (const [pattern, place, load] of PAGES) {
    const parameters = match(pattern, path);
    if (parameters !== null) return { page: { place, load: load as Page['load'] }, parameters };
  }
  return { page: { place: '', load: (() => import('./pages/NotFound.svelte')) }, parameters: {} };
}
