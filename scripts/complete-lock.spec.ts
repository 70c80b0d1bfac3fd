import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingEntries } from './complete-lock.mjs';
import { root } from './support/paths.mjs';

describe('missingEntries', () => {
  const native = { version: '2.0.0', optionalDependencies: { '@native/linux-arm64-musl': '2.0.0' } };

  it('names version and platform of an optional package that the lock file lacks', () => {
    expect(missingEntries({ 'node_modules/native': native })).toEqual({
      'node_modules/@native/linux-arm64-musl': {
        version: '2.0.0',
        optional: true,
        os: ['linux'],
        cpu: ['arm64'],
      },
    });
  });

  it('finds a package in the modules of its parent as in those further out', () => {
    const inner = { 'node_modules/a/node_modules/native': native };
    expect(missingEntries({ ...inner, 'node_modules/a/node_modules/@native/linux-arm64-musl': {} })).toEqual(
      {},
    );
    expect(missingEntries({ ...inner, 'node_modules/@native/linux-arm64-musl': {} })).toEqual({});
  });
});

describe('package-lock.json', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');

  it('names the packages of every platform: if not, run node scripts/complete-lock.mjs', () => {
    const { packages } = JSON.parse(text) as { packages: Parameters<typeof missingEntries>[0] };
    expect(missingEntries(packages)).toEqual({});
  });

  it('holds no download addresses', () => {
    expect(text).not.toContain('"resolved"');
  });
});
