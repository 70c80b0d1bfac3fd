import { effectsOfInbound } from '#domain/conversation.js';
import type { LocalDate } from '#domain/instant.js';
import { POINT_OF } from '#domain/medium.js';
import { lockCustomer, withDaughters } from '../announce.js';
import { type ApplyDeps, applyWaitingOf } from '../apply-waiting.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { carryOut, type Understood } from './carry-out.js';
import { type InboundRow, lockInbound } from './inbound-row.js';
import { readInboundState } from './inbound-state.js';
import { isOwn, matchOf } from './match.js';
import { optIn } from './opt-in.js';
import { readMessage } from './read-message.js';
import { startTokenOf } from './start-token.js';

/** In the order in which they were written. */
export const applyWaitingInbound = (deps: ApplyDeps): Promise<number> =>
  applyWaitingOf(
    {
      table: 'inbound_message',
      subject: 'id',
      order: 'min(effective_at), id',
      apply: applyInbound,
    },
    deps,
  );

/** Makes of one message what follows from it. One that was applied is left alone. */
export async function applyInbound(scope: Scope, id: string): Promise<void> {
  const message = await lockInbound(scope, id);
  if (!message || message.appliedAt) return;
  const { reading, match, returnsOn, saysMore } = await understand(scope, message);
  const understood = { message, reading, match };
  await lockConcerned(scope, understood);
  const state = { ...(await readInboundState(scope, message, reading, match)), saysMore };
  await store(scope, understood, returnsOn);
  await carryOut(scope, understood, effectsOfInbound(reading, state));
  if (reading !== 'ignored') await tell(scope, understood);
}

/** All who have the address, for what it says of itself holds for each of them; in the order of their ids. */
async function lockConcerned(scope: Scope, { message, reading, match }: Understood): Promise<void> {
  const isWord = reading !== 'person' && reading !== 'automatic' && reading !== 'ignored';
  const rows = await scope.manager.query<{ customer_id: string }[]>(
    withDaughters(`select q.customer_id from contact_point t
     join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
     where t.organisation_id = $1 and t.kind = $2 and t.normalised = $3 and $4
     union select $5::uuid where $5::uuid is not null`),
    [scope.organisationId, POINT_OF[message.medium], message.sender, isWord, match?.customerId ?? null],
  );
  for (const { customer_id: customerId } of rows) await lockCustomer(scope, customerId);
}

/** How a message was read, whose it is, when its writer is back, and whether a stop says more. */
type Reading = Omit<Understood, 'message'> & { returnsOn: LocalDate | null; saysMore: boolean };

const PLAIN = { returnsOn: null, saysMore: false };

async function understand(scope: Scope, message: InboundRow): Promise<Reading> {
  if (message.kind !== 'message')
    return { ...PLAIN, reading: message.kind, match: await matchOf(scope, message) };
  const ignored: Reading = { ...PLAIN, reading: 'ignored', match: null };
  if (await isOwn(scope, message)) return ignored;
  const token = startTokenOf(message);
  if (token !== null) {
    const match = await optIn(scope, message, token);
    return match ? { ...PLAIN, reading: 'opt_in', match } : ignored;
  }
  const match = await matchOf(scope, message);
  const reply = await readMessage(scope, message, match);
  return {
    reading: reply.kind,
    match,
    returnsOn: reply.kind === 'automatic' ? reply.returnsOn : null,
    saysMore: reply.kind === 'stop' && reply.saysMore,
  };
}

const STORE = `
  update inbound_message set reading = $3, returns_on = $4, matched_by = $5, customer_id = $6::uuid, person_id = $7,
    contact_id = $8, invoice_id = $9, thread = coalesce((select o.thread from contact o where o.organisation_id = $1 and o.id = $8), $6::uuid || '/' || medium),
    applied_at = now()
  where organisation_id = $1 and id = $2`;

async function store(
  { manager, organisationId }: Scope,
  { message, reading, match }: Understood,
  returnsOn: LocalDate | null,
): Promise<void> {
  await manager.query(STORE, [
    organisationId,
    message.id,
    reading,
    returnsOn,
    match?.by ?? null,
    match?.customerId ?? null,
    match?.personId ?? null,
    match?.contactId ?? null,
    match?.invoiceId ?? null,
  ]);
}

const tell = (scope: Scope, { message: { id, medium }, reading, match }: Understood): Promise<void> =>
  emit(scope, {
    type: 'message.received',
    subjectId: match?.invoiceId ?? match?.customerId ?? id,
    data: { messageId: id, medium, reading },
  });
