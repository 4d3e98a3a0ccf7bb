import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

const SHELL_MARK = '__SHELL_FILES__';

const LANGUAGE_FILES = '/assets/language-';

/** Writes the list of built files and its digest into the service worker, so that it can keep the whole shell. */
function shellList(): Plugin {
  return {
    name: 'goldsmith-shell-list',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('the service worker sw.js is not in the build');
      const names = Object.keys(bundle).filter((name) => name !== 'sw.js' && !name.endsWith('.map')).sort();
      const digest = createHash('sha256');
      for (const name of names) {
        const part = bundle[name];
        if (part !== undefined) digest.update(name).update(part.type === 'chunk' ? part.code : part.source);
      }
      const parts = names.filter((name) => name !== 'index.html').map((name) => `/${name}`);
      const languages = parts.filter((path) => path.startsWith(LANGUAGE_FILES) && !path.startsWith(`${LANGUAGE_FILES}en-`));
      const files = ['/', '/theme.js', '/icon.svg', ...parts.filter((path) => !languages.includes(path))];
      const list = JSON.stringify({ version: digest.digest('hex').slice(0, 16), files, languages });
      if (!worker.code.includes(SHELL_MARK)) throw new Error(`${SHELL_MARK} is not in the service worker`);
      worker.code = worker.code.replace(SHELL_MARK, () => list);
    },
  };
}

export default defineConfig({
  plugins: [svelte(), shellList()],
  build: {
    outDir: '../src/goldsmith/_ui',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/worker/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: (chunk) =>
          /\/i18n\/\w+\.json$/.test(chunk.facadeModuleId ?? '') ? 'assets/language-[name]-[hash].js' : 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { host: '127.0.0.1', port: 18420, proxy: { '/api': 'http://127.0.0.1:8321' } },
});
