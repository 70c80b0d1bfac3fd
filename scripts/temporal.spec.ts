import { serverArguments } from './temporal.mjs';

describe('serverArguments', () => {
  it('sets what makes the development server fast and fair', () => {
    const line = serverArguments(7233, undefined).join(' ');
    expect(line).toContain('server start-dev --headless --ip 127.0.0.1 --port 7233 --namespace default');
    expect(line).toContain('--dynamic-config-value history.timerProcessorMaxPollRPS=2000');
    expect(line).toContain('--dynamic-config-value matching.enableFairness=true');
    expect(line).not.toContain('sqlite');
  });

  it('tunes SQLite where the data is kept in a file', () => {
    expect(serverArguments(7233, '/data/temporal.db').join(' ')).toContain(
      '--db-filename /data/temporal.db --sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=OFF',
    );
  });
});
