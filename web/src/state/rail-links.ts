/** Where the rail leads: what the person may see of the client and the project they are in. */
import { t } from '../i18n';
import { to } from '../lib/router.svelte';
import type { IconName } from '../parts/icons';
import type { Session } from './session.svelte';

export interface RailLink {
  place: string;
  icon: IconName;
  text: string;
  href: string;
}

function insideProject(session: Session, vault: string, project: string): RailLink[] {
  const links: RailLink[] = [{ place: 'overview', icon: 'chart', text: t('rail.overview'), href: to.project(vault, project) }];
  const oversees = session.canOversee(vault);
  if (oversees) links.push({ place: 'items', icon: 'list', text: t('rail.items'), href: to.items(vault, project) });
  if (session.canAnswer(vault)) links.push({ place: 'label', icon: 'label', text: t('rail.label'), href: to.label(vault, project) });
  if (session.canReview(vault)) links.push({ place: 'review', icon: 'review', text: t('rail.review'), href: to.review(vault, project) });
  // Whoever oversees a project comes to their own checks from the labelling screen; the bar of a phone is full.
  if (!oversees && session.canAnswer(vault)) links.push({ place: 'checks', icon: 'checked', text: t('rail.checks'), href: to.checks(vault, project) });
  if (oversees) {
    links.push({ place: 'quality', icon: 'target', text: t('rail.quality'), href: to.quality(vault, project) });
    links.push({ place: 'releases', icon: 'certificate', text: t('rail.releases'), href: to.releases(vault, project) });
    links.push({ place: 'settings', icon: 'gear', text: t('rail.settings'), href: to.projectSettings(vault, project) });
  }
  return links;
}

/** The links for the place somebody is at; outside a client's pages those of their first client. */
export function railLinks(session: Session, vault: string | null, project: string | null): RailLink[] {
  const links: RailLink[] = [{ place: 'home', icon: 'home', text: t('rail.home'), href: to.home }];
  if (vault !== null && project !== null) links.push(...insideProject(session, vault, project));
  const client = vault ?? session.me?.engagements[0]?.vault;
  if (client === undefined || !session.canOversee(client)) return links;
  links.push({ place: 'jobs', icon: 'jobs', text: t('rail.jobs'), href: to.jobs(client) });
  links.push({ place: 'reports', icon: 'report', text: t('rail.reports'), href: to.reports(client) });
  links.push({ place: 'people', icon: 'people', text: t('rail.people'), href: to.people(client) });
  return links;
}
