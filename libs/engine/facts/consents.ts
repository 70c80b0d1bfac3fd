import type { ConsentInput, ConsentResource, Refused, Written } from '#contracts/schemas/index.js';
import { formatInstant, type Instant, parseInstant } from '#domain/instant.js';
import { POINT_OF } from '#domain/medium.js';
import { announceWithDaughters, lockWithDaughters } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { askForConfirmation, cancelQuestions, isConfirmedByOwner } from './double-opt-in.js';
import { findCustomer } from './find.js';
import { normalisePoint } from './normalise.js';
import { refused } from './refusal.js';

/** Anything by a channel; `offers` are apart. */
const MESSAGES = 'messages';

/**
 * Records what a customer said of messages by a channel. Of what was said of one address the last word holds, and goes before
 * what was said of all; so a word that came late does not undo a newer one. The same word of the same moment changes nothing.
 * Where the owner of an address has to confirm it, it is pending, and they are asked.
 * `externalId` of the result is the customer's.
 *
 * @param ownPoint the id of the address, where it is known: several people of a customer may share one
 */
export async function recordConsent(
  scope: Scope,
  input: ConsentInput,
  ownPoint?: string,
): Promise<Written | Refused> {
  const { customerExternalId: externalId } = input;
  const customer = await findCustomer(scope, { externalId });
  if (!customer)
    return refused(externalId, 'unknown_customer', 'customerExternalId', 'is no customer; correct the id');
  await lockWithDaughters(scope, customer.id);
  const at = input.effectiveAt === undefined ? scope.now : parseInstant(input.effectiveAt);
  if (at > scope.now)
    return refused(externalId, 'in_the_future', 'effectiveAt', 'is still to come; write when it was said');
  const isAsked = input.state === 'granted' && (await isConfirmedByOwner(scope, input.medium));
  const pointId = ownPoint ?? (await pointFor(scope, customer.id, input, isAsked));
  if (pointId === undefined) {
    const message = isAsked
      ? 'has to name the one address of this customer that is to be asked for confirmation; write one of theirs'
      : 'is no address of this customer by that channel; add it to the customer first';
    return refused(externalId, 'unknown_address', 'address', message);
  }
  const state = isAsked ? ('pending' as const) : input.state;
  const word: Word = { ...input, customerId: customer.id, pointId, at, state };
  const known = await sameWord(scope, word);
  if (known !== undefined) return { id: known, externalId, result: 'unchanged' };
  const id = await insert(scope, word);
  if (input.state === 'withdrawn') await cancelQuestions(scope, word);
  await announceWithDaughters(scope, customer.id);
  if (isAsked) await askForConfirmation(scope, id);
  return { id, externalId, result: 'created' };
}

interface Word extends Omit<ConsentInput, 'state'> {
  state: ConsentResource['state'];
  customerId: string;
  /** Null: all addresses of the customer. */
  pointId: string | null;
  at: Instant;
}

const columnsOf = (scope: Scope, { customerId, pointId, medium, purpose, state, at }: Word): unknown[] => [
  scope.organisationId,
  customerId,
  pointId,
  medium,
  purpose ?? MESSAGES,
  state,
  new Date(at),
];

async function insert(scope: Scope, word: Word): Promise<string> {
  const { customerId, medium, purpose, state, evidence } = word;
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into consent (organisation_id, customer_id, point_id, medium, purpose, state, effective_at, evidence)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [...columnsOf(scope, word), JSON.stringify(evidence)],
  );
  if (!row) throw new Error(`The consent of customer ${customerId} was not stored.`);
  await audit(scope, [
    {
      action: `consent.${state}`,
      subjectType: 'customer',
      subjectId: customerId,
      detail: { medium, purpose },
    },
  ]);
  return row.id;
}

/** @returns null for all addresses; undefined when there is none, or not the one that has to be named to be asked */
async function pointFor(
  scope: Scope,
  customerId: string,
  input: ConsentInput,
  isAsked: boolean,
): Promise<string | null | undefined> {
  if (input.address !== undefined) return pointOf(scope, customerId, input);
  return isAsked ? onlyPointOf(scope, customerId, input) : null;
}

