import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import type { Outcome } from '#channels/channel.js';
import { getAttempt, listAttempts } from '#api/ledger/attempts.queries.js';
import { weekendCalendar } from '#domain/working-days.js';
import type { EngineDeps } from '#engine/deps.js';
import { enrolInvoices } from '#engine/enrol.js';
import { executeStep } from '#engine/execute-step.js';
import { recordPayments, reversePayment, upsertCustomers } from '#engine/facts/index.js';
import { buildReport } from '#engine/play/report.js';
import { readDecisions } from '#engine/play/read-decisions.js';
import { readTimeline, type TimelineEntry } from '#engine/reading/index.js';
import { campaignOf, dueStep } from '#domain/facts.factory.js';
import { seedCampaign } from '#test/support/seed.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  openWorld,
  payment,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;
let channel: FakeChannel;
let deps: EngineDeps;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  const people = [
    { externalId: 'p', name: 'Ann Smith', emails: ['ann@example.test'], phones: ['+447700900001'] },
  ];
  await world.run((scope) => upsertCustomers(scope, [customer({ people })]));
  channel = new FakeChannel();
  deps = { dataSource: world.app, channels: new ChannelRegistry([channel]), calendar: weekendCalendar };
});

const MINUTE = 60_000;
const ACCEPTED: Outcome = { kind: 'accepted', providerId: 'x' };
const THROTTLED: Outcome = { kind: 'throttled', code: 'http_429', retryAfterMs: MINUTE };
const UNKNOWN: Outcome = { kind: 'unknown', code: 'timeout' };
const UNREACHED: Outcome = { kind: 'not_reached', code: 'ECONNREFUSED' };

const invoiceId = async (): Promise<string> => {
  const [row] = await world.rows<{ id: string }>('select id from invoice');
  if (!row) throw new Error('There is no invoice.');
  return row.id;
};

/** Enrols the invoice in a ladder whose one step is due by now. */
async function enrol(send: ('email' | 'sms')[] = ['email']): Promise<void> {
  const versionId = await seedCampaign(world.app, world.organisationId, {
    kindly: 1,
    policy: 'none',
    name: 'At once',
    steps: [
      { key: 'a', at: { anchor: 'issue_date', offset: 'P29D', time: '10:00' }, send, template: 'overdue' },
    ],
  });
  const invoiceIds = [await invoiceId()];
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds }));
}

const step = async () =>
  executeStep(deps, { organisationId: world.organisationId, invoiceId: await invoiceId() }, NOW.getTime());

const advance = (ms: number) =>
  world.rows(`update organisation set clock_now = clock_now + $1 * interval '1 ms'`, ms);

/** Sends the step, which meets these outcomes. */
async function meeting(outcomes: Outcome[], send?: ('email' | 'sms')[]): Promise<void> {
  channel.next(...outcomes);
  await enrol(send);
  await step();
}

const attempts = (state?: Parameters<typeof listAttempts>[1]['state']) =>
  world.run(async (scope) => (await listAttempts(scope, { limit: 50, state })).data);

const timeline = async (): Promise<TimelineEntry[]> => {
  const id = await invoiceId();
  const page = await world.run((scope) => readTimeline(scope, id, { after: null, limit: 200 }));
  return page?.entries ?? [];
};

const told = async (...kinds: string[]): Promise<string[]> =>
  (await timeline()).filter(({ kind }) => kinds.includes(kind)).map(({ kind, what }) => `${kind} ${what}`);

