import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import type { TaskOutcomeInput } from '#contracts/schemas/index.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import { completeTask, isRefused } from '#engine/facts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const UNASKED: Outcome = { kind: 'unknown', code: 'not_asked_for' };

const CALL: CampaignInput = {
  kindly: 1,
  policy: 'none',
  name: 'A call, then a letter',
  whenExhausted: 'nothing',
  steps: [
    { key: 'call', at: { anchor: 'issue_date', offset: 'PT1S' }, task: 'call', waitFor: 'PT1H' },
    { key: 'letter', at: { anchor: 'previous_step', offset: 'PT2H' }, send: ['email'], template: 'overdue' },
  ],
};

const taskOf = async ({ invoiceId }: Debtor): Promise<string> => {
  let id: string | undefined;
  await eventually(async () => {
    [{ id } = { id: undefined }] = await organisation.rows<{ id: string }>(
      `select id from task where invoice_id = $1 and state = 'open'`,
      invoiceId,
    );
    if (!id) throw new Error('There is no task yet.');
  });
  return id ?? '';
};

const complete = async (debtor: Debtor, outcome: TaskOutcomeInput): Promise<void> => {
  const id = await taskOf(debtor);
  const result = await organisation.run((scope) => completeTask(scope, id, outcome));
  if (isRefused(result)) throw new Error(JSON.stringify(result));
};

const promise = (): TaskOutcomeInput => ({
  outcome: 'promise',
  amount: '100.00',
  promisedOn: addDays(localDateOf(Date.now(), 'UTC'), 5),
  confirmBy: 'email',
});

const requestsOf = ({ invoiceId }: Debtor): Promise<{ state: string }[]> =>
  organisation.rows('select state from answer_request where invoice_id = $1', invoiceId);

describe('a promise made on the telephone', () => {
  it('is confirmed once, in the language of the customer, though its hold keeps the ladder back', async () => {
    const debtor = await organisation.outreach(CALL, { locale: 'ru' });
    await complete(debtor, promise());
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    const contacts = await organisation.contacts(debtor);
    expect(contacts).toMatchObject([{ kind: 'confirmation', state: 'accepted', medium: 'email' }]);
    expect(contacts[0]?.snapshot.locale).toBe('ru');
    expect(contacts[0]?.snapshot.text).toMatch(/[а-я]{4}/i);
    expect(await requestsOf(debtor)).toEqual([{ state: 'sent' }]);
    const [hold] = await organisation.rows(
      'select kind, released_at from hold where invoice_id = $1',
      debtor.invoiceId,
    );
    expect(hold).toEqual({ kind: 'promise', released_at: null });
    // Facts that come later find it sent.
    await organisation.pay(debtor, '1.00');
    await organisation.atRest(debtor);
    expect(await organisation.contacts(debtor)).toHaveLength(1);
    await organisation.pay(debtor, '99.00');
    await organisation.finished(debtor);
  });

  it('that cannot be confirmed is visible as failed, and the ladder goes on', async () => {
    const debtor = await organisation.outreach(CALL, { email: undefined });
    await complete(debtor, promise());
    await organisation.atRest(debtor);
    expect(await requestsOf(debtor)).toEqual([{ state: 'failed' }]);
    expect(await organisation.contacts(debtor)).toEqual([]);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'open' });
    await organisation.pay(debtor);
    await organisation.finished(debtor);
  });

  it('is confirmed at a later try when the provider could not take it, the outreach having ended meanwhile', async () => {
    const debtor = await organisation.outreach(CALL);
    const outcomes: Outcome[] = [
      { kind: 'throttled', code: 'http_429', retryAfterMs: 3_000 },
      { kind: 'accepted', providerId: 'second' },
    ];
    engine.outside.to(debtor.email, () => Promise.resolve(outcomes.shift() ?? UNASKED));
    await complete(debtor, promise());
    await organisation.settled(debtor, 1);
    await organisation.pay(debtor);
    await eventually(async () =>
      expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' }),
    );
    expect(await requestsOf(debtor)).toEqual([{ state: 'waiting' }]);
    await organisation.finished(debtor);
    expect(await organisation.contacts(debtor)).toMatchObject([
      { kind: 'confirmation', state: 'throttled' },
      { kind: 'confirmation', state: 'accepted', provider_id: 'second' },
    ]);
    expect(await requestsOf(debtor)).toEqual([{ state: 'sent' }]);
  });

  it('is confirmed when its ladder has come to its end before', async () => {
    const debtor = await organisation.outreach(ladder([]));
    await organisation.finished(debtor);
    await organisation.rows(
      `insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, due_at, brief)
       select organisation_id, 'follow_up', customer_id, invoice_id, id, now(), '{}' from enrolment where invoice_id = $1
       returning id`,
      debtor.invoiceId,
    );
    await complete(debtor, promise());
    await organisation.settled(debtor, 2);
    await organisation.atRest(debtor);
    expect(await organisation.contacts(debtor)).toMatchObject([
      { kind: 'reminder' },
      { kind: 'confirmation' },
    ]);
    await organisation.finished(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'exhausted' });
  });
});

describe('a call task', () => {
  it('is made for a customer of whom nobody is known to write to', async () => {
    const debtor = await organisation.debtor({ email: undefined, phone: undefined });
    await organisation.enrol(await organisation.publish(CALL), debtor);
    const id = await taskOf(debtor);
    expect(await organisation.rows(`select brief -> 'people' as people from task where id = $1`, id)).toEqual(
      [{ people: [] }],
    );
  });

  it('is cancelled when the invoice is paid', async () => {
    const debtor = await organisation.outreach(CALL);
    await taskOf(debtor);
    await organisation.pay(debtor);
    await organisation.finished(debtor);
    expect(await organisation.rows('select state from task where invoice_id = $1', debtor.invoiceId)).toEqual(
      [{ state: 'cancelled' }],
    );
  });
});
