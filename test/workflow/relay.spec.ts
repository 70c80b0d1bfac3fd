import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { INVOICE_CAMPAIGN } from '#contracts/engine.js';
import { Relay } from '#engine/relay.js';
import { TestEngine } from '#test/support/engine.js';
import type { TestOrganisation } from '#test/support/engine-organisation.js';

interface OutboxRow {
  workflow_id: string;
  tries: number;
  wait: number | null;
  last_error: string | null;
}

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({ relay: false });
}, 60_000);
beforeEach(async () => {
  organisation = await engine.organisation();
});
afterEach(() => organisation?.rows('with gone as (delete from outbox returning 1) select 1 from gone'));
afterAll(() => engine?.close(), 60_000);

const write = (workflowId: string): Promise<unknown> =>
  organisation.rows(
    `insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
     values ($1, $2, '${INVOICE_CAMPAIGN}', jsonb_build_object('organisationId', $1::uuid, 'invoiceId', $3::uuid), 1) returning 1`,
    organisation.id,
    workflowId,
    randomUUID(),
  );

const good = (): Promise<unknown> => write(`invoice/${organisation.id}/${randomUUID()}`);
/** Longer than Temporal takes. */
const poisoned = (): Promise<unknown> => write(`invoice/${'x'.repeat(2_000)}`);

const outbox = (): Promise<OutboxRow[]> =>
  organisation.rows(
    `select workflow_id, tries, last_error, extract(epoch from claimed_until - now())::float as wait from outbox`,
  );

const free = (): Promise<unknown> =>
  organisation.rows(`update outbox set claimed_until = now() - interval '1 s' returning 1`);

describe('a row that cannot be delivered', () => {
  it('holds up no other, and is waited with longer after every try', async () => {
    const relay = engine.anotherRelay();
    await poisoned();
    const waits: number[] = [];
    for (let round = 1; round <= 7; round += 1) {
      await good();
      expect(await relay.deliverBatch()).toBe(2);
      const [row, ...others] = await outbox();
      expect(others).toEqual([]);
      expect(row).toMatchObject({ tries: round, last_error: expect.any(String) as string });
      waits.push(Math.round(row?.wait ?? 0));
      await free();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  }, 20_000);

  it('is not tried again before its time', async () => {
    const relay = engine.anotherRelay();
    await poisoned();
    await good();
    await relay.deliverBatch();
    expect(await relay.deliverBatch()).toBe(0);
  }, 20_000);

  it('is told of when nothing else could be delivered either', async () => {
    await poisoned();
    await expect(engine.anotherRelay().deliverBatch()).rejects.toThrow();
  }, 20_000);
});

describe('a Temporal that takes a call and never answers', () => {
  it('costs a delivery its deadline and no more', async () => {
    const [host = '', port] = engine.temporal.address.split(':');
    const proxy = await stallingProxy({ host, port: Number(port) });
    const connection = await Connection.connect({ address: `127.0.0.1:${proxy.port}` });
    try {
      proxy.stall();
      await good();
      const relay = new Relay({
        system: engine.own.system,
        systemUrl: engine.database.systemUrl,
        temporal: new Client({ connection, namespace: engine.temporal.namespace }),
        deadlineMs: 500,
        log: () => undefined,
      });
      const since = Date.now();
      await expect(relay.deliverBatch()).rejects.toThrow();
      expect(Date.now() - since).toBeLessThan(4_000);
      expect(await outbox()).toMatchObject([{ tries: 1 }]);
      await free();
      expect(await engine.anotherRelay().deliverBatch()).toBe(1);
      expect(await outbox()).toEqual([]);
    } finally {
      await connection.close();
      await proxy.close();
    }
  }, 20_000);
});

/** Passes everything on until it stalls; then it takes what it is sent, and that is all. */
const stallingProxy = async (target: { host: string; port: number }) => {
  const sockets: Socket[] = [];
  let stalled = false;
  const server = createServer((inbound) => {
    const outbound = connect(target);
    sockets.push(inbound, outbound);
    inbound.on('data', (data) => void (stalled || outbound.write(data)));
    outbound.on('data', (data) => void (stalled || inbound.write(data)));
    for (const socket of [inbound, outbound]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stall: () => void (stalled = true),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};
