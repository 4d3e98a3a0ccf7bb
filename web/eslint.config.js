import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const SINKS = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'];

export default ts.config(
  { ignores: ['node_modules/', 'src/api/openapi.ts', 'public/'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      eqeqeq: 'error',
      'no-restricted-properties': ['error', ...SINKS.map((property) => ({ property, message: 'Only lib/markdown.ts makes elements from markup.' }))],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-navigation-without-resolve': 'off',
      // Sets and maps here are filled and read at once; what is state is replaced as a whole.
      'svelte/prefer-svelte-reactivity': 'off',
      // `void x` names what an effect depends on.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // It does not see the compiler's own warnings for components in runes mode.
      'svelte/no-unused-svelte-ignore': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
  { files: ['*.ts', '*.js', 'tests/**'], languageOptions: { globals: { ...globals.node } } },
  { files: ['tests/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-restricted-properties': 'off' } },
);
