/** The one place where markup becomes elements: Markdown by trusted authors, cleaned all the same. */
import DOMPurify, { type Config } from 'dompurify';
import { Marked, type Tokens } from 'marked';

const TAGS = ['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'kbd', 'li', 'ol', 'p', 'pre', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'];
const LINK = /^(https?:|mailto:)/i;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${String(c.charCodeAt(0))};`);
}

const marked = new Marked({
  gfm: true,
  // The page has its own h1 and h2; a guideline's headings go below them.
  walkTokens: (token) => {
    if (token.type === 'heading') (token as Tokens.Heading).depth = Math.min(6, (token as Tokens.Heading).depth + 2);
  },
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    image: ({ text, href }: Tokens.Image) => escaped(text === '' ? href : text),
  },
});

function policy(): TrustedTypePolicy | undefined {
  // Only what DOMPurify has produced, or is about to parse without running it, passes through here.
  return window.trustedTypes?.createPolicy('goldsmith-markup', {
    createHTML: (markup) => markup,
    createScript: () => {
      throw new TypeError('markup runs no scripts');
    },
    createScriptURL: () => {
      throw new TypeError('markup loads no scripts');
    },
  });
}

let config: (Config & { RETURN_DOM_FRAGMENT: true }) | undefined;

function settings(): Config & { RETURN_DOM_FRAGMENT: true } {
  if (config === undefined) {
    const made = policy();
    config = {
      ALLOWED_TAGS: TAGS,
      ALLOWED_ATTR: ['href', 'align', 'start'],
      ALLOWED_URI_REGEXP: LINK,
      RETURN_DOM_FRAGMENT: true,
      ...(made === undefined ? {} : { TRUSTED_TYPES_POLICY: made }),
    };
  }
  return config;
}

/** The elements that `source` (Markdown) describes: no raw HTML, no images, nothing loaded, no script. */
export function renderMarkdown(source: string): DocumentFragment {
  const markup = marked.parse(source, { async: false });
  const fragment = DOMPurify.sanitize(markup, settings());
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
    link.title = link.href;
  }
  return fragment;
}
