import { isInstalled, stampOf } from './modules.mjs';

const packages = (entries: Record<string, object>) => JSON.stringify({ packages: entries });
const root = { '': { name: 'kindly' } };

describe('isInstalled', () => {
  const lock = packages({
    ...root,
    'node_modules/pg': { version: '8.23.1' },
    'node_modules/native-linux': { version: '1.0.0', optional: true },
    'node_modules/native-darwin': { version: '1.0.0', optional: true },
  });

  it('is content with what the lock file names, other platforms’ packages left out', () => {
    const installed = {
      'node_modules/pg': { version: '8.23.1' },
      'node_modules/native-linux': { version: '1.0.0' },
    };
    expect(isInstalled(lock, packages(installed))).toBe(true);
  });

  it.each([
    ['nothing is installed', undefined],
    ['a package is missing', packages({})],
    ['a package has another version', packages({ 'node_modules/pg': { version: '8.23.0' } })],
    [
      'an optional package has another version',
      packages({
        'node_modules/pg': { version: '8.23.1' },
        'node_modules/native-linux': { version: '0.9.0' },
      }),
    ],
  ])('wants an installation when %s', (_case, installed) => {
    expect(isInstalled(lock, installed)).toBe(false);
  });
});

describe('stampOf', () => {
  it('changes with the lock file and with the platform, and with nothing else', () => {
    const stamp = stampOf('lock', 'linux-x64');
    expect(stampOf('lock', 'linux-x64')).toBe(stamp);
    expect(stampOf('lock2', 'linux-x64')).not.toBe(stamp);
    expect(stampOf('lock', 'darwin-arm64')).not.toBe(stamp);
  });
});
