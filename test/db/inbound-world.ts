import { randomUUID } from 'node:crypto';
import type { Block, ReceivedMessage } from '#channels/receipt.js';
import type { MessageMedium } from '#domain/medium.js';
import { applyWaitingInbound, storeInbound } from '#engine/inbound/index.js';
import { Contact } from '#store/entities/index.js';
import { NOW, type World } from './facts-world.js';

/** A message that one of our addresses received. */
export const received = (world: World, overrides: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  eventKey: randomUUID(),
  organisationId: world.organisationId,
  medium: 'email',
  from: 'ann@example.test',
  fromName: null,
  to: ['ar@example.test'],
  subject: 'Re: Invoice',
  text: 'We pay on Friday.',
  headers: {},
  attachments: [],
  effectiveAt: NOW.getTime(),
  ...overrides,
});

export const store = ({ store: { app, system } }: World, messages: ReceivedMessage[], blocks: Block[] = []) =>
  storeInbound({ app, system }, 'fake', { messages, blocks });

export const applyAll = async ({ store: { app, system } }: World): Promise<void> => {
  while ((await applyWaitingInbound({ dataSource: app, system })) > 0);
};

/** Has it come in and be applied. */
export const receive = async (world: World, overrides: Partial<ReceivedMessage> = {}): Promise<void> => {
  await store(world, [received(world, overrides)]);
  await applyAll(world);
};

/** A message that went out to a customer's first address of this kind. @returns its id */
export const wrote = (
  world: World,
  {
    customer = 'C-1',
    medium = 'email',
    at = NOW,
  }: { customer?: string; medium?: MessageMedium; at?: Date } = {},
): Promise<string> =>
  world.run(async ({ manager, organisationId }) => {
    const [row] = await manager.query<Record<string, string>[]>(
      `select c.id as customer_id, e.id as enrolment_id, i.id as invoice_id, t.id as point_id
       from customer c join contact_person q on q.customer_id = c.id join contact_point t on t.person_id = q.id
       left join invoice i on i.customer_id = c.id left join enrolment e on e.invoice_id = i.id
       where c.external_id = $1 and t.kind = case $2 when 'sms' then 'phone' else $2 end
       order by t.position, i.external_id limit 1`,
      [customer, medium],
    );
    const { identifiers } = await manager.insert(Contact, {
      organisationId,
      customerId: row?.['customer_id'],
      invoiceId: row?.['invoice_id'],
      enrolmentId: row?.['enrolment_id'],
      pointId: row?.['point_id'],
      sendKey: `${randomUUID()}/0`,
      medium,
      purpose: 'reminder',
      kind: 'reminder',
      sender: {},
      state: 'accepted',
      provider: 'fake',
      snapshot: {
        medium,
        to: { address: 'ann@example.test' },
        from: { address: 'ar@example.test' },
        subject: 'Invoice 1',
        text: 'Please pay.',
        locale: 'en',
      },
      factsVersion: 1,
      decidedAt: at,
      leaseUntil: at,
    });
    return String(identifiers[0]?.['id']);
  });

/** How the messages were read and whose they are, in the order in which they were written. */
export const inbound = (world: World) =>
  world.rows<{ reading: string; by: string | null; customer: string | null }>(
    `select m.reading, m.matched_by as by, c.external_id as customer from inbound_message m
     left join customer c on c.id = m.customer_id order by m.effective_at, m.id`,
  );
