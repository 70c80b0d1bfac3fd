import { jest } from '@jest/globals';
import type { Channel } from '#channels/channel.js';
import type { FakeChannel } from '#channels/fake/fake.channel.js';
import type { EngineActivities } from '#contracts/engine.js';
import { TestEngine } from '#test/support/engine.js';
import {
  type ContactRow,
  type Debtor,
  ladder,
  type TestOrganisation,
} from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;
/** Where the next process dies; each happens once. */
let death: 'before the call' | 'after the call' | 'in silence' | undefined;

const dies = (where: typeof death): boolean => {
  if (death !== where) return false;
  death = undefined;
  return true;
};

const dyingAroundCalls = (fake: FakeChannel): Channel => ({
  provider: fake.provider,
  media: fake.media,
  external: true,
  send: async (message, timeoutMs) => {
    if (dies('before the call')) throw new Error('died');
    const outcome = await fake.send(message, timeoutMs);
    if (dies('after the call')) throw new Error('died');
    return outcome;
  },
  check: () => fake.check(),
  close: () => fake.close(),
});

/** When the tests are over: no worker can stop before its activities have. */
let bury = (): void => undefined;
const buried = new Promise<void>((resolve) => (bury = resolve));

/** A process that is gone answers nothing at all: Temporal learns of it by the time-out. */
const fallingSilent = (own: EngineActivities): EngineActivities => ({
  ...own,
  executeStep: async (ref, now) => {
    const isSilent = death === 'in silence';
    const plan = await own.executeStep(ref, now);
    if (isSilent) await buried;
    return plan;
  },
});

beforeAll(async () => {
  engine = await TestEngine.start({
    timing: { providerTimeoutMs: 1_000, leaseMs: 2_500, graceMs: 200 },
    outside: dyingAroundCalls,
    activities: fallingSilent,
    workflowCode: (code) => code.replace("'35 seconds'", "'4 seconds'"),
  });
  organisation = await engine.organisation();
});
afterAll(() => {
  bury();
  return engine?.close();
});

const callsTo = ({ email }: Debtor): number =>
  engine.outside.calls.filter(({ to }) => to.address === email).length;

const outreachDying = async (where: typeof death): Promise<Debtor> => {
  death = where;
  return organisation.outreach(ladder(['PT1S']));
};

describe('the ledger', () => {
  it('has a contact committed as attempting, under a lease, before its channel is called', async () => {
    const seen: ContactRow[] = [];
    const [versionId, debtor] = [await organisation.publish(ladder([])), await organisation.debtor()];
    engine.outside.to(debtor.email, async ({ contactId }) => {
      seen.push(...(await organisation.rows<ContactRow>('select * from contact where id = $1', contactId)));
      return { kind: 'accepted', providerId: 'seen' };
    });
    await organisation.enrol(versionId, debtor);
    await organisation.finished(debtor);
    expect(seen).toMatchObject([{ state: 'attempting', invoice_id: debtor.invoiceId, outcome_code: null }]);
    expect(seen[0]?.snapshot.to.address).toBe(debtor.email);
    expect(await organisation.contacts(debtor)).toMatchObject([{ state: 'accepted', provider_id: 'seen' }]);
  });
});

describe('a process that dies in the middle of a step', () => {
  it('before it called leaves a contact that nobody calls for: unknown, and the ladder goes on', async () => {
    const debtor = await outreachDying('before the call');
    await organisation.finished(debtor);
    expect(await organisation.contacts(debtor)).toMatchObject([
      { state: 'unknown', outcome_code: 'lease_expired' },
      { state: 'accepted' },
    ]);
    expect(callsTo(debtor)).toBe(1);
  });

  it('after it called leaves a contact that is not called for again: unknown, and the ladder goes on', async () => {
    const debtor = await outreachDying('after the call');
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['unknown', 'accepted']);
    expect(callsTo(debtor)).toBe(2);
    expect(engine.outside.delivered.filter(({ to }) => to.address === debtor.email)).toHaveLength(2);
  });

  it('is waited for while its lease runs: until then nobody says unknown', async () => {
    const debtor = await outreachDying('after the call');
    await organisation.finished(debtor);
    const [row] = await organisation.rows<{ patient: boolean }>(
      `select settled_at >= lease_until as patient from contact where invoice_id = $1 order by recorded_at limit 1`,
      debtor.invoiceId,
    );
    expect(row).toEqual({ patient: true });
  });

  it('after it stored the outcome, before Temporal heard of it, repeats nothing', async () => {
    const debtor = await outreachDying('in silence');
    await organisation.settled(debtor, 1);
    death = undefined;
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
    expect(callsTo(debtor)).toBe(2);
  });

  it('or stands still past its lease and is refused then, is followed by the next channel after all', async () => {
    const versionId = await organisation.publish(ladder(['PT1H'], { send: ['email', 'sms'] }));
    const debtor = await organisation.debtor();
    engine.outside.to(debtor.email, async () => {
      await organisation.settled(debtor, 1);
      return { kind: 'rejected', code: 'refused_late', addressIsBad: false };
    });
    await organisation.enrol(versionId, debtor);
    await organisation.settled(debtor, 2);
    expect(await organisation.contacts(debtor)).toMatchObject([
      { medium: 'email', state: 'rejected', outcome_code: 'refused_late' },
      { medium: 'sms', state: 'accepted' },
    ]);
  });
});
