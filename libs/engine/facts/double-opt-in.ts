import type { MessageMedium } from '#domain/medium.js';
import { formatInstant, type Instant } from '#domain/instant.js';
import type { Refused, Written } from '#contracts/schemas/index.js';
import { announceFacts, announceWithDaughters, lockWithDaughters } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { refParameters } from './find.js';
import { refused } from './refusal.js';

/** What asks the owner of an address whether a consent is theirs. */
export const CONSENT_CONFIRMATION = 'consent-confirmation';

/** How long the link in it works, from when the message was decided on. */
export const CONFIRMABLE_FOR_MS = 7 * 86_400_000;

const DAY_MS = 86_400_000;

/** Whether a consent to a medium counts only when the owner of the address has confirmed it. */
export async function isConfirmedByOwner(scope: Scope, medium: string): Promise<boolean> {
  const [row] = await scope.manager.query<{ asked: boolean }[]>(
    `select coalesce(settings -> 'doubleOptIn' ? $2, false) as asked from organisation where id = $1`,
    [scope.organisationId, medium],
  );
  return row?.asked === true;
}

/** Consent `n` waits for its confirmation: nothing was said since of its address, or of all. */
const IS_WAITING = `n.state = 'pending' and not exists (
  select from consent l where l.organisation_id = n.organisation_id and l.customer_id = n.customer_id
    and (l.point_id = n.point_id or l.point_id is null) and l.medium = n.medium and l.purpose = n.purpose
    and (l.effective_at, l.id) > (n.effective_at, n.id))`;

/** The same address is asked once in a day, whichever consent it is about; what could not be sent does not count. */
const ASKED_OF_LATE = `select a.effective_at from answer_request a
  where a.organisation_id = n.organisation_id and a.point_id = n.point_id and a.template_key = '${CONSENT_CONFIRMATION}'
    and a.medium = n.medium and a.state <> 'failed' and a.effective_at > $3::timestamptz - interval '1 day'`;

/**
 * Has the workflow of the customer's latest invoice in a campaign ask, at the address itself; an address that is suppressed is not
 * written to.
 */
const ask = (which: string): string => `
  insert into answer_request (organisation_id, customer_id, invoice_id, enrolment_id, kind, template_key, medium, facts,
                              effective_at, point_id)
  select distinct on (n.point_id, n.medium) $1, n.customer_id, e.invoice_id, e.id, 'confirmation',
    '${CONSENT_CONFIRMATION}', n.medium, jsonb_build_object('consentId', n.id), $3, n.point_id
  from consent n
  join contact_point t on t.organisation_id = n.organisation_id and t.id = n.point_id and t.status = 'active',
  lateral (select l.id, l.invoice_id from enrolment l
    where l.organisation_id = n.organisation_id and l.customer_id = n.customer_id
    order by (l.state = 'open') desc, l.recorded_at desc, l.id desc limit 1) e
  where n.organisation_id = $1 and ${which} and ${IS_WAITING} and not exists (${ASKED_OF_LATE}) and not exists (
    select from suppression s where s.organisation_id = $1 and s.kind = t.kind and s.normalised = t.normalised
      and s.lifted_at is null and (s.medium is null or s.medium = n.medium) and s.purpose is null)
  order by n.point_id, n.medium, n.effective_at desc
  returning customer_id, invoice_id`;

const ASK_ONE = ask('n.id = $2');
const ASK_ENROLLED = ask(`n.customer_id in (
    select x.customer_id from enrolment x where x.organisation_id = $1 and x.id = any ($2::uuid[]))
  and not exists (select from answer_request b where b.organisation_id = $1 and b.point_id = n.point_id
    and b.template_key = '${CONSENT_CONFIRMATION}' and b.facts ->> 'consentId' = n.id::text)`);

/**
 * Asks for one, under its customer's lock.
 *
 * @returns false when nobody could be asked: no invoice of theirs was ever in a campaign, the address is barred, or it was asked today
 */
export async function askForConfirmation(scope: Scope, consentId: string): Promise<boolean> {
  const [asked] = await scope.manager.query<{ customer_id: string; invoice_id: string }[]>(ASK_ONE, [
    scope.organisationId,
    consentId,
    new Date(scope.now),
  ]);
  if (!asked) return false;
  await announceFacts(scope, { customerId: asked.customer_id, invoiceIds: [asked.invoice_id] });
  return true;
}

/** Those that nobody was asked for yet, as their customers had no invoice in a campaign until now. Their plans are made after it. */
export const askEnrolled = async (scope: Scope, enrolmentIds: readonly string[]): Promise<void> => {
  await scope.manager.query(ASK_ENROLLED, [scope.organisationId, enrolmentIds, new Date(scope.now)]);
};

