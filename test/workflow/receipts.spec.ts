import { jest } from '@jest/globals';
import type { Receipt } from '#channels/receipt.js';
import { applyWaiting, storeReceipts } from '#engine/receipts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

/** What becomes of an outreach when receipts come in, through Temporal and PostgreSQL. */
let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const tell = async (debtor: Debtor, overrides: Partial<Receipt>): Promise<void> => {
  const contactId = (await organisation.contacts(debtor)).at(-1)?.id ?? null;
  const receipt: Receipt = {
    eventKey: `${contactId}/${overrides.kind}`,
    organisationId: organisation.id,
    contactId,
    providerId: null,
    kind: 'delivered',
    byMachine: false,
    addressIsBad: false,
    code: null,
    effectiveAt: Date.now(),
    ...overrides,
  };
  await storeReceipts(engine.own.app, 'fake', [receipt]);
  while ((await applyWaiting({ dataSource: engine.own.app, system: engine.own.system })) > 0);
};

const media = async (debtor: Debtor): Promise<string[]> =>
  (await organisation.contacts(debtor)).map(({ medium, state }) => `${medium} ${state}`);

it('a message that bounces is followed by the next channel, and the ladder goes on from there', async () => {
  const debtor = await organisation.outreach(ladder(['PT1H'], { send: ['email', 'sms'] }));
  await organisation.settled(debtor, 1);
  await tell(debtor, { kind: 'bounced', addressIsBad: true, code: 'smtp_550_5.1.1' });
  await organisation.settled(debtor, 2);
  await organisation.atRest(debtor);
  expect(await media(debtor)).toEqual(['email accepted', 'sms accepted']);
  expect(await organisation.attempts(debtor)).toEqual([{ step_key: 'step-0', decision: 'sent' }]);
});

it('a message that bounces on its last channel leaves its step undeliverable', async () => {
  const debtor = await organisation.outreach(ladder(['PT1H']));
  await organisation.settled(debtor, 1);
  await tell(debtor, { kind: 'bounced' });
  await organisation.atRest(debtor);
  expect(await media(debtor)).toEqual(['email accepted']);
  expect(await organisation.attempts(debtor)).toEqual([{ step_key: 'step-0', decision: 'suppressed' }]);
});

it('a message that is not seen to arrive is followed in time, one that arrives is not', async () => {
  const plain = ladder(['PT1H'], { send: ['email', 'sms'] });
  const campaign = { ...plain, steps: plain.steps.map((step) => ({ ...step, unlessDelivered: 'PT6S' })) };
  const [lost, seen] = [await organisation.outreach(campaign), await organisation.outreach(campaign)];
  await organisation.settled(seen, 1);
  await tell(seen, { kind: 'delivered' });
  await organisation.settled(lost, 2);
  await organisation.atRest(seen);
  expect(await media(lost)).toEqual(['email accepted', 'sms accepted']);
  expect(await media(seen)).toEqual(['email accepted']);
});

it('the last message of a ladder is followed too when it bounces after the end', async () => {
  const debtor = await organisation.outreach(ladder([], { send: ['email', 'sms'] }));
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual(['email accepted']);
  await tell(debtor, { kind: 'bounced' });
  await organisation.settled(debtor, 2);
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual(['email accepted', 'sms accepted']);
  expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'exhausted' });
});
