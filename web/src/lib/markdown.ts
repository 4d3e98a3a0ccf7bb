/** The one place where markup becomes elements: Markdown and HTML, whoever wrote them, cleaned of all that acts or loads. */
import DOMPurify, { type Config } from 'dompurify';
import { Marked, type Tokens } from 'marked';
import { markHidden } from './invisible-dom';

const TAGS = ['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'kbd', 'li', 'ol', 'p', 'pre', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'];
const LINK = /^(https?:|mailto:)/i;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${String(c.charCodeAt(0))};`);
}

const marked = new Marked({
  gfm: true,
  // The page has its own h1 and h2; the headings of a text go below them, its highest next.
  hooks: {
    processAllTokens: (tokens) => {
      const headings = tokens.filter((token) => token.type === 'heading') as Tokens.Heading[];
      const down = 3 - Math.min(...headings.map((heading) => heading.depth));
      for (const heading of headings) heading.depth = Math.min(6, heading.depth + down);
      return tokens;
    },
  },
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    image: ({ text, href }: Tokens.Image) => escaped(text === '' ? href : text),
  },
});

let made: TrustedTypePolicy | undefined;

function policy(): TrustedTypePolicy | undefined {
  // Only what DOMPurify has produced, or is about to parse without running it, passes through here.
  made ??= window.trustedTypes?.createPolicy('goldsmith-markup', {
    createHTML: (markup) => markup,
    createScript: () => {
      throw new TypeError('markup runs no scripts');
    },
    createScriptURL: () => {
      throw new TypeError('markup loads no scripts');
    },
  });
  return made;
}

type ToFragment = Config & { RETURN_DOM_FRAGMENT: true };

function trusted(config: ToFragment): ToFragment {
  const trust = policy();
  return trust === undefined ? config : { ...config, TRUSTED_TYPES_POLICY: trust };
}

const MARKDOWN: ToFragment = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ['href', 'align', 'start'], ADD_URI_SAFE_ATTR: ['align', 'start'], ALLOWED_URI_REGEXP: LINK, RETURN_DOM_FRAGMENT: true };

// What acts, loads or could be mistaken for the page's own is left out; the frame would not let it work either.
const HTML: ToFragment = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'select', 'textarea', 'dialog', 'audio', 'video', 'source', 'track', 'picture', 'map', 'area'],
  FORBID_ATTR: ['style', 'srcset', 'background', 'poster', 'ping', 'action', 'formaction', 'tabindex', 'contenteditable', 'autofocus', 'accesskey'],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/** The markup of Markdown; what is nested deeper than the parser's stack is shown as it is written. */
function parsed(source: string): string {
  try {
    return marked.parse(source, { async: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `<pre>${escaped(source)}</pre>`;
  }
}

/** The elements that `source` (Markdown) describes: no raw HTML, no images, nothing loaded, no script. */
export function renderMarkdown(source: string): DocumentFragment {
  const markup = parsed(source);
  const fragment = DOMPurify.sanitize(markup, trusted(MARKDOWN));
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
    link.title = link.href;
  }
  markHidden(fragment);
  return fragment;
}

/** The elements that `source` (HTML) describes, at rest: links lead nowhere, pictures are those that it brings along. */
export function renderHtml(source: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(source, trusted(HTML));
  for (const link of fragment.querySelectorAll('[href]')) {
    link.setAttribute('title', link.getAttribute('href') ?? '');
    link.removeAttribute('href');
  }
  for (const picture of fragment.querySelectorAll('img')) {
    if (!/^data:image\//i.test(picture.getAttribute('src') ?? '')) picture.replaceWith(picture.alt === '' ? (picture.getAttribute('src') ?? '') : picture.alt);
  }
  return fragment;
}

const FRAME_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** Fills a frame that runs nothing with a document of `content`; the document forbids once more what the sandbox does. */
export function fillFrame(frame: HTMLIFrameElement, content: DocumentFragment): void {
  const page = document.implementation.createHTMLDocument('');
  const meta = page.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = FRAME_POLICY;
  page.head.replaceChildren(meta);
  page.body.dir = 'auto';
  page.body.append(page.importNode(content, true));
  const markup = `<!doctype html>${new XMLSerializer().serializeToString(page.documentElement)}`;
  frame.setAttribute('sandbox', '');
  // The page asks for proof that markup is clean, which is not a string.
  frame.setAttribute('srcdoc', (policy()?.createHTML(markup) ?? markup) as string);
}
