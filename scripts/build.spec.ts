import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesStamp } from './build.mjs';

describe('sourcesStamp', () => {
  let directory: string;
  const write = (file: string, text = '') => writeFileSync(join(directory, file), text);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kindly-build-'));
    mkdirSync(join(directory, 'libs'));
    for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'libs/money.ts']) write(file);
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('stays while nothing changes, whatever lies outside the sources', () => {
    const stamp = sourcesStamp(directory);
    write('README.md', 'hello');
    expect(sourcesStamp(directory)).toBe(stamp);
  });

  it.each([
    ['an edited file', () => write('libs/money.ts', 'export {};')],
    ['a touched file', () => utimesSync(join(directory, 'libs/money.ts'), 1, 1)],
    ['a new file', () => write('libs/currency.ts')],
    ['a removed file', () => rmSync(join(directory, 'libs/money.ts'))],
    ['other settings', () => write('tsconfig.json', '{}')],
  ])('changes with %s', (_what, change) => {
    const stamp = sourcesStamp(directory);
    change();
    expect(sourcesStamp(directory)).not.toBe(stamp);
  });
});
