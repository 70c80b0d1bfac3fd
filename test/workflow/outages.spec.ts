import { jest } from '@jest/globals';
import { TestEngine } from '#test/support/engine.js';
import { ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';
import { tcpProxy, type TcpProxy } from '#test/support/tcp-proxy.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;
let cable: TcpProxy | undefined;

/** The same database behind a cable that can be cut; the specs have a way of their own. */
const behindCable = async (own: string): Promise<string> => {
  const url = new URL(own);
  cable ??= await tcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(cable.port);
  return url.href;
};

beforeAll(async () => {
  engine = await TestEngine.start({ databaseUrl: behindCable });
  organisation = await engine.organisation();
});
afterAll(async () => {
  await engine?.close();
  await cable?.close();
});

const callsTo = (email: string): number =>
  engine.outside.calls.filter(({ to }) => to.address === email).length;

describe('a PostgreSQL that goes away while the engine runs', () => {
  it('costs time and nothing else: no step is lost, none is repeated, and facts of the meantime are heard', async () => {
    const versionId = await organisation.publish(ladder(['PT1S', 'PT1S']));
    const debtors = await Promise.all(Array.from({ length: 8 }, () => organisation.debtor()));
    for (const debtor of debtors) await organisation.enrol(versionId, debtor);
    const [payer, ...others] = debtors;
    if (!payer) throw new Error('There is nobody.');
    for (const debtor of debtors) await organisation.settled(debtor, 1);
    await cable?.cut();
    await eventually(async () => {
      await expect(engine.deps.dataSource.query('select 1')).rejects.toThrow();
    });
    await organisation.pay(payer);
    await cable?.mend();
    for (const debtor of debtors) await organisation.finished(debtor);
    for (const debtor of others) {
      const states = await organisation.states(debtor);
      expect(states).toHaveLength(3);
      expect(states.filter((state) => state !== 'accepted' && state !== 'unknown')).toEqual([]);
      expect(callsTo(debtor.email)).toBeLessThanOrEqual(3);
    }
    expect(await organisation.enrolment(payer)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
    expect(callsTo(payer.email)).toBeLessThanOrEqual(3);
  });

  it('between a call and the storing of its outcome does not make the outcome unknown', async () => {
    const [versionId, debtor] = [await organisation.publish(ladder([])), await organisation.debtor()];
    engine.outside.to(debtor.email, async () => {
      await cable?.cut();
      setTimeout(() => void cable?.mend(), 400);
      return { kind: 'accepted', providerId: 'known' };
    });
    await organisation.enrol(versionId, debtor);
    await organisation.finished(debtor);
    expect(await organisation.contacts(debtor)).toMatchObject([{ state: 'accepted', provider_id: 'known' }]);
    expect(callsTo(debtor.email)).toBe(1);
  });
});