describe('an attempt', () => {
  it('is being sent until its provider has answered, and sent then', async () => {
    const seen: unknown[] = [];
    channel.next(async () => {
      seen.push(
        ...(await attempts()).map(({ decision, state, sentence }) => ({ decision, state, sentence })),
      );
      return ACCEPTED;
    });
    await enrol();
    await step();
    expect(seen).toEqual([
      {
        decision: 'sent',
        state: 'sending',
        sentence: 'Step "a" is being sent by e-mail: the provider is being called.',
      },
    ]);
    expect(await attempts('sent')).toMatchObject([
      { decision: 'sent', retryAt: null, sentence: 'Step "a" went out by e-mail: the provider accepted it.' },
    ]);
    expect(await attempts('sending')).toEqual([]);
  });

  it.each([
    [THROTTLED, 'it asked to wait (http_429)'],
    [UNREACHED, 'it could not be reached (ECONNREFUSED)'],
  ])(
    'whose provider answers %j is not called sent, and says when it is tried again',
    async (outcome, why) => {
      await meeting([outcome]);
      const [attempt] = await attempts('not_delivered');
      expect(attempt).toMatchObject({
        decision: 'sent',
        retryAt: '2026-03-02T09:01:00Z',
        sentence: `Step "a" was not delivered to the provider by e-mail: ${why}. It is tried again on 2026-03-02 at 10:01 (Europe/Madrid).`,
      });
      expect(await attempts('sent')).toEqual([]);
      expect(await world.run((scope) => getAttempt(scope, attempt?.id ?? ''))).toEqual(attempt);
    },
  );

  it('that may have gone out is unknown, and not sent again', async () => {
    await meeting([UNKNOWN]);
    expect(await attempts()).toMatchObject([
      {
        state: 'unknown',
        retryAt: null,
        sentence: expect.stringContaining('It is not sent again.') as unknown,
      },
    ]);
  });

  it('that no channel could deliver says why it was not sent', async () => {
    await meeting([{ kind: 'rejected', code: '550', addressIsBad: false }]);
    expect(await attempts()).toMatchObject([{ decision: 'suppressed', state: 'suppressed' }]);
  });
});

describe('the timeline', () => {
  it('tells a step and its message once', async () => {
    await meeting([ACCEPTED]);
    expect(await told('attempt', 'contact')).toEqual(['attempt sent']);
    const [entry] = (await timeline()).filter(({ kind }) => kind === 'attempt');
    expect(entry?.data).toMatchObject({
      state: 'sent',
      decision: 'sent',
      contact: { state: 'accepted', provider: 'fake' },
    });
    expect(entry?.data).not.toHaveProperty('zone');
  });

  it('tells the earlier tries of a step, and never calls one sent that was not', async () => {
    await meeting([THROTTLED, ACCEPTED]);
    expect(await told('attempt', 'contact')).toEqual(['attempt not_delivered']);
    expect((await timeline()).find(({ kind }) => kind === 'attempt')).toMatchObject({
      data: { retryAt: '2026-03-02T09:01:00Z' },
      sentence: expect.stringContaining('tried again on 2026-03-02 at 10:01') as unknown,
    });
    await advance(MINUTE);
    await step();
    expect(await told('attempt', 'contact')).toEqual(['contact throttled', 'attempt sent']);
  });

  it('keeps the message that failed beside a step that was given up', async () => {
    await meeting([{ kind: 'rejected', code: '550', addressIsBad: false }]);
    expect(await told('attempt', 'contact')).toEqual(['attempt suppressed', 'contact rejected']);
  });

  it('remembers that the invoice was settled when its payment is reversed, and says that it is owed again', async () => {
    await world.run((scope) => recordPayments(scope, [payment()]));
    expect(await told('invoice', 'payment')).toEqual([
      'invoice recorded',
      'payment applied',
      'invoice settled',
    ]);
    await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    const reversed = ['payment taken_back', 'invoice reopened'];
    const first = ['invoice recorded', 'payment applied', 'invoice settled', ...reversed];
    expect(await told('invoice', 'payment')).toEqual(first);
    await advance(MINUTE);
    await world.run((scope) => recordPayments(scope, [payment({ externalId: 'P-2' })]));
    expect(await told('invoice', 'payment')).toEqual([...first, 'payment applied', 'invoice settled']);
    expect(await world.rows('select status from invoice')).toEqual([{ status: 'settled' }]);
  });
});

describe('the report of a play', () => {
  const reported = async (open: number) => {
    const records = await readDecisions(world.app, world.organisationId);
    const none = { contacts: 0, paid: 0, invoices: 1, customers: 1, from: 0, to: 0, violations: [] };
    const document = campaignOf([dueStep('a', 'P1D')]);
    return buildReport({ ...none, document, records, open: { a: open } }).steps['a'];
  };

  it.each([
    [ACCEPTED, 0, { due: 1, sent: 1, open: 0, byChannel: { email: 1 } }],
    [UNKNOWN, 0, { due: 1, sent: 0, open: 1, byChannel: {} }],
    [THROTTLED, 1, { due: 1, sent: 0, open: 1, byChannel: {} }],
  ])('of a step that met %j calls only what was accepted sent', async (outcome, open, expected) => {
    await meeting([outcome]);
    expect(await reported(open)).toMatchObject(expected);
  });
});
