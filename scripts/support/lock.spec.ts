import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readHolder, tryLock, withLock } from './lock.mjs';
import { statePath } from './paths.mjs';

const lockName = () => `spec-${randomUUID()}`;

/** As a process leaves it that was killed. */
const leaveLock = (name: string, holder: object) => {
  const file = statePath('locks', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(holder));
};

describe('tryLock', () => {
  it('tells who holds it, as what, and what the holder published', () => {
    const name = lockName();
    const { lock } = tryLock(name, 'npm start');
    lock?.publish({ url: 'http://localhost:3000' });
    expect(tryLock(name, 'another').holder).toMatchObject({
      pid: process.pid,
      what: 'npm start',
      url: 'http://localhost:3000',
    });
    lock?.release();
    expect(readHolder(name)).toBeUndefined();
  });

  it('takes over from a holder that no longer runs', () => {
    const name = lockName();
    const { pid } = spawnSync(process.execPath, ['--version']);
    leaveLock(name, { pid, identity: 'gone', what: 'killed' });
    const { lock } = tryLock(name, 'next');
    expect(readHolder(name)).toMatchObject({ what: 'next' });
    lock?.release();
  });

  it('takes over when the holder’s process id now belongs to another program', () => {
    const name = lockName();
    leaveLock(name, { pid: process.pid, identity: 'an earlier start', what: 'killed' });
    const { lock } = tryLock(name, 'next');
    expect(lock).toBeDefined();
    lock?.release();
  });
});

describe('withLock', () => {
  it('lets one in after the other, and out again after a failure', async () => {
    const name = lockName();
    const events: string[] = [];
    const task = (id: string) => async () => {
      events.push(`${id} begins`);
      await Promise.resolve();
      events.push(`${id} ends`);
      if (id === 'a') throw new Error('a failed');
    };
    const waits: string[] = [];
    const first = withLock(name, 'a', task('a'));
    const second = withLock(name, 'b', task('b'), (line) => void waits.push(line));
    await expect(first).rejects.toThrow('a failed');
    await second;
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(waits).toEqual([`waiting for a (process ${process.pid})`]);
  });
});
