// Lint rules of the UI. Text from logs is never turned into HTML, and only `src/host/` imports Tauri.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noHtml = 'Text from logs is shown as text: use a text node.';
const sinks = ['innerHTML', 'outerHTML', 'srcdoc', 'insertAdjacentHTML', 'createContextualFragment', 'setHTMLUnsafe', 'parseHTMLUnsafe'];

const syntax = [
  ...sinks.map((name) => ({ selector: `MemberExpression[property.name="${name}"]`, message: noHtml })),
  ...sinks.map((name) => ({ selector: `MemberExpression[property.value="${name}"]`, message: noHtml })),
  ...sinks.map((name) => ({ selector: `JSXAttribute[name.name="${name}"]`, message: noHtml })),
  { selector: 'CallExpression[callee.object.name="document"][callee.property.name=/^write(ln)?$/]', message: noHtml },
  { selector: 'ImportExpression[source.value=/^@tauri-apps/]', message: 'Only src/host/ talks to Tauri.' },
  { selector: 'NewExpression[callee.name="DOMParser"]', message: noHtml },
  { selector: 'JSXAttribute[name.name="style"] > Literal', message: 'The policy refuses style attributes.' },
  { selector: 'JSXOpeningElement[name.name=/^(style|script|iframe|object|embed|select)$/]', message: 'Not in the popover.' },
];

const onlyHost = {
  patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/host/ talks to Tauri.' }],
};

export default defineConfig(
  globalIgnores(['dist', 'dist-team', 'dist-web', 'src/bindings']),
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-imports': ['error', onlyHost],
      'no-restricted-syntax': ['error', ...syntax],
      'max-lines': ['error', 350],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  { files: ['src/host/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
