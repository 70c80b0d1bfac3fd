import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import packageJson from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const specs = ['**/*.spec.ts', '**/*.contract.ts'];

/** `#domain/money.js` and `./money.js` mean money.ts; a package is nobody's source. */
const sources = {
  interfaceVersion: 3,
  name: 'sources',
  resolve(specifier, from) {
    const file = sourceOf(specifier, from);
    if (file === undefined) return { found: true, path: null };
    return { found: existsSync(file), path: file };
  },
};

/** As package.json's `imports` says, but in the sources rather than in dist/. */
function sourceOf(specifier, from) {
  if (specifier.startsWith('.')) return toSource(resolve(dirname(from), specifier));
  if (!specifier.startsWith('#')) return undefined;
  const [folder, ...rest] = specifier.split('/');
  const target = packageJson.imports[`${folder}/*`];
  return target && toSource(join(root, target.replace('/dist/', '/').replace('*', rest.join('/'))));
}

function toSource(file) {
  const source = file.replace(/\.js$/, '.ts');
  return existsSync(source) ? source : file;
}

/** Which folder may not reach which: dependencies point one way (docs/ARCHITECTURE). */
const boundaries = [
  {
    target: './libs/domain',
    from: './libs',
    except: ['./domain'],
    message: 'The domain depends on nothing.',
  },
  { target: './libs', from: './apps', message: 'Libraries do not know the programs that use them.' },
  ...['channels', 'documents', 'replies', 'templates', 'store'].map((library) => ({
    target: `./libs/${library}`,
    from: ['./libs/engine', './workflows'],
    message: 'Channels, documents, replies, templates and store serve the engine; they do not know it.',
  })),
  {
    target: './workflows',
    from: './libs',
    except: ['./domain', './contracts'],
    message: 'Workflow code is bundled and replayed: domain and contracts only.',
  },
  {
    target: './workflows',
    from: './apps',
    message: 'Workflow code is bundled and replayed: domain and contracts only.',
  },
  {
    target: ['./libs', './apps', './workflows'],
    from: './test',
    message: 'The product does not know its tests.',
  },
];

/** Any import but relative ones, our own (which `boundaries` sees to) and these packages. */
const onlyPackages = (packages, message) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: `^(?!\\.|#|(${packages.join('|')})(/|$))`, message }] },
  ],
});

/** A program may hand the environment to `loadConfig`; nobody else looks into it. */
const noEnvironment = {
  'no-restricted-syntax': [
    'error',
    {
      selector:
        "MemberExpression[object.name='process'][property.name='env']:not(CallExpression[callee.name='loadConfig'] > *)",
      message: 'The environment is read once, by libs/config, into a typed object: loadConfig(process.env).',
    },
  ],
};

export default tseslint.config(
  { ignores: ['dist', '.kindly', 'node_modules', 'coverage', 'workflows/histories'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['{apps,libs,workflows,test,scripts}/**/*.{ts,mts,mjs}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './scripts/tsconfig.json'], tsconfigRootDir: root },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [sources],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.mts', '.mjs'] },
      'import-x/extensions': ['.ts', '.mts', '.mjs'],
    },
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['log', 'error'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A fake or an adapter fulfils an asynchronous port without waiting for anything.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-self-import': 'error',
    },
  },
  {
    files: ['{apps,libs,workflows}/**/*.ts'],
    ignores: specs,
    rules: { 'import-x/no-restricted-paths': ['error', { basePath: root, zones: boundaries }] },
  },
  {
    files: ['libs/domain/**/*.ts'],
    ignores: specs,
    rules: onlyPackages(
      ['zod', 'temporal-polyfill', 'date-holidays', 'libphonenumber-js'],
      'The domain is plain TypeScript.',
    ),
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: specs,
    rules: onlyPackages(['@temporalio/workflow', '@temporalio/common'], 'Not inside the workflow bundle.'),
  },
  {
    files: ['{apps,libs,workflows,test}/**/*.ts'],
    ignores: ['libs/config/**', 'test/support/**', 'test/bench/**'],
    rules: noEnvironment,
  },
  // typescript-eslint does not see the type casts of JSDoc; the compiler does, and checks these files.
  {
    files: ['scripts/**/*.mjs'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'member-access', 'return'].map((what) => [
        `@typescript-eslint/no-unsafe-${what}`,
        'off',
      ]),
    ),
  },
  // Assertions take methods as they are.
  { files: specs, rules: { '@typescript-eslint/unbound-method': 'off' } },
);
