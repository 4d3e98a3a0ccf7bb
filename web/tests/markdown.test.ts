// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { fillFrame, renderHtml, renderMarkdown } from '../src/lib/markdown';

let page: HTMLElement;

beforeEach(() => {
  page = document.createElement('div');
});

function shown(source: string): HTMLElement {
  page.replaceChildren(renderMarkdown(source));
  return page;
}

test('headings go below those of the page', () => {
  expect(shown('# One\n\n#### Four').innerHTML).toBe('<h3>One</h3>\n<h6>Four</h6>\n');
  expect(shown('## Two\n\n### Three').innerHTML).toBe('<h3>Two</h3>\n<h4>Three</h4>\n');
});

test('links say where they lead and open elsewhere', () => {
  const link = shown('[here](https://example.org/a)').querySelector('a');
  expect([link?.target, link?.rel, link?.title]).toEqual(['_blank', 'noopener noreferrer nofollow', 'https://example.org/a']);
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '![x](https://example.org/pixel.png)',
  '[x](javascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '<svg><script>alert(1)</script></svg>',
  '<a href="vbscript:x" onclick="alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<iframe src="https://example.org"></iframe>',
  '<form action="https://example.org"><input></form>',
  '**<b onmouseover=alert(1)>x</b>**',
])('%s neither runs nor loads anything', (attack) => {
  const found = shown(attack);
  expect(found.querySelectorAll('script, img, svg, style, iframe, form, input, object, embed')).toHaveLength(0);
  for (const element of found.querySelectorAll('*')) {
    expect(element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'style' || name === 'src')).toEqual([]);
    const href = element.getAttribute('href');
    if (href !== null) expect(href).toMatch(/^(https?:|mailto:)/);
  }
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://example.org/pixel.png" srcset="https://example.org/2.png 2x">',
  '<svg onload=alert(1)><script>alert(1)</script><image href="https://example.org/a.png"/></svg>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="https://example.org" ping="https://example.org/p" target=_top>x</a>',
  '<meta http-equiv=refresh content="0;url=https://example.org">',
  '<base href="https://example.org/"><link rel=stylesheet href=https://example.org/a.css><link rel=preconnect href=https://example.org>',
  '<iframe src="https://example.org"></iframe><object data="https://example.org"></object><embed src="https://example.org">',
  '<form action="https://example.org"><input name=a autofocus onfocus=alert(1)><button formaction="javascript:alert(1)">x</button></form>',
  '<style>@import "https://example.org/a.css"; * { background: url(https://example.org/b.png) }</style>',
  '<p style="background:url(https://example.org/c.png)">x</p><table background="https://example.org/d.png"><td>x</table>',
  '<video src="https://example.org/a.mp4" poster="https://example.org/b.png" autoplay></video><audio src="https://example.org/a.mp3"></audio>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<details open ontoggle=alert(1)>x</details>',
];

test.each(HOSTILE)('%s in a page neither runs, loads nor leads anywhere', (attack) => {
  page.replaceChildren(renderHtml(attack));
  expect(page.querySelectorAll('script, svg, math, style, link, meta, base, iframe, object, embed, form, input, button, video, audio, [href], [srcset], [style], [background]')).toHaveLength(0);
  for (const element of page.querySelectorAll('*')) {
    expect(element.getAttributeNames().filter((name) => name.startsWith('on'))).toEqual([]);
    expect(element.getAttribute('src') ?? 'data:image/').toMatch(/^data:image\//);
  }
});

test('a page keeps its form: headings, tables, pictures that it brings along', () => {
  page.replaceChildren(renderHtml('<h1>Hi</h1><table><tr><td bgcolor="red">1</td></tr></table><img alt=dot src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><a href="https://example.org">there</a>'));
  expect(page.querySelector('h1')?.textContent).toBe('Hi');
  expect(page.querySelector('td')?.getAttribute('bgcolor')).toBe('red');
  expect(page.querySelector('img')?.alt).toBe('dot');
  expect(page.querySelector('a')?.title).toBe('https://example.org');
});

test('the frame of a page runs nothing and forbids all loads', () => {
  const frame = document.createElement('iframe');
  fillFrame(frame, renderHtml('<p>a &lt;b&gt;</p>'));
  expect(frame.getAttribute('sandbox')).toBe('');
  const inside = new DOMParser().parseFromString(frame.getAttribute('srcdoc') ?? '', 'text/html');
  expect(inside.head.querySelector('meta[http-equiv=Content-Security-Policy]')?.getAttribute('content')).toMatch(/^default-src 'none';/);
  expect(inside.body.textContent).toBe('a <b>');
});

test('characters that cannot be seen are shown in Markdown', () => {
  expect(shown('a\u202eb').querySelector('.unseen')?.getAttribute('data-mark')).toBe('RLO');
});

test('what is nested too deep for the parser is shown as it is written', () => {
  const source = '> '.repeat(20_000) + 'x';
  expect(renderMarkdown(source).textContent).toBe(source);
});

test('a list counts from where it is said to begin, so that a year is not read as a place', () => {
  expect(shown('1804.').querySelector('ol')?.getAttribute('start')).toBe('1804');
});
