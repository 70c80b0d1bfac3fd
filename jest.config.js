/** Spec files run from TypeScript through swc; `#…` imports map to the source folders as in package.json. */
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^#(config|contracts|documents|domain|channels|templates|store|engine|importing|observability|replies)/(.*)\\.js$':
      '<rootDir>/libs/$1/$2.ts',
    '^#(api|worker|cli)/(.*)\\.js$': '<rootDir>/apps/$1/$2.ts',
    '^#(workflows|test)/(.*)\\.js$': '<rootDir>/$1/$2.ts',
    '^#scripts/(.*)$': '<rootDir>/scripts/$1',
    '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.kindly'],
};

const suite = (name, testMatch, extra = {}) => ({ ...base, displayName: name, testMatch, ...extra });

export default {
  projects: [
    suite('unit', [
      '<rootDir>/libs/**/*.spec.ts',
      '<rootDir>/apps/**/*.spec.ts',
      '<rootDir>/scripts/**/*.spec.ts',
      '<rootDir>/test/bench/**/*.spec.ts',
      '<rootDir>/test/chaos/*.spec.ts',
      '<rootDir>/test/chaos/checks/*.spec.ts',
    ]),
    suite('database', ['<rootDir>/test/db/**/*.spec.ts']),
    suite('workflow', ['<rootDir>/test/workflow/**/*.spec.ts']),
    suite('replay', ['<rootDir>/test/replay/**/*.spec.ts']),
    suite('e2e', ['<rootDir>/test/e2e/**/*.spec.ts']),
    suite('chaos', ['<rootDir>/test/chaos/stage/*.spec.ts']),
  ],
};
