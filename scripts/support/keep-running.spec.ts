import { keepRunning } from './keep-running.mjs';

const service = () => {
  let end: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => (end = resolve));
  return { exited, end, stop: () => Promise.resolve(end()) };
};

const quick = { firstDelayMs: 1, lastDelayMs: 4 };

const recorder = () => {
  const lines: string[] = [];
  return { lines, log: (line: string) => void lines.push(line) };
};

describe('keepRunning', () => {
  it('leaves the failure of the first start to its caller', async () => {
    await expect(keepRunning('api', () => Promise.reject(new Error('no port')))).rejects.toThrow('no port');
  });

  it('starts again what ended by itself, however often, waiting longer each time', async () => {
    const { lines, log } = recorder();
    const services = [service(), service(), service(), service()];
    let starts = 0;
    const allStarted = Promise.withResolvers<void>();
    const kept = await keepRunning(
      'api',
      () => {
        const next = services[starts++];
        if (!next) throw new Error('asked for too many');
        if (starts === services.length) allStarted.resolve();
        else setImmediate(next.end);
        return Promise.resolve(next);
      },
      { ...quick, log },
    );
    await allStarted.promise;
    await kept.stop();
    const delays = lines.filter((line) => line.includes('has ended')).map((line) => line.split(' in ')[1]);
    expect(delays).toEqual(['0.001 s', '0.002 s', '0.004 s']);
  });

  it('tries again when a later start fails', async () => {
    const { lines, log } = recorder();
    const [first, last] = [service(), service()];
    const attempts = [
      () => Promise.resolve(first),
      () => Promise.reject(new Error('port taken')),
      () => Promise.resolve(last),
    ];
    let again: () => void = () => undefined;
    const restarted = new Promise<void>((resolve) => (again = resolve));
    const kept = await keepRunning(
      'api',
      () => {
        const attempt = attempts.shift();
        if (attempts.length === 0) again();
        return attempt!();
      },
      { ...quick, log },
    );
    first.end();
    await restarted;
    await kept.stop();
    expect(lines).toContain('api does not start: port taken');
  });

  it('starts nothing after it was stopped', async () => {
    const start = jest.fn(() => Promise.resolve(service()));
    const kept = await keepRunning('api', start, quick);
    await kept.stop();
    expect(start).toHaveBeenCalledTimes(1);
  });
});
