import { firstFound } from './temporal-binary.mjs';

const found = (name: string, path: string) => ({ name, find: () => ({ path }) });
const missing = (name: string, reason: string) => ({ name, find: () => Promise.resolve({ reason }) });

describe('firstFound', () => {
  it('takes the first way that leads to a program, and says which', async () => {
    const ways = [
      missing('PATH', 'not there'),
      found('cache', '/cache/temporal'),
      found('Go', '/go/temporal'),
    ];
    await expect(firstFound(ways)).resolves.toEqual({ path: '/cache/temporal', takenFrom: 'cache' });
  });

  it('does not try a slower way once one has led to a program', async () => {
    const slow = { name: 'Go', find: () => Promise.reject(new Error('must not be tried')) };
    await expect(firstFound([found('PATH', '/usr/bin/temporal'), slow])).resolves.toMatchObject({
      takenFrom: 'PATH',
    });
  });

  it('names every way and why it failed, and what to do, when there is none', async () => {
    const error = firstFound([missing('PATH', 'no such program'), missing('download', 'no network')]);
    await expect(error).rejects.toThrow(
      /PATH: no such program\n.*download: no network\n.*TEMPORAL_ADDRESS.*Go/s,
    );
  });
});
