/** Code in pieces that have a colour, by line. The grammars come when a language is first shown. */
import type { LanguageFn } from 'highlight.js';
import { createLowlight } from 'lowlight';

/** A piece of a line and what it is, such as `keyword`; null for what has no colour of its own. */
export interface Token {
  text: string;
  kind: string | null;
}

type Node = ReturnType<ReturnType<typeof createLowlight>['highlight']>['children'][number];
type Grammar = () => Promise<{ default: LanguageFn }>;

/** Longer code is shown without colours. */
const MOST = 200_000;

const GRAMMARS: Record<string, Grammar> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  haskell: () => import('highlight.js/lib/languages/haskell'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  latex: () => import('highlight.js/lib/languages/latex'),
  lua: () => import('highlight.js/lib/languages/lua'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  perl: () => import('highlight.js/lib/languages/perl'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scala: () => import('highlight.js/lib/languages/scala'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

const OTHER_NAMES: Record<string, string> = {
  'c#': 'csharp', 'c++': 'cpp', cs: 'csharp', docker: 'dockerfile', golang: 'go', html: 'xml', js: 'javascript', jsx: 'javascript', kt: 'kotlin', md: 'markdown', pl: 'perl',
  py: 'python', python3: 'python', rb: 'ruby', rs: 'rust', sh: 'bash', shell: 'bash', svg: 'xml', tex: 'latex', toml: 'ini', ts: 'typescript', tsx: 'typescript', yml: 'yaml', zsh: 'bash',
};

const lowlight = createLowlight();

/** The grammar that a name means, or null when none is known. */
export function grammarOf(language: string | null | undefined): string | null {
  const name = (language ?? '').trim().toLowerCase();
  const known = OTHER_NAMES[name] ?? name;
  return Object.hasOwn(GRAMMARS, known) ? known : null;
}

/** The lines of `code` without colours. */
export function plainLines(code: string): Token[][] {
  return code.split('\n').map((text) => (text === '' ? [] : [{ text, kind: null }]));
}

function collect(nodes: readonly Node[], kind: string | null, lines: Token[][]): void {
  for (const node of nodes) {
    if (node.type === 'element') {
      const names = node.properties['className'];
      const first = Array.isArray(names) && typeof names[0] === 'string' ? names[0].replace(/^hljs-/, '') : '';
      collect(node.children, first === '' ? kind : first, lines);
    } else if (node.type === 'text') {
      for (const [i, text] of node.value.split('\n').entries()) {
        if (i > 0) lines.push([]);
        if (text !== '') lines.at(-1)?.push({ text, kind });
      }
    }
  }
}

/** The lines of `code` with the colours of its language; without any where the language is not known. */
export async function highlighted(code: string, language: string | null | undefined): Promise<Token[][]> {
  const name = grammarOf(language);
  const grammar = name === null ? undefined : GRAMMARS[name];
  if (name === null || grammar === undefined || code.length > MOST) return plainLines(code);
  if (!lowlight.registered(name)) lowlight.register({ [name]: (await grammar()).default });
  const lines: Token[][] = [[]];
  collect(lowlight.highlight(name, code).children, null, lines);
  return lines;
}