/** Of consents that were withdrawn before they were asked for. @param pointId null: at all addresses of the customer */
export const cancelQuestions = async (
  scope: Scope,
  { customerId, pointId, medium }: { customerId: string; pointId: string | null; medium: string },
): Promise<void> => {
  await scope.manager.query(
    `update answer_request set state = 'failed' where organisation_id = $1 and customer_id = $2 and state = 'waiting'
       and template_key = '${CONSENT_CONFIRMATION}' and medium = $3 and ($4::uuid is null or point_id = $4)`,
    [scope.organisationId, customerId, medium, pointId],
  );
};

interface Waiting {
  id: string;
  customerId: string;
  externalId: string;
  waits: boolean;
  askedAt: Instant | null;
}

/** Asks the owner of the address once more, once in a day. */
export async function askAgain(scope: Scope, id: string): Promise<Written | Refused> {
  const [found] = await scope.manager.query<Waiting[]>(
    `select n.id, n.customer_id as "customerId", c.external_id as "externalId", ${IS_WAITING} as waits,
       (select (extract(epoch from max(q.effective_at)) * 1000)::bigint from (${ASKED_OF_LATE}) q) as "askedAt"
     from consent n join customer c on c.organisation_id = n.organisation_id and c.id = n.customer_id
     where n.organisation_id = $1 and n.id = $2`,
    [scope.organisationId, refParameters({ id })[0], new Date(scope.now)],
  );
  if (!found) return refused(id, 'unknown_consent', 'id', 'is no consent; correct the id');
  if (!found.waits)
    return refused(id, 'wrong_state', 'id', 'waits for no confirmation; record what they say now');
  await lockWithDaughters(scope, found.customerId);
  if (found.askedAt !== null) {
    const message = `was asked for less than a day ago; ask again after ${formatInstant(found.askedAt + DAY_MS)}`;
    return refused(id, 'wrong_state', 'id', message);
  }
  if (await askForConfirmation(scope, id)) return { id, externalId: found.externalId, result: 'updated' };
  const message =
    'cannot be asked for; enrol an invoice of the customer, and see that the address may be written to';
  return refused(id, 'not_enrolled', 'id', message);
}

/** The message by which somebody was asked, and what they did with it. */
export interface Confirmation {
  contactId: string;
  medium: MessageMedium;
  decidedAt: Instant;
  /** The text of the page by which they confirmed. */
  shown: string;
}

interface Pending {
  id: string;
  customerId: string;
  waits: boolean;
  confirmed: boolean;
}

const PENDING = `
  select n.id, n.customer_id as "customerId", ${IS_WAITING} as waits, exists (
    select from consent d where d.organisation_id = $1 and d.customer_id = n.customer_id
      and d.evidence ->> 'confirms' = n.id::text) as confirmed
  from answer_request a join consent n on n.organisation_id = a.organisation_id and n.id = (a.facts ->> 'consentId')::uuid
  where a.organisation_id = $1 and a.contact_id = $2 and a.template_key = '${CONSENT_CONFIRMATION}'`;

/** Whether what a message asked for can still be confirmed, or was. */
export async function confirmationState(
  scope: Scope,
  { contactId, decidedAt }: Pick<Confirmation, 'contactId' | 'decidedAt'>,
): Promise<'waits' | 'confirmed' | 'gone'> {
  const [pending] = await scope.manager.query<Pending[]>(PENDING, [scope.organisationId, contactId]);
  if (pending?.confirmed) return 'confirmed';
  return pending?.waits && scope.now <= decidedAt + CONFIRMABLE_FOR_MS ? 'waits' : 'gone';
}

/**
 * The owner of the address says that the consent is theirs: it counts from now. Again, it changes nothing.
 *
 * @returns false when it is too late, or something else was said since
 */
export async function confirmConsent(scope: Scope, confirmation: Confirmation): Promise<boolean> {
  const { contactId, shown } = confirmation;
  const [pending] = await scope.manager.query<Pending[]>(PENDING, [scope.organisationId, contactId]);
  if (!pending) return false;
  await lockWithDaughters(scope, pending.customerId);
  const state = await confirmationState(scope, confirmation);
  if (state !== 'waits') return state === 'confirmed';
  const evidence = { how: 'double opt-in', at: formatInstant(scope.now), text: shown, contact: contactId };
  await scope.manager.query(
    `insert into consent (organisation_id, customer_id, point_id, medium, purpose, state, effective_at, evidence)
     select organisation_id, customer_id, point_id, medium, purpose, 'granted', $3,
       jsonb_build_object('who', coalesce(evidence ->> 'who', ''), 'confirms', id) || $4::jsonb
     from consent where organisation_id = $1 and id = $2`,
    [scope.organisationId, pending.id, new Date(scope.now), JSON.stringify(evidence)],
  );
  await audit(scope, [
    {
      action: 'consent.confirmed',
      subjectType: 'customer',
      subjectId: pending.customerId,
      detail: { medium: confirmation.medium, contact: contactId },
    },
  ]);
  await announceWithDaughters(scope, pending.customerId);
  return true;
}
