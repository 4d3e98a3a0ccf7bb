/// Keeps the static shell of the app, so that a reload without a network still opens it. Never content, never the API.
declare const self: ServiceWorkerGlobalScope;

interface Shell {
  version: string;
  files: string[];
  /** The texts of languages other than English, each kept only where it was chosen. */
  languages: string[];
}

// The build puts the list of its own files here.
const shell = JSON.parse('__SHELL_FILES__') as Shell;
const CACHE = `goldsmith-shell-${shell.version}`;

/** The name of a file without the digest of its build. */
const nameOf = (path: string): string => path.replace(/-[^-]+\.js$/, '');

async function keep(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
}

/** The files of the languages that an earlier version kept. */
async function chosenLanguages(): Promise<string[]> {
  const names = new Set<string>();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) names.add(nameOf(new URL(request.url).pathname));
  }
  return shell.languages.filter((path) => names.has(nameOf(path)));
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    chosenLanguages()
      .then((languages) => keep([...shell.files, ...languages]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A page says which language it speaks: its texts have to be there without a network, too.
self.addEventListener('message', (event) => {
  const { language } = event.data as { language: string };
  event.waitUntil(
    keep(shell.languages.filter((path) => nameOf(path) === `/assets/language-${language}`)).catch(() => undefined),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if ([...shell.files, ...shell.languages].includes(url.pathname) && url.pathname !== '/') {
    event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === 'navigate' && !/^\/(api|schema|metrics|healthz)(\/|$)/.test(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match('/')) ?? Response.error()));
  }
});

export {};
