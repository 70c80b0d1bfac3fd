import { jest } from '@jest/globals';
import { TestEngine } from '#test/support/engine.js';
import { ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';
import {
  IMAP_PASSWORD,
  IMAP_USER,
  ImapServer,
  SENDGRID_KEY,
  startSendgrid,
} from '#test/support/providers/index.js';
import { tcpProxy, type TcpProxy } from '#test/support/tcp-proxy.js';
import { WorkerProcess } from '#test/support/worker-process.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;
let sendgrid: Awaited<ReturnType<typeof startSendgrid>>;
const started: WorkerProcess[] = [];
const proxies: TcpProxy[] = [];

beforeAll(async () => {
  engine = await TestEngine.start({ workers: false, relay: false });
  organisation = await engine.organisation();
  sendgrid = await startSendgrid();
});
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.stop();
  for (const proxy of proxies.splice(0)) await proxy.close();
});
afterAll(async () => {
  await sendgrid.stop();
  await engine?.close();
});

const startWorker = (env: Record<string, string> = {}): WorkerProcess => {
  const worker = WorkerProcess.start({
    DATABASE_APP_URL: engine.database.appUrl,
    DATABASE_SYSTEM_URL: engine.database.systemUrl,
    TEMPORAL_ADDRESS: engine.temporal.address,
    TEMPORAL_NAMESPACE: engine.temporal.namespace,
    SENDGRID_API_KEY: SENDGRID_KEY,
    SENDGRID_BASE_URL: sendgrid.url,
    ...env,
  });
  started.push(worker);
  return worker;
};

/** A server that is not there until the proxy is mended. */
const away = async (host: string, port: number): Promise<TcpProxy> => {
  const proxy = await tcpProxy({ host, port });
  proxies.push(proxy);
  await proxy.cut();
  return proxy;
};

describe('a worker that is told to stop', () => {
  it('lets a message that is on its way arrive, stores it, and exits with 0', async () => {
    const worker = startWorker();
    await worker.says(/worker ready/);
    sendgrid.faults.next({ kind: 'accept_slowly', delayMs: 2_000 });
    const debtor = await organisation.outreach(ladder(['PT1S']));
    await eventually(async () => expect(sendgrid.received).toBe(1));
    worker.signal('SIGTERM');
    expect(await worker.ended()).toEqual({ code: 0, signal: null });
    expect(await organisation.contacts(debtor)).toMatchObject([
      { state: 'accepted', provider_id: sendgrid.accepted[0]?.id },
    ]);
    const next = startWorker();
    await next.says(/worker ready/);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
    expect(sendgrid.received).toBe(2);
  });
});

describe('a worker with a mailbox', () => {
  it('takes an answer from it, and the outreach pauses', async () => {
    const imap = await ImapServer.start();
    try {
      const worker = startWorker({
        IMAP_HOST: '127.0.0.1',
        IMAP_PORT: String(imap.port),
        IMAP_REQUIRE_TLS: 'false',
        IMAP_USER,
        IMAP_PASSWORD,
      });
      await worker.says(/worker ready/);
      const debtor = await organisation.outreach(ladder(['PT1S', 'P1D']));
      await eventually(async () => expect(await organisation.states(debtor)).toEqual(['accepted']));
      const [contact] = await organisation.contacts(debtor);
      const name = `<${String(contact?.id)}.${organisation.id}@acme.example>`;
      const uid = imap.deliver(`From: ${debtor.email}\nIn-Reply-To: ${name}\n\nWe pay on Friday.`);
      await eventually(async () => expect(imap.flagsOf(uid)).toEqual(['\\Seen']));
      await eventually(async () =>
        expect(await organisation.rows('select kind from hold where released_at is null')).toEqual([
          { kind: 'reply' },
        ]),
      );
    } finally {
      await imap.stop();
    }
  });
});

describe('a worker that starts', () => {
  it('before Temporal says so, tries again, and does what waited for it', async () => {
    const [host = '', port] = engine.temporal.address.split(':');
    const temporal = await away(host, Number(port));
    const worker = startWorker({ TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` });
    const line = await worker.says(/does not answer/);
    expect(line).toContain(`Temporal at 127.0.0.1:${temporal.port} does not answer. Trying again`);
    const debtor = await organisation.outreach(ladder([]));
    await temporal.mend();
    await worker.says(/worker ready/);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    worker.signal('SIGTERM');
    expect(await worker.ended()).toEqual({ code: 0, signal: null });
  });

  it('before PostgreSQL says so, and tries again', async () => {
    const { hostname, port, username, password, pathname } = new URL(engine.database.appUrl);
    const postgres = await away(hostname, Number(port));
    const url = (user: string, secret: string) =>
      `postgres://${user}:${secret}@127.0.0.1:${postgres.port}${pathname}`;
    const system = new URL(engine.database.systemUrl);
    const worker = startWorker({
      DATABASE_APP_URL: url(username, password),
      DATABASE_SYSTEM_URL: url(system.username, system.password),
    });
    const line = await worker.says(/PostgreSQL at/);
    expect(line).toContain(`127.0.0.1:${postgres.port}`);
    expect(line).not.toContain(password);
    await postgres.mend();
    await worker.says(/worker ready/);
  });

  it('in a namespace that does not exist says so and ends', async () => {
    const worker = startWorker({ TEMPORAL_NAMESPACE: 'nowhere-at-all' });
    const { code } = await worker.ended();
    expect(code).toBe(1);
    expect(worker.lines.join('\n')).toContain('nowhere-at-all');
  });
});
