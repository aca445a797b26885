import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const MAIN = ['src-main/**/*.ts']
const ENGINE = ['src-main/engine/**/*.ts']
const RENDERER = ['src-renderer/**/*.{ts,vue}']

/** What would make a run depend on the day, the machine or chance, so that it could not be repeated. */
const IMPURE = [
  { object: 'Math', property: 'random', message: 'A run must be repeatable: draw from the Rng that you are given.' },
  { object: 'Date', property: 'now', message: 'A run must be repeatable: take the time from the Clock that you are given.' },
]
const IMPURE_GLOBALS = [
  'console',
  'process',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto',
  'Buffer',
  'window',
  'document',
  'require',
]

/** Nothing that turns text into code or markup. */
const NO_CODE_FROM_TEXT = [
  {
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Text must not become markup: set textContent.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(insertAdjacentHTML|setHTMLUnsafe)$/]',
    message: 'Text must not become markup.',
  },
  { selector: "MemberExpression[object.name='document'][property.name='write']", message: 'Text must not become markup.' },
]
const NEW_DATE = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'A run must be repeatable: take the time from the Clock that you are given.',
}
/** Opening an address outside the program is dangerous: only one file does, from a fixed list. */
const OPEN_EXTERNAL = {
  selector: "MemberExpression[property.name='openExternal'], ImportSpecifier[imported.name='openExternal']",
  message: 'Only src-main/hosts/electron/modules/open-external.ts opens addresses outside the program, from its fixed list.',
}

export default defineConfig(
  globalIgnores([
    ...['out/', 'dist/', 'coverage/', 'test-results/', 'playwright-report/', '**/*.gen.ts', '**/*.d.ts'],
    // AssemblyScript: another language with the same ending; its own compiler checks it.
    'src-main/engine/compute/kernels/assembly/',
  ]),
  js.configs.recommended,
  tseslint.configs.recommended,
  vue.configs['flat/recommended'],
  {
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-implied-eval': 'error',
      'no-restricted-syntax': ['error', ...NO_CODE_FROM_TEXT, OPEN_EXTERNAL],
      // A `for (;;)` or a `while (true)` with a return is often the plainest loop.
      'no-constant-condition': ['error', { checkLoops: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 20 },
      ],
    },
  },
  {
    // Rules that know types, where a forgotten await loses an error or a write. (The renderer's are covered by vue-tsc.)
    files: MAIN,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
    },
  },
  {
    files: ENGINE,
    rules: {
      'no-restricted-properties': ['error', ...IMPURE],
      'no-restricted-globals': [
        'error',
        ...IMPURE_GLOBALS.map((name) => ({ name, message: 'The engine is pure: its host supplies what it needs.' })),
      ],
      'no-restricted-syntax': ['error', ...NO_CODE_FROM_TEXT, OPEN_EXTERNAL, NEW_DATE],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'electron', 'vue', '**/hosts/**', '**/services/**', '**/storage/**'],
              message: 'The engine is pure: its host supplies what it needs.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src-main/contract/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'electron', 'vue', '**/engine/**', '**/hosts/**', '**/services/**', '**/storage/**'],
              message: 'The contract is a leaf.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src-main/hosts/electron/modules/open-external.ts'],
    rules: { 'no-restricted-syntax': ['error', ...NO_CODE_FROM_TEXT] },
  },
  {
    files: RENDERER,
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-name-in-template-casing': ['error', 'PascalCase'],
      'vue/multi-word-component-names': 'off',
      // An optional property without a default is undefined, and its type says so.
      'vue/require-default-prop': 'off',
      // Layout is prettier's business.
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      // Types are checked by vue-tsc, which knows the browser's globals.
      'no-undef': 'off',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'node:*',
                'electron',
                '**/src-main/engine/**',
                '**/src-main/services/**',
                '**/src-main/storage/**',
                '**/src-main/hosts/**',
              ],
              message: 'The renderer knows only the contract.',
            },
          ],
        },
      ],
    },
  },
  {
    // Scripts of the page that run as they are.
    files: ['src-renderer/public/**/*.js'],
    languageOptions: { globals: { localStorage: 'readonly', matchMedia: 'readonly', document: 'readonly', window: 'readonly' } },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'process',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'URL',
          'Buffer',
          'fetch',
          'performance',
          'AbortSignal',
          'AbortController',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
)
