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
import { emit } from '../webhooks/emit.js';

export interface ReconcileDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  channels: ChannelRegistry;
  /** Media whose messages are sent once more, as a new contact and past the gate, when nothing was found of them. */
  resend: readonly MessageMedium[];
}

/** Its provider cannot be asked, ever. */
const NO_LOOK_UP = 'no_look_up';
/** One look-up; shorter than the activity may take. */
const LOOK_UP_MS = 10_000;

interface UnknownContact {
  customer_id: string;
  invoice_id: string | null;
  state: ContactState;
  resolution: Resolution | null;
  delivery: string | null;
  medium: MessageMedium;
  kind: string;
  send_key: string;
  provider: string;
  snapshot: Snapshot;
  recorded_at: Date;
}

const READ = `
  select customer_id, invoice_id, state, resolution, delivery, medium, kind, send_key, provider, snapshot, recorded_at
  from contact where organisation_id = $1 and id = $2`;

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
  const contact = await within((scope) => read(scope, contactId));
  if (!isOpen(contact)) return 'settled';
  if (contact.delivery !== null) {
    await within((scope) => resolve(scope, contactId, 'accepted', 'receipt', null));
    return 'settled';
  }
  const found = await ask(deps, contact);
  if (found.kind === 'found') {
    await within((scope) => resolve(scope, contactId, 'accepted', 'look_up', found.providerId));
    return 'settled';
  }
  if (!isLast) return 'open';
  const mayBeMissing = found.kind === 'absent' || found.code === NO_LOOK_UP;
  await within((scope) => settleByPolicy(scope, contactId, mayBeMissing ? deps.resend : []));
  return 'settled';
}

const read = async (
  { manager, organisationId }: Scope,
  contactId: string,
): Promise<UnknownContact | undefined> => {
  const [row] = await manager.query<UnknownContact[]>(READ, [organisationId, contactId]);
  return row;
};

const isOpen = (contact: UnknownContact | undefined): contact is UnknownContact =>
  contact?.state === 'unknown' && contact.resolution === null;

async function ask(
  { channels }: ReconcileDeps,
  { provider, medium, snapshot, recorded_at: recordedAt }: UnknownContact,
): Promise<LookUp> {
  const channel = channels.channels.find((each) => each.provider === provider && each.media.includes(medium));
  if (!channel?.lookUp) return { kind: 'unclear', code: NO_LOOK_UP };
  const sentAt: Instant = recordedAt.getTime();
  return channel.lookUp({ to: snapshot.to.address, text: snapshot.text, sentAt }, LOOK_UP_MS);
}

/** A reminder may be sent again, once, unless its provider failed to say whether it has it; an answer stands as sent, for whoever asked for it can ask again. */
async function settleByPolicy(
  scope: Scope,
  contactId: string,
  resend: readonly MessageMedium[],
): Promise<void> {
  const contact = await read(scope, contactId);
  if (!contact) return;
  const mayResend =
    resend.includes(contact.medium) &&
    contact.kind === 'reminder' &&
    !(await wasReleased(scope, contact.send_key));
  if (mayResend) await resolve(scope, contactId, 'not_reached', 'released', null);
  else await resolve(scope, contactId, 'unknown', 'treated_as_sent', null);
}

async function wasReleased({ manager, organisationId }: Scope, sendKey: string): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `select 1 from contact where organisation_id = $1 and resolution = 'released' and starts_with(send_key, $2)`,
    [organisationId, sendKey.replace(/\d+$/, '')],
  );
  return rows.length > 0;
}

/** Under the customer's lock; a receipt that came first stands. */
async function resolve(
  scope: Scope,
  contactId: string,
  state: 'accepted' | 'not_reached' | 'unknown',
  resolution: Resolution,
  providerId: string | null,
): Promise<void> {
  const { manager, organisationId } = scope;
  const before = await read(scope, contactId);
  if (!before) return;
  const { customer_id: customerId, invoice_id: invoiceId } = before;
  await lockCustomer(scope, customerId);
  const [, changed] = await manager.query<[unknown[], number]>(
    `update contact set state = case when delivery is null then $3 else 'accepted' end,
       resolution = case when delivery is null then $4 else 'receipt' end, provider_id = coalesce(provider_id, $5)
     where organisation_id = $1 and id = $2 and state = 'unknown' and resolution is null`,
    [organisationId, contactId, state, resolution, providerId],
  );
  if (changed === 0) return;
  const subjectId = invoiceId ?? customerId;
  await emit(scope, { type: 'contact.settled', subjectId, data: { contactId, state, resolution } });
  if (state !== 'unknown')
    await announceFacts(scope, { customerId, ...(invoiceId ? { invoiceIds: [invoiceId] } : {}) });
}
