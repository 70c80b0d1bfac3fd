import { type DeliveryState, deliveryOf, isUndeliverable, type ReceiptFact } from '#domain/delivery.js';
import type { MessageMedium } from '#domain/medium.js';
import type { ContactState } from '#domain/transitions.js';
import { announceFacts, lockCustomer } from '../announce.js';
import { type ApplyDeps, applyWaitingOf } from '../apply-waiting.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { concernedBy } from '../statement/index.js';
import { suppressAddress } from './bad-address.js';

/** Contact by contact, each from all that was told of it. */
export const applyWaiting = (deps: ApplyDeps): Promise<number> =>
  applyWaitingOf(
    {
      table: 'receipt',
      subject: 'contact_id',
      order: 'min(recorded_at)',
      apply: applyReceipts,
    },
    deps,
  );

interface ToldContact {
  customer_id: string;
  invoice_id: string | null;
  kind: string;
  enrolment_id: string | null;
  state: ContactState;
  delivery: DeliveryState | null;
  medium: MessageMedium;
  value: string;
  receipts: (ReceiptFact & {
    id: string;
    applied: boolean;
    addressIsBad: boolean;
    code: string | null;
    providerId: string | null;
  })[];
}

const READ = `
  select o.customer_id, o.invoice_id, o.kind, o.enrolment_id, o.state, o.delivery, o.medium, t.value,
    (select json_agg(json_build_object('id', r.id, 'kind', r.kind, 'byMachine', r.by_machine, 'addressIsBad', r.address_is_bad,
       'code', r.code, 'providerId', r.provider_id, 'applied', r.applied_at is not null,
       'at', (extract(epoch from r.effective_at) * 1000)::bigint) order by r.effective_at, r.id)
     from receipt r where r.organisation_id = $1 and r.contact_id = o.id) as receipts
  from contact o join contact_point t on t.organisation_id = o.organisation_id and t.id = o.point_id
  where o.organisation_id = $1 and o.id = $2`;

/** A message that may have gone out is known to have, once its provider tells of it. */
const STORE = `
  with applied as (
    update receipt set applied_at = now() where organisation_id = $1 and id = any ($6::uuid[])
  )
  update contact set delivery = $3, delivered_at = $4, provider_id = coalesce(provider_id, $5),
    state = case state when 'unknown' then 'accepted' else state end,
    resolution = case state when 'unknown' then 'receipt' else resolution end
  where organisation_id = $1 and id = $2`;

/**
 * Brings a contact to what all its receipts come to, under its customer's lock. An address that is bad, and one whose owner
 * complained or unsubscribed, is written to no more; a message that did not arrive, or that turns out to have been
 * accepted, is a fact that the outreach plans on from.
 */
export async function applyReceipts(scope: Scope, contactId: string): Promise<void> {
  const [first] = await scope.manager.query<ToldContact[]>(READ, [scope.organisationId, contactId]);
  if (!first) return;
  // Before the customer's own lock: it locks all who have the address, in the order of their ids.
  await suppressBad(scope, contactId, first);
  await scope.manager.query('select from customer where organisation_id = $1 and id = $2 for update', [
    scope.organisationId,
    first.customer_id,
  ]);
  const [contact] = await scope.manager.query<ToldContact[]>(READ, [scope.organisationId, contactId]);
  const delivery = contact && deliveryOf(contact.receipts);
  if (!contact) return;
  await scope.manager.query(STORE, [
    scope.organisationId,
    contactId,
    delivery?.state ?? null,
    delivery && delivery.deliveredAt !== null ? new Date(delivery.deliveredAt) : null,
    contact.receipts.find(({ providerId }) => providerId)?.providerId ?? null,
    // What came since the address was looked at has its turn in the next round.
    first.receipts.filter(({ applied }) => !applied).map(({ id }) => id),
  ]);
  await tell(scope, contactId, contact, delivery?.state ?? null);
}

async function suppressBad(
  scope: Scope,
  contactId: string,
  { medium, value, receipts }: ToldContact,
): Promise<void> {
  const cause = receipts.find(
    (each) =>
      !each.applied && (each.addressIsBad || each.kind === 'complained' || each.kind === 'unsubscribed'),
  );
  if (!cause) return;
  await suppressAddress(scope, {
    contactId,
    medium,
    address: value,
    reason: `${cause.kind}${cause.code ? `:${cause.code}` : ''}`,
    evidence: { receipt: cause.id },
    isAskedFor: cause.kind !== 'unsubscribed',
  });
}

async function tell(
  scope: Scope,
  contactId: string,
  contact: ToldContact,
  after: DeliveryState | null,
): Promise<void> {
  const { customer_id: customerId, invoice_id: invoiceId, state, delivery: before } = contact;
  const isNews = after !== null && after !== before;
  const failed = isNews && isUndeliverable(after);
  if (state === 'unknown' || failed) {
    await lockCustomer(scope, customerId);
    const { invoiceIds, enrolmentIds } = await concernedBy(scope, contactId, contact);
    await announceFacts(scope, { customerId, invoiceIds, undelivered: failed ? enrolmentIds : [] });
  }
  if (!isNews) return;
  await emit(scope, {
    type: 'contact.delivery',
    subjectId: invoiceId ?? customerId,
    data: { contactId, delivery: after },
  });
}
