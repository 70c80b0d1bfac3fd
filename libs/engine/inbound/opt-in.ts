import { readLink } from '../links/index.js';
import type { Scope } from '../scope.js';
import { audit } from '../facts/audit.js';
import { lockWithDaughters } from '../announce.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';

interface Person {
  customer_id: string;
  link_secret: Buffer;
  elsewhere: boolean;
}

/** Whether another chat was opened by the person's link, and still is theirs. */
const READ = `
  select q.customer_id, o.link_secret, exists (
    select from contact_point t
    join consent n on n.organisation_id = t.organisation_id and n.point_id = t.id and n.state = 'granted'
    where t.organisation_id = $1 and t.person_id = q.id and t.kind = 'telegram' and t.status = 'active'
      and t.normalised <> $3 and n.evidence ->> 'how' = 'telegram_link') as elsewhere
  from contact_person q join organisation o on o.id = q.organisation_id
  where q.organisation_id = $1 and q.id = $2`;

/**
 * A chat that was opened by a person's link becomes their contact point, with the consent as evidence.
 *
 * @returns null when nobody signed the link for this organisation, or another chat has it: nothing happens
 */
export async function optIn(scope: Scope, message: InboundRow, token: string): Promise<Match | null> {
  const link = readLink(token);
  if (link?.kind !== 'telegram' || link.organisationId !== scope.organisationId) return null;
  const read = async (): Promise<Person | undefined> =>
    (await scope.manager.query<Person[]>(READ, [scope.organisationId, link.subjectId, message.sender]))[0];
  const found = await read();
  if (!found || !link.isSignedBy(found.link_secret)) return null;
  await lockWithDaughters(scope, found.customer_id);
  if ((await read())?.elsewhere !== false) return null;
  const pointId = await addPoint(scope, link.subjectId, message.sender);
  await recordConsent(scope, found.customer_id, pointId, message);
  return {
    by: 'token',
    customerId: found.customer_id,
    personId: link.subjectId,
    pointId,
    contactId: null,
    invoiceId: null,
  };
}

/** A chat that was struck out before is theirs again: they have just written from it. */
async function addPoint(scope: Scope, personId: string, chat: string): Promise<string> {
  const [point] = await scope.manager.query<{ id: string }[]>(
    `insert into contact_point (organisation_id, person_id, kind, value, normalised, position)
     select $1, $2, 'telegram', $3, $3, coalesce(max(position) + 1, 0) from contact_point
     where organisation_id = $1 and person_id = $2 and kind = 'telegram'
     on conflict (organisation_id, person_id, kind, normalised) do update set status = 'active', reason = null
     returning id`,
    [scope.organisationId, personId, chat],
  );
  if (!point) throw new Error('The chat was not stored.');
  return point.id;
}

async function recordConsent(
  scope: Scope,
  customerId: string,
  pointId: string,
  message: InboundRow,
): Promise<void> {
  await scope.manager.query(
    `insert into consent (organisation_id, customer_id, point_id, medium, purpose, state, evidence, effective_at)
     values ($1, $2, $3, 'telegram', 'messages', 'granted', $4, $5)`,
    [
      scope.organisationId,
      customerId,
      pointId,
      JSON.stringify({ how: 'telegram_link', message: message.id }),
      message.effectiveAt,
    ],
  );
  const detail = { medium: 'telegram', how: 'telegram_link' };
  await audit(scope, [
    { action: 'contact_point.opted_in', subjectType: 'contact_point', subjectId: pointId, detail },
  ]);
}
