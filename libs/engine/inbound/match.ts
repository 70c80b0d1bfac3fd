import { POINT_OF } from '#domain/medium.js';
import { contactOfReplyAddress } from '#domain/reply-address.js';
import type { Scope } from '../scope.js';
import type { InboundRow } from './inbound-row.js';
import { namedContacts } from './named-contacts.js';

/** Whose a message is, and what it answers. */
export interface Match {
  by: 'reference' | 'address' | 'token' | 'person';
  customerId: string;
  /** Who wrote; null for somebody who is no contact person of the customer. */
  personId: string | null;
  /** The address it came from, or else the one that was written to. */
  pointId: string | null;
  contactId: string | null;
  invoiceId: string | null;
}

/**
 * By the message of ours that it answers, else by who has the address it came from; of several customers the one to
 * whom this address was written last.
 *
 * @returns null when that would be guessing
 */
export const matchOf = async (scope: Scope, message: InboundRow): Promise<Match | null> =>
  (await byReference(scope, message)) ?? (await byAddress(scope, message));

/** A contact, and the person at its customer who has the address that the answer came from. */
const ANSWERED = `
  select o.customer_id as "customerId", o.id as "contactId", o.invoice_id as "invoiceId",
    coalesce(w.person_id, case when p.normalised = $4 then p.person_id end) as "personId", coalesce(w.id, p.id) as "pointId"
  from contact o
  join contact_point p on p.organisation_id = o.organisation_id and p.id = o.point_id
  left join lateral (
    select t.id, t.person_id from contact_point t
    join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
    where t.organisation_id = $1 and q.customer_id = o.customer_id and t.kind = $3 and t.normalised = $4
    order by (t.status = 'active') desc, q.position, t.position limit 1) w on true
  where o.organisation_id = $1 and o.id = any ($2::uuid[]) order by array_position($2::uuid[], o.id) limit 1`;

async function byReference({ manager, organisationId }: Scope, message: InboundRow): Promise<Match | null> {
  const ids = namedContacts(message)
    .filter((named) => named.organisationId === null || named.organisationId === organisationId)
    .map(({ contactId }) => contactId);
  if (ids.length === 0) return null;
  const [row] = await manager.query<Omit<Match, 'by'>[]>(ANSWERED, [
    organisationId,
    ids,
    POINT_OF[message.medium],
    message.sender,
  ]);
  return row ? { by: 'reference', ...row } : null;
}

/** Each customer who has the address, with the last message to it by this medium before this one came. */
const HOLDERS = `
  select distinct on (q.customer_id) q.customer_id as "customerId", q.id as "personId", t.id as "pointId",
    w.id as "contactId", w.invoice_id as "invoiceId", w.decided_at as "writtenAt"
  from contact_point t
  join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
  left join lateral (
    select o.id, o.invoice_id, o.decided_at from contact o
    join contact_point u on u.organisation_id = o.organisation_id and u.id = o.point_id
    where o.organisation_id = $1 and o.customer_id = q.customer_id and u.kind = $2 and u.normalised = $3
      and o.medium = $4 and o.state in ('attempting', 'accepted', 'unknown')
    order by o.decided_at desc, o.id desc limit 1) w on true
  where t.organisation_id = $1 and t.kind = $2 and t.normalised = $3
  order by q.customer_id, (t.status = 'active') desc, q.position, t.position`;

async function byAddress({ manager, organisationId }: Scope, message: InboundRow): Promise<Match | null> {
  const holders = await manager.query<(Omit<Match, 'by'> & { writtenAt: Date | null })[]>(HOLDERS, [
    organisationId,
    POINT_OF[message.medium],
    message.sender,
    message.medium,
  ]);
  const [first, second] = holders.sort((a, b) => Number(b.writtenAt ?? 0) - Number(a.writtenAt ?? 0));
  if (!first) return null;
  if (second && Number(first.writtenAt ?? 0) === Number(second.writtenAt ?? 0)) return null;
  const { writtenAt: _when, ...match } = first;
  return { by: 'address', ...match };
}

/**
 * Whether it is one of ours: from an address that we write from, or with a name that only our messages have. Answered,
 * it would be the first word of a mail loop.
 */
export async function isOwn(
  { manager, organisationId }: Scope,
  { medium, sender, headers }: InboundRow,
): Promise<boolean> {
  const [own] = namedContacts({ headers: { 'in-reply-to': headers['message-id'] ?? '' }, to: [] });
  if (own?.organisationId === organisationId) return true;
  if (medium === 'email' && contactOfReplyAddress(sender) !== null) return true;
  const normal = medium === 'email' ? 'lower(trim(%s))' : `'+' || regexp_replace(%s, '\\D', '', 'g')`;
  const as = (column: string): string => normal.replace('%s', column);
  const [row] = await manager.query<{ own: boolean }[]>(
    `select exists (select from creditor r where r.organisation_id = $1
         and $2 in (${as(medium === 'email' ? 'r.email' : 'r.phone')}, ${as(`r.senders -> $3 ->> 'address'`)}))
       or ($3 = 'email' and exists (select from account_manager m where m.organisation_id = $1
         and lower(trim(m.email)) = $2)) as own`,
    [organisationId, sender, medium],
  );
  return medium !== 'telegram' && row?.own === true;
}