/** @returns undefined when the customer has no such address */
async function pointOf(
  scope: Scope,
  customerId: string,
  { medium, address = '' }: ConsentInput,
): Promise<string | undefined> {
  const kind = POINT_OF[medium];
  const [row] = await scope.manager.query<{ id: string }[]>(
    `select t.id from contact_point t
     join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
     where t.organisation_id = $1 and q.customer_id = $2 and t.kind = $3 and t.normalised = $4
     order by t.id limit 1`,
    [scope.organisationId, customerId, kind, normalisePoint(kind, address)],
  );
  return row?.id;
}

/** @returns undefined when there is none, or more than one */
async function onlyPointOf(
  scope: Scope,
  customerId: string,
  { medium }: ConsentInput,
): Promise<string | undefined> {
  const rows = await scope.manager.query<{ id: string }[]>(
    `select t.id from contact_point t
     join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
     where t.organisation_id = $1 and q.customer_id = $2 and t.kind = $3 and t.status = 'active' limit 2`,
    [scope.organisationId, customerId, POINT_OF[medium]],
  );
  return rows.length === 1 ? rows[0]?.id : undefined;
}

/** Of one moment, a word after which nothing else was said. */
async function sameWord(scope: Scope, word: Word): Promise<string | undefined> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `select id from consent n where organisation_id = $1 and customer_id = $2 and point_id is not distinct from $3
       and medium = $4 and purpose = $5 and state = $6 and effective_at = $7 and not exists (
         select from consent l where l.organisation_id = n.organisation_id and l.customer_id = n.customer_id
           and l.point_id is not distinct from n.point_id and l.medium = n.medium and l.purpose = n.purpose
           and l.effective_at = n.effective_at and l.id > n.id) limit 1`,
    columnsOf(scope, word),
  );
  return row?.id;
}

/** What an import says of a person's chats. */
export interface ImportedConsent {
  customerId: string;
  personExternalId: string;
  how: string;
  at: Instant;
}

/**
 * Records consents to direct messages that came with customers, at all active chats of the person, unless as much or more was
 * said of a chat since. Where a chat's owner has to confirm it, they are pending.
 *
 * @returns customers of whom there is a new word
 */
export async function importConsents(scope: Scope, consents: readonly ImportedConsent[]): Promise<string[]> {
  if (consents.length === 0) return [];
  const rows = await scope.manager.query<{ id: string; customer_id: string; state: string }[]>(
    `insert into consent (organisation_id, customer_id, point_id, medium, purpose, state, evidence, effective_at)
     select $1, q.customer_id, t.id, 'telegram', $3,
       case when coalesce(o.settings -> 'doubleOptIn' ? 'telegram', false) then 'pending' else 'granted' end,
       jsonb_build_object('how', x.how, 'at', x.at, 'who', coalesce(q.name, q.external_id)), x.at::timestamptz
     from jsonb_to_recordset($2::jsonb) as x("customerId" uuid, "personExternalId" text, how text, at text)
     join contact_person q on q.organisation_id = $1 and q.customer_id = x."customerId"
       and q.external_id = x."personExternalId"
     join contact_point t on t.organisation_id = $1 and t.person_id = q.id and t.kind = 'telegram'
       and t.status = 'active'
     join organisation o on o.id = $1
     where not exists (select from consent n where n.organisation_id = $1 and n.point_id = t.id
       and n.medium = 'telegram' and n.purpose = $3 and n.effective_at >= x.at::timestamptz)
     returning id, customer_id, state`,
    [
      scope.organisationId,
      JSON.stringify(consents.map(({ at, ...each }) => ({ ...each, at: formatInstant(at) }))),
      MESSAGES,
    ],
  );
  for (const { id, state } of rows) if (state === 'pending') await askForConfirmation(scope, id);
  return [...new Set(rows.map((row) => row.customer_id))];
}
