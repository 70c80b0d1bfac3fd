import type { InboundEffect, InboundReading } from '#domain/conversation.js';
import { formatInstant } from '#domain/instant.js';
import { POINT_OF } from '#domain/medium.js';
import { causeOf, type SuppressionCause } from '#domain/suppression.js';
import { announceFacts, announceWithDaughters } from '../announce.js';
import { insertHold } from '../facts/holds.js';
import { liftSuppression, suppress } from '../facts/suppressions.js';
import { askForAddress } from '../receipts/bad-address.js';
import type { Scope } from '../scope.js';
import { requestConfirmation } from './confirmation.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';
import { openReplyTask } from './reply-task.js';

/** A message with how it was read and whose it is. */
export interface Understood {
  message: InboundRow;
  reading: InboundReading;
  match: Match | null;
}

/** Carries out what follows from a message, under its customers' locks, and tells the workflows. */
export async function carryOut(
  scope: Scope,
  understood: Understood,
  effects: readonly InboundEffect[],
): Promise<void> {
  for (const effect of effects) await carryOutOne(scope, understood, effect);
  const { match, reading } = understood;
  if (!match) return;
  // A chat that was opened is an address more.
  if (reading === 'opt_in') await announceWithDaughters(scope, match.customerId);
  else if (effects.some(({ kind }) => kind === 'pause'))
    await announceFacts(scope, { customerId: match.customerId });
}

async function carryOutOne(scope: Scope, understood: Understood, effect: InboundEffect): Promise<void> {
  const { message, match } = understood;
  switch (effect.kind) {
    case 'suppress':
      return suppressAddresses(scope, understood);
    case 'lift':
      return liftAddresses(scope, understood);
    case 'confirm':
      return match ? requestConfirmation(scope, message, match, effect) : undefined;
    case 'pause':
      return match ? pauseCustomer(scope, message, match, effect.until) : undefined;
    case 'task':
      return match ? openReplyTask(scope, message, match) : undefined;
    case 'ask_for_address':
      return askForAddresses(scope, message);
  }
}

/** The address it came from, and the one that was written to where somebody answers in its place. */
async function addressesOf(scope: Scope, { message, match }: Understood): Promise<string[]> {
  if (!match?.contactId) return [message.sender];
  const rows = await scope.manager.query<{ normalised: string }[]>(
    `select p.normalised from contact o
     join contact_point p on p.organisation_id = o.organisation_id and p.id = o.point_id
     where o.organisation_id = $1 and o.id = $2 and o.medium = $3`,
    [scope.organisationId, match.contactId, message.medium],
  );
  return [...new Set([message.sender, ...rows.map(({ normalised }) => normalised)])];
}

async function suppressAddresses(scope: Scope, understood: Understood): Promise<void> {
  const { message, reading } = understood;
  for (const value of await addressesOf(scope, understood))
    await suppress(scope, {
      kind: POINT_OF[message.medium],
      value,
      medium: message.medium,
      reason: reading,
      evidence: { message: message.id },
      effectiveAt: formatInstant(Math.min(message.effectiveAt.getTime(), scope.now)),
    });
}

/** A chat that one writes from is open, whatever it was before. */
const LIFTED: Partial<Record<InboundReading, readonly SuppressionCause[]>> = {
  start: ['word', 'closed'],
  opt_in: ['word', 'closed'],
  unblocked: ['closed'],
};

/** What a bounce, a complaint or a person of the organisation placed stays. */
async function liftAddresses(scope: Scope, understood: Understood): Promise<void> {
  const { message, reading } = understood;
  const rows = await scope.manager.query<{ id: string; reason: string }[]>(
    `select id, reason from suppression where organisation_id = $1 and kind = $2 and normalised = any ($3)
       and (medium is null or medium = $4) and lifted_at is null order by id`,
    [scope.organisationId, POINT_OF[message.medium], await addressesOf(scope, understood), message.medium],
  );
  const lifted = rows.filter((row) => LIFTED[reading]?.includes(causeOf(row.reason)));
  for (const { id } of lifted) await liftSuppression(scope, id, reading);
}

/** One pause a customer: another message makes it longer, never shorter. */
async function pauseCustomer(
  scope: Scope,
  message: InboundRow,
  { customerId }: Match,
  until: number,
): Promise<void> {
  const { manager, organisationId, now } = scope;
  const [, longer] = await manager.query<[unknown[], number]>(
    `update hold set expires_at = greatest(expires_at, $3)
     where organisation_id = $1 and customer_id = $2 and kind = 'reply' and released_at is null and expires_at > $4`,
    [organisationId, customerId, new Date(until), new Date(now)],
  );
  if (longer > 0) return;
  const evidence = { message: message.id };
  const when = { effectiveAt: now, expiresAt: until };
  await insertHold(scope, { customerId, invoiceId: null, kind: 'reply', evidence, ...when });
}

async function askForAddresses(scope: Scope, { medium, sender }: InboundRow): Promise<void> {
  const points = await scope.manager.query<{ id: string }[]>(
    `select id from contact_point where organisation_id = $1 and kind = $2 and normalised = $3 and status = 'active'
     order by id`,
    [scope.organisationId, POINT_OF[medium], sender],
  );
  for (const { id } of points) await askForAddress(scope, id);
}
