import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { reconcileWorkflowId } from '#contracts/engine.js';
import { LOOKS_MS } from '#domain/reconciliation.js';
import { createReconcileActivities } from '#engine/reconcile/index.js';
import { applyWaiting, storeReceipts } from '#engine/receipts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

/** What becomes of messages that may have gone out. */
let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({ resendUnknown: ['sms'] });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const UNKNOWN: Outcome = { kind: 'unknown', code: 'timeout' };

const outreach = async (medium: 'email' | 'sms', delivered: boolean): Promise<Debtor> => {
  const [versionId, debtor] = [
    await organisation.publish(ladder(['PT1H'], { send: [medium] })),
    await organisation.debtor(),
  ];
  engine.outside.to(medium === 'email' ? debtor.email : debtor.phone, { outcome: UNKNOWN, delivered });
  await organisation.enrol(versionId, debtor);
  await organisation.settled(debtor, 1);
  await organisation.atRest(debtor);
  return debtor;
};

const reconcile = async (debtor: Debtor, isLast: boolean): Promise<string> => {
  const { dataSource, channels } = engine.deps;
  const activities = createReconcileActivities({ dataSource, channels, resend: ['sms'] });
  const contactId = (await organisation.contacts(debtor)).at(-1)?.id ?? '';
  return activities.reconcile({ organisationId: organisation.id, contactId }, isLast);
};

const outcome = (debtor: Debtor) =>
  organisation.rows<{ state: string; resolution: string | null }>(
    'select state, resolution from contact where invoice_id = $1 order by recorded_at, id',
    debtor.invoiceId,
  );

it('a message that may have gone out is looked for by a workflow of its own', async () => {
  const debtor = await outreach('email', true);
  const [contact] = await organisation.contacts(debtor);
  const id = reconcileWorkflowId(organisation.id, contact?.id ?? '');
  await eventually(async () => {
    const { status } = await engine.temporal.client.workflow.getHandle(id).describe();
    expect(status.name).toBe('RUNNING');
  });
});

it('is found where its provider has it', async () => {
  const debtor = await outreach('email', true);
  expect(await reconcile(debtor, false)).toBe('settled');
  expect(await outcome(debtor)).toEqual([{ state: 'accepted', resolution: 'look_up' }]);
  expect(await reconcile(debtor, true)).toBe('settled');
});

it('is not taken for an earlier message of the same words', async () => {
  const debtor = await organisation.debtor();
  engine.outside.to(debtor.phone, (message) => ({ kind: 'accepted', providerId: message.contactId }), {
    outcome: UNKNOWN,
    delivered: false,
  });
  await organisation.enrol(await organisation.publish(ladder(['PT1S', 'PT1H'], { send: ['sms'] })), debtor);
  await organisation.settled(debtor, 2);
  await organisation.atRest(debtor);
  const texts = new Set((await organisation.contacts(debtor)).map(({ snapshot }) => snapshot.text));
  expect(texts.size).toBe(1);
  expect(await reconcile(debtor, false)).toBe('open');
});

it('is looked for again while there is time, and then counts as sent', async () => {
  const debtor = await outreach('email', false);
  for (let look = 1; look < LOOKS_MS.length; look += 1) expect(await reconcile(debtor, false)).toBe('open');
  expect(await reconcile(debtor, true)).toBe('settled');
  expect(await outcome(debtor)).toEqual([{ state: 'unknown', resolution: 'treated_as_sent' }]);
});

it('is sent again, once, where its medium’s policy says so and nothing was found', async () => {
  const debtor = await outreach('sms', false);
  await reconcile(debtor, true);
  await organisation.settled(debtor, 2);
  await organisation.atRest(debtor);
  await reconcile(debtor, true);
  await organisation.atRest(debtor);
  expect(await outcome(debtor)).toEqual([
    { state: 'not_reached', resolution: 'released' },
    { state: 'unknown', resolution: 'treated_as_sent' },
  ]);
});

it('is not sent again once the invoice is paid', async () => {
  const debtor = await outreach('sms', false);
  await organisation.pay(debtor);
  await reconcile(debtor, true);
  await organisation.finished(debtor);
  await organisation.atRest(debtor);
  expect(await outcome(debtor)).toEqual([{ state: 'not_reached', resolution: 'released' }]);
});

it('is known by a receipt, whoever looks', async () => {
  const debtor = await outreach('email', false);
  const contactId = (await organisation.contacts(debtor))[0]?.id ?? '';
  const receipt = {
    eventKey: contactId,
    organisationId: organisation.id,
    contactId,
    providerId: 'told',
    kind: 'delivered',
    byMachine: false,
    addressIsBad: false,
    code: null,
    effectiveAt: Date.now(),
  } as const;
  await storeReceipts(engine.own.app, 'fake', [receipt]);
  while ((await applyWaiting({ dataSource: engine.own.app, system: engine.own.system })) > 0);
  expect(await reconcile(debtor, true)).toBe('settled');
  expect(await outcome(debtor)).toEqual([{ state: 'accepted', resolution: 'receipt' }]);
});
