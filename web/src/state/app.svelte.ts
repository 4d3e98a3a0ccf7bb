/** The parts that live as long as the page does, put together once. */
import { api, whenUnauthenticated } from '../api';
import { Jobs } from './jobs.svelte';
import { Names } from './names.svelte';
import { OutboxStore } from './outbox-store';
import { mapOf } from '../keymaps/maps';
import { keys } from '../lib/keys.svelte';
import { installed } from '../lib/installed';
import { takeLanguage } from '../lib/language.svelte';
import { PreferenceChoice } from './preferences.svelte';
import { Outbox } from './outbox.svelte';
import { Session } from './session.svelte';

const FLUSHER = 'goldsmith-outbox';
const channel = new BroadcastChannel(FLUSHER);

/** What tabs tell each other: the outbox changed, or somebody (else) signed in or out. */
type Word = 'changed' | { person: string | null };

const tell = (word: Word): void => channel.postMessage(word);

function hear(word: Word): void {
  if (word === 'changed') void outbox.refresh();
  // All tabs share one sign-in: what one person left open is never sent in the name of the next.
  else if (session.me !== null && word.person !== session.me.person_id) location.reload();
}

export function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

export function every(run: () => void, ms: number): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

async function alone(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(FLUSHER, work);
}

export const store = new OutboxStore();

export const outbox = new Outbox({
  store,
  send: (vault, project, request) => api.submit(vault, project, request),
  decide: (vault, project, review) => api.review(vault, project, review),
  fetchKey: (vault) => api.outboxKey(vault),
  alone,
  later,
  announce: () => tell('changed'),
  random: Math.random,
});

export const jobs = new Jobs({ list: (vault) => api.jobs(vault, 50), later });

export const names = new Names({ people: (vault) => api.people(vault) });

export const preferences = new PreferenceChoice({
  put: (wanted) => api.setPreferences(wanted),
  apply: (chosen) => {
    keys.map = mapOf(chosen);
    return takeLanguage(chosen.language);
  },
});

export const session = new Session({
  me: () => api.me(),
  signInByLink: (token) => api.signInByLink(token),
  signInByPassword: (email, password) => api.signInByPassword(email, password),
  signOut: () => api.signOut(),
  onSignedIn: (me) => {
    tell({ person: me.person_id });
    installed.segmenter = me.segmenter;
    // A language whose file cannot be had just now leaves the page in the one it has.
    void preferences.take(me.preferences).catch(() => undefined);
    return outbox.open(me.person_id);
  },
  onSignedOut: () => {
    outbox.close();
    jobs.watch(null);
    void names.watch(null);
    tell({ person: null });
  },
});

/** Begins to listen: a lost sign-in, a network that comes back, another tab. */
export function startApp(): void {
  whenUnauthenticated(() => session.expire());
  channel.addEventListener('message', (event: MessageEvent<Word>) => hear(event.data));
  addEventListener('online', () => {
    if (session.me === null) void session.load();
    else void outbox.flush();
  });
  void navigator.storage.persist().catch(() => false);
}
