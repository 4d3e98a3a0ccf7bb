// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { renderMarkdown } from '../src/lib/markdown';

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
