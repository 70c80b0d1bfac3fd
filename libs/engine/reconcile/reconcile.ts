import type { DataSource } from 'typeorm';
import type { LookUp } from '#channels/channel.js';
import type { ChannelRegistry } from '#channels/registry.js';
import type { ContactRef, ReconcileActivities } from '#contracts/engine.js';
import type { Resolution } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import type { ContactState } from '#domain/transitions.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Snapshot } from '../letter.js';
import { type Scope, withScope } from '../scope.js';
import { concernedBy } from '../statement/index.js';
import { emit } from '../webhooks/emit.js';

export interface ReconcileDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  channels: ChannelRegistry;
  /** Media whose messages are sent once more, as a new contact and past the gate, when nothing was found of them. */
  resend: readonly MessageMedium[];
}

/** One look-up; shorter than the activity may take. */
const LOOK_UP_MS = 10_000;

interface UnknownContact {
  id: string;
  customer_id: string;
  invoice_id: string | null;
  enrolment_id: string | null;
  delivery: string | null;
  medium: MessageMedium;
  kind: string;
  send_key: string;
  provider: string;
  snapshot: Snapshot;
  recorded_at: Date;
}

const OPEN = `
  select id, customer_id, invoice_id, enrolment_id, delivery, medium, kind, send_key, provider, snapshot, recorded_at
  from contact where organisation_id = $1 and id = $2 and state = 'unknown' and resolution is null`;

export const createReconcileActivities = (deps: ReconcileDeps): ReconcileActivities => ({
  reconcile: (ref, isLast) => reconcile(deps, ref, isLast),
});

/**
 * What became of a message that may have gone out: by its receipts, else by asking its provider, else, when nobody looks again,
 * by policy. No lock is held while the provider is asked, and what is settled meanwhile stays.
 */
async function reconcile(
  deps: ReconcileDeps,
  { organisationId, contactId }: ContactRef,
  isLast: boolean,
): Promise<'settled' | 'open'> {
  const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    withScope(deps.dataSource, organisationId, 'engine', work);
  const [contact] = await within(({ manager }) =>
    manager.query<UnknownContact[]>(OPEN, [organisationId, contactId]),
  );
  if (!contact) return 'settled';
  const others = contact.delivery === null ? await within((scope) => readOthers(scope, contact)) : [];
  const found = contact.delivery === null ? await ask(deps, contact, others) : null;
  if (contact.delivery === null && found?.kind !== 'found' && !isLast) return 'open';
  await within(async (scope) => settle(scope, contact, await resolutionOf(deps, scope, contact, found)));
  return 'settled';
}

/** @returns null when its provider cannot be asked, ever; one that is not configured any more may know */
async function ask(
  { channels }: ReconcileDeps,
  { id: contactId, provider, medium, snapshot, recorded_at: recordedAt }: UnknownContact,
  others: readonly string[],
): Promise<LookUp | null> {
  const channel = channels.channels.find((each) => each.provider === provider && each.media.includes(medium));
  if (!channel) return { kind: 'unclear', code: 'not_configured' };
  if (!channel.lookUp) return null;
  const sentAt: Instant = recordedAt.getTime();
  const { to, text } = snapshot;
  return channel.lookUp({ contactId, to: to.address, text, sentAt, others }, LOOK_UP_MS);
}

/** Names of the customer's other messages of about that time: what is looked for is none of them. */
async function readOthers(
  { manager, organisationId }: Scope,
  { id, customer_id: customerId, provider, recorded_at: recordedAt }: UnknownContact,
): Promise<string[]> {
  const rows = await manager.query<{ provider_id: string }[]>(
    `select provider_id from contact where organisation_id = $1 and customer_id = $2 and id <> $3 and provider = $4
       and provider_id is not null and recorded_at > $5::timestamptz - interval '1 day'`,
    [organisationId, customerId, id, provider, recordedAt],
  );
  return rows.map(({ provider_id: name }) => name);
}

interface Resolved {
  state: 'accepted' | 'not_reached' | 'unknown';
  resolution: Resolution;
  providerId: string | null;
}

/**
 * A reminder may be sent again, once, unless its provider failed to say whether it has it; an answer stands as sent, for
 * whoever asked for it can ask again.
 */
async function resolutionOf(
  { resend }: ReconcileDeps,
  scope: Scope,
  contact: UnknownContact,
  found: LookUp | null,
): Promise<Resolved> {
  if (found?.kind === 'found')
    return { state: 'accepted', resolution: 'look_up', providerId: found.providerId };
  const mayResend =
    found?.kind !== 'unclear' &&
    (contact.kind === 'reminder' || contact.kind === 'statement') &&
    resend.includes(contact.medium) &&
    !(await wasReleased(scope, contact));
  return mayResend
    ? { state: 'not_reached', resolution: 'released', providerId: null }
    : { state: 'unknown', resolution: 'treated_as_sent', providerId: null };
}

async function wasReleased(
  { manager, organisationId }: Scope,
  { invoice_id: invoiceId, send_key: sendKey }: UnknownContact,
): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `select 1 from contact where organisation_id = $1 and invoice_id = $2 and state = 'not_reached'
       and resolution = 'released' and starts_with(send_key, $3)`,
    [organisationId, invoiceId, sendKey.replace(/\d+$/, '')],
  );
  return rows.length > 0;
}

/** Under the customer's lock; a receipt that came first stands, whatever was found or decided. */
const SETTLE = `
  update contact set state = case when delivery is null then $3 else 'accepted' end,
    resolution = case when delivery is null then $4 else 'receipt' end, provider_id = coalesce(provider_id, $5)
  where organisation_id = $1 and id = $2 and state = 'unknown' and resolution is null
  returning state, resolution`;

async function settle(
  scope: Scope,
  contact: UnknownContact,
  { state, resolution, providerId }: Resolved,
): Promise<void> {
  const { manager, organisationId } = scope;
  const { id: contactId, customer_id: customerId, invoice_id: invoiceId } = contact;
  await lockCustomer(scope, customerId);
  // TypeORM answers an UPDATE … RETURNING with [rows, count].
  const [[stored]] = await manager.query<[{ state: ContactState; resolution: Resolution }[], number]>(
    SETTLE,
    [organisationId, contactId, state, resolution, providerId],
  );
  if (!stored) return;
  const subjectId = invoiceId ?? customerId;
  await emit(scope, { type: 'contact.settled', subjectId, data: { contactId, ...stored } });
  if (stored.state === 'unknown') return;
  const { invoiceIds } = await concernedBy(scope, contactId, contact);
  await announceFacts(scope, { customerId, invoiceIds });
}
