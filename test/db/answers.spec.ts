import { createHash } from 'node:crypto';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import type { TaskOutcomeInput } from '#contracts/schemas/index.js';
import { weekendCalendar } from '#domain/working-days.js';
import type { EngineDeps } from '#engine/deps.js';
import { enrolInvoices } from '#engine/enrol.js';
import { executeStep } from '#engine/execute-step.js';
import { completeTask, upsertCustomers } from '#engine/facts/index.js';
import { Task } from '#store/entities/index.js';
import { seedCampaign } from '#test/support/seed.js';
import { NOW, type World, anotherOrganisation, customer, openWorld, withInvoice } from './facts-world.js';
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
  await world.run((scope) => upsertCustomers(scope, [customer({ locale: 'en', people })]));
  channel = new FakeChannel();
  deps = { dataSource: world.app, channels: new ChannelRegistry([channel]), calendar: weekendCalendar };
  await enrol();
});

const invoiceRow = async () => {
  const [row] = await world.rows<{ id: string; customer_id: string }>('select id, customer_id from invoice');
  if (!row) throw new Error('There is no invoice.');
  return row;
};

async function enrol(): Promise<void> {
  const versionId = await seedCampaign(world.app, world.organisationId, {
    kindly: 1,
    policy: 'none',
    name: 'Later',
    steps: [{ key: 'a', at: { anchor: 'due_date', offset: 'P30D' }, send: ['email'], template: 'overdue' }],
  });
  const { id } = await invoiceRow();
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds: [id] }));
}

/** Completes a call about the invoice and lets the engine do what is due. */
async function answer(outcome: TaskOutcomeInput): Promise<void> {
  const { id: invoiceId, customer_id: customerId } = await invoiceRow();
  await world.run(async (scope) => {
    const { organisationId, manager } = scope;
    const { identifiers } = await manager.insert(Task, {
      organisationId,
      kind: 'call',
      customerId,
      invoiceId,
      dueAt: NOW,
    });
    expect(await completeTask(scope, String(identifiers[0]?.['id']), outcome)).toMatchObject({
      result: 'updated',
    });
  });
  await step();
}

const step = async () =>
  executeStep(
    deps,
    { organisationId: world.organisationId, invoiceId: (await invoiceRow()).id },
    NOW.getTime(),
  );

const requests = () => world.rows<{ state: string }>('select state from answer_request');

it('confirms a promise with its own amount and date, although it is held', async () => {
  await answer({ outcome: 'promise', amount: '55.94', promisedOn: '2026-03-10', confirmBy: 'email' });
  expect(channel.delivered).toHaveLength(1);
  const [letter] = channel.delivered;
  expect(letter?.to.address).toBe('ann@example.test');
  expect(letter?.text).toContain('you will pay €55.94 for invoice INV-1 from Acme by 10 March 2026');
  expect(letter?.text).toContain('Amount due: €100.00');
  expect(await requests()).toEqual([{ state: 'sent' }]);
  expect(await world.rows('select kind, purpose, counts_as from contact')).toEqual([
    { kind: 'confirmation', purpose: 'answer', counts_as: 'none' },
  ]);
});

it('confirms a promise by SMS', async () => {
  await answer({ outcome: 'promise', amount: '100.00', promisedOn: '2026-03-10', confirmBy: 'sms' });
  expect(channel.delivered[0]?.text).toContain('€100.00 for invoice INV-1 by 10 March 2026');
});

it('fails to confirm a promise that the request does not tell of, and goes on', async () => {
  await answer({ outcome: 'promise', amount: '55.94', promisedOn: '2026-03-10' });
  await world.run(({ manager, organisationId }) =>
    manager.query(
      `insert into answer_request (organisation_id, customer_id, invoice_id, enrolment_id, kind, template_key, medium,
                                   effective_at)
       select organisation_id, customer_id, invoice_id, id, 'confirmation', 'promise-confirmation', 'email', now()
       from enrolment where organisation_id = $1`,
      [organisationId],
    ),
  );
  expect(await step()).toMatchObject({ kind: 'wait' });
  expect(channel.calls).toEqual([]);
  expect(await requests()).toEqual([{ state: 'failed' }]);
});

it('confirms a conversation without a promise', async () => {
  await answer({ outcome: 'reached', confirmBy: 'email' });
  expect(channel.delivered[0]?.subject).toBe('Invoice INV-1: our telephone conversation');
  expect(channel.delivered[0]?.text).not.toContain('Amount due');
});

describe('a copy of the invoice', () => {
  const attach = () =>
    world.run(async ({ manager, organisationId }) => {
      const content = Buffer.from('%PDF-1.7');
      await manager.query(
        `with d as (insert into document (organisation_id, filename, content_type, content, sha256)
                    values ($1, 'INV-1.pdf', 'application/pdf', $2, $3) returning id)
         update invoice set document_id = d.id from d where organisation_id = $1`,
        [organisationId, content, createHash('sha256').update(content).digest()],
      );
    });

  it('goes along with an e-mail, which says so', async () => {
    await attach();
    await answer({ outcome: 'resend_invoice' });
    const [letter] = channel.delivered;
    expect(letter?.text).toContain('A copy of invoice INV-1 from Acme is attached.');
    expect(letter?.attachments?.map(({ filename }) => filename)).toEqual(['INV-1.pdf']);
  });

  it('is not said to be attached where none is, or nothing can be', async () => {
    await answer({ outcome: 'resend_invoice' });
    await attach();
    await answer({ outcome: 'resend_invoice', confirmBy: 'sms' });
    expect(channel.delivered).toHaveLength(2);
    for (const { text, attachments } of channel.delivered) {
      expect(text).toContain('INV-1');
      expect(text).not.toContain('attached');
      expect(attachments ?? []).toEqual([]);
    }
  });
});
