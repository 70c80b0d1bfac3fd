import { createHash } from 'node:crypto';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import { messageIdOf } from '#channels/email/compose-email.js';
import { ChannelRegistry } from '#channels/registry.js';
import type { CreditorInput } from '#contracts/schemas/index.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import { contactOfReplyAddress } from '#domain/reply-address.js';
import { weekendCalendar } from '#domain/working-days.js';
import type { EngineDeps } from '#engine/deps.js';
import { enrolInvoices } from '#engine/enrol.js';
import { executeStep } from '#engine/execute-step.js';
import { suppress, upsertCreditors, upsertCustomers } from '#engine/facts/index.js';
import { storeReceipts } from '#engine/receipts/index.js';
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
let deps: EngineDeps;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  const people = [
    { externalId: 'p', name: 'Ann', roles: ['accounts_payable'], emails: ['ann@example.test'] },
    { externalId: 'q', name: 'Bob', roles: ['owner'], emails: ['bob@example.test'] },
    { externalId: 'r', name: 'Ann too', roles: ['owner'], emails: ['ANN@example.test'] },
  ];
  await world.run((scope) => upsertCustomers(scope, [customer({ locale: 'en', people })]));
  channel = new FakeChannel();
  deps = {
    dataSource: world.app,
    channels: new ChannelRegistry([channel]),
    calendar: weekendCalendar,
    publicUrl: 'https://kindly.example',
  };
});

type Step = Partial<CampaignInput['steps'][number]>;

/** Sends what two steps say, which differ in nothing; the first one is too late by then. */
async function send(step: Step = {}, mail?: CreditorInput['mail']) {
  if (mail) await world.run((scope) => upsertCreditors(scope, [creditor({ mail })]));
  const versionId = await seedCampaign(world.app, world.organisationId, {
    kindly: 1,
    policy: 'none',
    name: 'Two that come',
    steps: (['a', 'b', 'c'] as const).map((key) => ({
      key,
      at:
        key === 'a' ? { anchor: 'issue_date', offset: 'PT1S' } : { anchor: 'previous_step', offset: 'PT1S' },
      send: ['email'],
      template: 'overdue',
      ...step,
    })),
  });
  const [row] = await world.rows<{ id: string }>('select id from invoice');
  const invoiceId = row?.id ?? '';
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds: [invoiceId] }));
  const ref = { organisationId: world.organisationId, invoiceId };
  for (const seconds of [10_800, 97_200]) {
    const at = new Date(NOW.getTime() + seconds * 1_000);
    await world.rows('update organisation set clock_now = $1', at);
    await executeStep(deps, ref, at.getTime());
  }
  return channel.delivered;
}

async function attach(bytes: number): Promise<void> {
  const content = Buffer.alloc(bytes, '%PDF-1.7');
  await world.run(({ manager, organisationId }) =>
    manager.query(
      `with d as (insert into document (organisation_id, filename, content_type, content, sha256)
                  values ($1, 'INV-1.pdf', 'application/pdf', $2, $3) returning id)
       update invoice set document_id = d.id from d where organisation_id = $1`,
      [organisationId, content, createHash('sha256').update(content).digest()],
    ),
  );
}

it('offers to stop reminders by one click, and says where in its text', async () => {
  const [message] = await send();
  expect(message?.headers).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
  const link = /^<(https:\/\/kindly\.example\/u\/u[\w-]{59})>$/.exec(
    message?.headers?.['List-Unsubscribe'] ?? '',
  )?.[1];
  expect(message?.text).toContain(`Stop these e-mails: ${link}`);
  expect(message?.html).toContain(`href="${link}"`);
});

it('puts what one address gets about one invoice into one thread', async () => {
  const [first, second] = await send();
  if (!first || !second) throw new Error('Two messages were expected.');
  expect(first.headers).not.toHaveProperty('References');
  expect(second.headers).toMatchObject({ References: messageIdOf(first), 'In-Reply-To': messageIdOf(first) });
  expect(await world.rows('select distinct thread from contact')).toEqual([{ thread: messageIdOf(first) }]);
});

it('has answers come to an address that names the message, where the creditor says so', async () => {
  const [message] = await send({}, { plusAddressing: false, replyDomain: 'reply.acme.example' });
  expect(message?.replyTo?.address).toMatch(/^[^@]+@reply\.acme\.example$/);
  expect(contactOfReplyAddress(message?.replyTo?.address ?? '')).toBe(message?.contactId);
  expect(message?.headers?.['List-Unsubscribe']).toContain(`<mailto:${message?.replyTo?.address}?`);
});

it('sends copies to the roles a step names, each address once, and offers no one click with them', async () => {
  const recipients = { roles: ['accounts_payable'], cc: ['owner'] };
  const [message] = await send({ recipients });
  expect(message?.to.address).toBe('ann@example.test');
  expect(message?.cc).toEqual([{ address: 'bob@example.test', name: 'Bob' }]);
  expect(message?.headers).not.toHaveProperty('List-Unsubscribe-Post');
});

it('sends no copy to an address that may not be written to', async () => {
  await world.run((scope) =>
    suppress(scope, { kind: 'email', value: 'bob@example.test', purpose: 'reminder', reason: 'asked' }),
  );
  const [message] = await send({ recipients: { roles: ['accounts_payable'], cc: ['owner'] } });
  expect(message?.cc).toBeUndefined();
});

it('hears nothing of the message in what is told of a copy', async () => {
  const [message] = await send({ recipients: { roles: ['accounts_payable'], cc: ['owner'] } });
  const hash = (address: string) => createHash('sha256').update(address).digest('hex');
  const receipt = (eventKey: string, address: string) => ({
    eventKey,
    organisationId: world.organisationId,
    contactId: message?.contactId ?? null,
    providerId: null,
    recipientHash: hash(address),
    kind: 'bounced' as const,
    byMachine: false,
    addressIsBad: true,
    code: null,
    effectiveAt: NOW.getTime(),
  });
  const told = [receipt('1', 'bob@example.test'), receipt('2', 'ann@example.test')];
  expect(await storeReceipts(world.app, 'sendgrid', told)).toEqual({ stored: 1, repeated: 0, strange: 1 });
  expect(await world.rows('select event_key from receipt')).toEqual([{ event_key: '2' }]);
});

it.each([
  ['attached', 3_000, {}, {}, 1, false],
  ['linked, being larger than the creditor attaches', 3_000, {}, { attachUpToKb: 2 }, 0, true],
  ['linked, as the creditor has it', 3_000, {}, { document: 'link' }, 0, true],
  ['attached, as the step has it', 3_000, { document: 'attach' }, { document: 'link' }, 1, false],
  ['left out', 3_000, { document: 'none' }, {}, 0, false],
] as const)('has the document %s', async (_how, bytes, step, mail, files, isLinked) => {
  await attach(bytes);
  const [message] = await send(step, mail);
  expect(message?.attachments ?? []).toHaveLength(files);
  const link = /https:\/\/kindly\.example\/d\/d[\w-]{59}/;
  if (isLinked) expect(message?.text).toMatch(link);
  else expect(message?.text).not.toMatch(link);
});

it('keeps no secret of links with what went out', async () => {
  await send();
  const [row] = await world.rows<{ found: boolean }>(
    `select bool_or(strpos(c.snapshot::text, encode(o.link_secret, 'hex')) > 0) as found
     from contact c join organisation o on o.id = c.organisation_id`,
  );
  expect(row?.found).toBe(false);
});
