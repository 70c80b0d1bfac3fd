import { keepRunning } from './keep-running.mjs';

const service = () => {
  let end: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => (end = resolve));
  return { exited, end, stop: () => Promise.resolve(end()) };
};

type Service = ReturnType<typeof service>;

const quick = { firstDelayMs: 1, lastDelayMs: 4 };

const recorder = () => {
  const lines: string[] = [];
  return { lines, log: (line: string) => void lines.push(line) };
};

/** Starts that go one after the other as told; any further one fails. */
const sequence = (starts: (() => Promise<Service>)[]) => {
  let used = 0;
  let announce: () => void = () => undefined;
  const lastStarted = new Promise<void>((resolve) => (announce = resolve));
  const start = () => {
    const next = starts[used++];
    if (used === starts.length) announce();
    return next ? next() : Promise.reject(new Error('started too often'));
  };
  return { start, lastStarted, used: () => used };
};

describe('keepRunning', () => {
  it('leaves the failure of the first start to its caller', async () => {
    await expect(keepRunning('api', () => Promise.reject(new Error('no port')))).rejects.toThrow('no port');
  });

  it('starts again what ended by itself, however often, waiting longer each time', async () => {
    const { lines, log } = recorder();
    const services = [service(), service(), service(), service()];
    const { start, lastStarted } = sequence(services.map((next) => () => Promise.resolve(next)));
    const kept = await keepRunning('api', start, { ...quick, log });
    services.slice(0, -1).forEach(({ end }) => end());
    await lastStarted;
    await kept.stop();
    const delays = lines.filter((line) => line.includes('has ended')).map((line) => line.split(' in ')[1]);
    expect(delays).toEqual(['0.001 s', '0.002 s', '0.004 s']);
  });

  it('tries again when a later start fails', async () => {
    const { lines, log } = recorder();
    const [first, last] = [service(), service()];
    const fails = () => Promise.reject(new Error('port taken'));
    const { start, lastStarted } = sequence([
      () => Promise.resolve(first),
      fails,
      () => Promise.resolve(last),
    ]);
    const kept = await keepRunning('api', start, { ...quick, log });
    first.end();
    await lastStarted;
    await kept.stop();
    expect(lines).toContain('api does not start: port taken');
  });

  it('starts nothing after it was stopped', async () => {
    const only = service();
    const { start, used } = sequence([() => Promise.resolve(only)]);
    const kept = await keepRunning('api', start, quick);
    await kept.stop();
    await only.exited;
    expect(used()).toBe(1);
  });
});
