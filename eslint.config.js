import { relative } from 'node:path';
import tseslint from 'typescript-eslint';
import { findRefusal } from './scripts/architecture/directions.ts';

/** Who may import whom: scripts/architecture/layers.ts, which a test reads too. Here it shows while one types. */
const directions = {
  create(context) {
    const file = relative(import.meta.dirname, context.filename).replaceAll('\\', '/');
    const check = (node, source, kind) => {
      if (typeof source?.value !== 'string') return;
      const refusal = findRefusal({ file, specifier: source.value, typeOnly: kind === 'type' });
      if (refusal) context.report({ node, message: `${refusal}.` });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind),
      ImportExpression: (node) => check(node, node.source, 'value'),
    };
  },
};

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in config.ts (or a script) and pass the value in.',
};
const wallClock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from the injected clock, so that tests can move it.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from the injected clock, so that tests can move it.',
  },
];
const focused = [
  {
    selector:
      'CallExpression > MemberExpression[object.name=/^(test|it|describe|suite)$/][property.name=/^(only|skip|todo|fails)$/]',
    message:
      'No test is left focused or skipped. One that cannot run everywhere uses runIf and test/allowed-skips.json.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'No test is left focused or skipped.',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '.data/**',
      'hubspot-app/**',
      'salesforce-package/**',
      '**/dist/**',
      '**/*.golden.*',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { passalong: { rules: { directions } } },
    rules: {
      'passalong/directions': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', ...focused],
    },
  },
  {
    files: ['{backend,shared,sandbox,scripts,bench}/**/*.{ts,tsx}'],
    rules: { 'max-lines-per-function': ['error', { max: 70 }], 'max-params': ['error', { max: 3 }] },
  },
  {
    files: ['{backend/src,shared,sandbox}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', environment] },
  },
  {
    files: ['{backend/src,shared}/**/*.ts'],
    ignores: ['backend/src/clock.ts', 'backend/src/config.ts', 'backend/src/db/**'],
    rules: { 'no-restricted-syntax': ['error', environment, ...wallClock] },
  },
  // The process entry hands its environment to config.ts; nothing else reads it.
  { files: ['backend/src/{config,main}.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // Answers of the servers under test are what the test is about: asserting on them is the check of their type.
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
