import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import { saveTemplate } from '#engine/campaigns/index.js';
import { enrolInvoices } from '#engine/enrol.js';
import { executeStep } from '#engine/execute-step.js';
import { upsertCreditors, upsertCustomers } from '#engine/facts/index.js';
import type { Medium } from '#domain/medium.js';
import { weekendCalendar } from '#domain/working-days.js';
import { shippedTemplates, smsParts } from '#templates/index.js';
import { seedCampaign } from '#test/support/seed.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  creditor,
  customer,
  openWorld,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;
let channel: FakeChannel;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  const people = [{ externalId: 'p', name: 'Ann', emails: ['ann@example.test'], phones: ['+447700900001'] }];
  await world.run((scope) => upsertCustomers(scope, [customer({ locale: 'en', people })]));
  channel = new FakeChannel();
});

/** Sends the letter `overdue`, by the second of two steps: the first one is too late by then. @returns what the contact says of it */
async function send(medium: Exclude<Medium, 'call'>) {
  const versionId = await seedCampaign(world.app, world.organisationId, {
    kindly: 1,
    policy: 'none',
    name: 'By SMS',
    steps: (['issue_date', 'previous_step'] as const).map((anchor) => ({
      key: anchor.replace('_', '-'),
      at: { anchor, offset: 'PT1S' },
      send: [medium],
      template: 'overdue',
    })),
  });
  const [invoice] = await world.rows<{ id: string }>('select id from invoice');
  const invoiceId = invoice?.id ?? '';
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds: [invoiceId] }));
  const at = new Date(NOW.getTime() + 10_800_000);
  await world.rows('update organisation set clock_now = $1', at);
  const deps = { dataSource: world.app, channels: new ChannelRegistry([channel]), calendar: weekendCalendar };
  await executeStep(deps, { organisationId: world.organisationId, invoiceId }, at.getTime());
  const [contact] = await world.rows<{ parts: number | null; encoding: string | null; text: string }>(
    `select parts, encoding, snapshot->>'text' as text from contact`,
  );
  if (!contact) throw new Error('Nothing was sent.');
  return contact;
}

const [overdue] = shippedTemplates.filter(({ key, locale }) => key === 'overdue' && locale === 'en');

it('stores in how many parts an SMS goes out, and how it is encoded', async () => {
  const { text, parts, encoding } = await send('sms');
  const counted = smsParts(text);
  expect({ parts, encoding }).toEqual({ parts: counted.segments, encoding: 'GSM-7' });
  expect(parts).toBeGreaterThan(0);
});

it('stores no parts of an e-mail', async () => {
  expect(await send('email')).toMatchObject({ parts: null, encoding: null });
});

it('cuts an SMS that no provider would take, and keeps its link and its opt-out', async () => {
  if (!overdue) throw new Error('There is no such template.');
  const sms = `${overdue.sms} ${'Bitte zahlen 👨‍👩‍👧. '.repeat(90)}{% if payment.link %}{{ payment.link }}{% endif %} Reply STOP to opt out.`;
  const paymentLink = 'https://pay.example.com/{number}';
  await world.run((scope) => upsertCreditors(scope, [creditor({ paymentLink })]));
  const saved = await world.run((scope) => saveTemplate(scope, { ...overdue, sms }));
  expect(saved).toMatchObject({ ok: true, warnings: [{ part: 'sms' }, { part: 'sms' }] });
  const { text, parts, encoding } = await send('sms');
  expect(text.length).toBeLessThanOrEqual(1_600);
  expect(text).toMatch(/… https:\/\/pay\.example\.com\/\S+ Reply STOP to opt out\.$/);
  expect(channel.delivered.map((message) => message.text)).toEqual([text]);
  expect({ parts, encoding }).toEqual({ parts: 24, encoding: 'UCS-2' });
});
