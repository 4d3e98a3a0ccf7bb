/** Where the person is: the address of the page, read once and changed without loading anew. */

export type Parameters = Record<string, string>;

export class Router {
  path = $state('');
  query = $state.raw(new URLSearchParams());
  hash = '';

  start(): void {
    this.#read();
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  go(href: string): void {
    if (href === location.pathname + location.search) return;
    history.pushState(null, '', href);
    this.#read();
    scrollTo(0, 0);
  }

  /** Changes the address without a new step to come back to. */
  replace(href: string): void {
    history.replaceState(null, '', href);
    this.#read();
  }

  #read(): void {
    this.path = location.pathname.replace(/(.)\/+$/, '$1');
    this.query = new URLSearchParams(location.search);
    this.hash = location.hash.slice(1);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    if (link.pathname.startsWith('/api/') || (link.hash !== '' && link.pathname === location.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

/** The parts of `path` that `pattern` (such as `/v/:vault/jobs`) names, or null when it is another path. */
export function match(pattern: string, path: string): Parameters | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const found: Parameters = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) {
      if (value === '') return null;
      try {
        found[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return found;
}

export const router = new Router();

const id = encodeURIComponent;

/** The addresses of all pages. */
export const to = {
  home: '/',
  signIn: '/sign-in',
  account: '/settings',
  newProject: (vault: string) => `/v/${id(vault)}/new`,
  jobs: (vault: string) => `/v/${id(vault)}/jobs`,
  people: (vault: string) => `/v/${id(vault)}/people`,
  reports: (vault: string) => `/v/${id(vault)}/reports`,
  report: (vault: string, name: string) => `/v/${id(vault)}/reports/${id(name)}`,
  project: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}`,
  label: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/label`,
  audit: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/audit`,
  review: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/review`,
  checks: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/checks`,
  /** Where contested answers are decided, beginning with an item if one is named. */
  adjudicate: (vault: string, project: string, item?: string) =>
    `/v/${id(vault)}/p/${id(project)}/adjudicate${item === undefined ? '' : `?item=${id(item)}`}`,
  projectSettings: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/settings`,
  quality: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/quality`,
  releases: (vault: string, project: string) => `/v/${id(vault)}/p/${id(project)}/releases`,
  release: (vault: string, project: string, version: string) =>
    `/v/${id(vault)}/p/${id(project)}/releases/${id(version)}`,
  item: (vault: string, project: string, item: string, filter: object = {}) => {
    const query = new URLSearchParams(
      Object.entries(filter).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ).toString();
    return `/v/${id(vault)}/p/${id(project)}/items/${id(item)}${query === '' ? '' : `?${query}`}`;
  },
  items: (vault: string, project: string, filter: object = {}) => {
    const query = new URLSearchParams(
      Object.entries(filter).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ).toString();
    return `/v/${id(vault)}/p/${id(project)}/items${query === '' ? '' : `?${query}`}`;
  },
};
