import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnreachableError, openDataSource } from '#store/data-source.js';
import { testDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.appUrl);
  change(url);
  return url.href;
};

const failureOf = async (url: string, patienceMs = 0): Promise<Error> => {
  const opened = openDataSource({ url, role: 'app', patienceMs });
  return opened.then(
    () => new Error('it opened'),
    (error: Error) => error,
  );
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

/** Nothing listens there. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
};

describe('openDataSource', () => {
  it('says where nothing listens and what to do, without the password', async () => {
    const port = await freePort();
    const error = await failureOf(changed((url) => ((url.port = String(port)), (url.password = 'hunter2'))));
    expect(error).toBeInstanceOf(DatabaseUnreachableError);
    expect(error.message).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${port}.*as "kindly_app".*Is PostgreSQL running there`),
    );
    expect(error.message).not.toContain('hunter2');
  });

  it('tells a wrong password from a missing database, at once', async () => {
    const wrong = await failureOf(
      changed((url) => (url.password = 'hunter2')),
      60_000,
    );
    expect(wrong.message).toContain('Wrong password');
    const missing = await failureOf(
      changed((url) => (url.pathname = '/nowhere')),
      60_000,
    );
    expect(missing.message).toMatch(/database "nowhere".*No such database/);
  });

  it.each<[string, (socket: Socket) => unknown]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['ends', (socket) => socket.resume().end()],
  ])('tries again when a server that is starting %s the connection', async (_how, refuse) => {
    const real = new URL(database.appUrl);
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      if (connections <= 2) return refuse(socket);
      const onward = connect(Number(real.port), real.hostname);
      return socket.pipe(onward).pipe(socket);
    });
    const port = await listen(proxy);
    const dataSource = await openDataSource({
      url: changed((url) => (url.port = String(port))),
      role: 'app',
    });
    await expect(dataSource.query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
    expect(connections).toBeGreaterThan(2);
    await dataSource.destroy();
    await close(proxy);
  });

  it('limits how long anything may take, but not a migration', async () => {
    const settings = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('application_name') as name`;
    const read = async (url: string, role: 'app' | 'owner') => {
      const dataSource = await openDataSource({ url, role });
      const rows = await dataSource.query<unknown[]>(settings);
      await dataSource.destroy();
      return rows[0];
    };
    await expect(read(database.appUrl, 'app')).resolves.toEqual({
      statement: '30s',
      lock: '10s',
      idle: '1min',
      name: 'kindly-app',
    });
    await expect(read(database.ownerUrl, 'owner')).resolves.toEqual({
      statement: '0',
      lock: '0',
      idle: '0',
      name: 'kindly-owner',
    });
  });
});
