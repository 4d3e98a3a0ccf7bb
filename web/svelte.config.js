import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  // `tree` builds elements one by one: no markup string reaches innerHTML, so Trusted Types can stay enforced.
  compilerOptions: { runes: true, fragments: 'tree' },
};
