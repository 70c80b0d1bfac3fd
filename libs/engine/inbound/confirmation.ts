import type { InboundEffect } from '#domain/conversation.js';
import { POINT_OF } from '#domain/medium.js';
import { announceFacts } from '../announce.js';
import type { Scope } from '../scope.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';

type Confirm = Extract<InboundEffect, { kind: 'confirm' }>;

/**
 * Has the invoice's workflow confirm it, by the same medium to the same address, though that was suppressed this moment: of
 * the invoice that the message is about, or the customer's latest. An address that is suppressed for another reason, and
 * a customer who never was in any campaign, are not written to.
 */
const REQUEST = `
  insert into answer_request (organisation_id, customer_id, invoice_id, enrolment_id, kind, template_key, medium, facts,
                              effective_at, point_id, inbound_id)
  select $1, $2, e.invoice_id, e.id, 'confirmation', $3, $4, $5, $6, t.id, $7
  from contact_point t, lateral (
    select l.id, l.invoice_id from enrolment l where l.organisation_id = $1 and l.customer_id = $2
    order by (l.invoice_id is not distinct from $9::uuid) desc, (l.state = 'open') desc, l.recorded_at desc, l.id desc
    limit 1) e
  where t.organisation_id = $1 and t.id = $8 and t.kind = $10 and t.status = 'active' and not exists (
    select from suppression s where s.organisation_id = $1 and s.kind = t.kind and s.normalised = t.normalised
      and s.lifted_at is null and s.reason <> 'stop' and (s.medium is null or s.medium = $4) and s.purpose is null)
  returning invoice_id`;

export async function requestConfirmation(
  scope: Scope,
  message: InboundRow,
  match: Match,
  { template, notAfter }: Confirm,
): Promise<void> {
  const [request] = await scope.manager.query<{ invoice_id: string }[]>(REQUEST, [
    scope.organisationId,
    match.customerId,
    template,
    message.medium,
    JSON.stringify(notAfter === null ? {} : { notAfter }),
    new Date(scope.now),
    message.id,
    match.pointId,
    match.invoiceId,
    POINT_OF[message.medium],
  ]);
  if (!request) return;
  await announceFacts(scope, { customerId: match.customerId, invoiceIds: [request.invoice_id] });
}
