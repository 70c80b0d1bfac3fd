import type { Refused, Written } from '#contracts/schemas/index.js';
import { effectsOfInbound } from '#domain/conversation.js';
import { lockCustomer } from '../announce.js';
import { audit } from '../facts/audit.js';
import { refused } from '../facts/refusal.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { carryOut } from './carry-out.js';
import { type InboundRow, lockInbound } from './inbound-row.js';
import { readInboundState } from './inbound-state.js';
import type { Match } from './match.js';

/**
 * Somebody says whose a message is that nobody could tell. What a person wrote pauses the customer's outreach from now, and
 * asks for an answer; a stop was obeyed already.
 */
export async function assignInbound(
  scope: Scope,
  id: string,
  customerId: string,
): Promise<Written | Refused> {
  const message = await lockInbound(scope, id);
  if (!message) return refused(id, 'unknown_message', 'id', 'is no message that came in; correct the id');
  const { reading } = message;
  if (reading === null)
    return refused(id, 'wrong_state', 'id', 'is not read yet; assign it in a moment, when it is');
  if (message.customerId === customerId) return { id, externalId: id, result: 'unchanged' };
  if (message.customerId !== null)
    return refused(id, 'wrong_state', 'id', 'belongs to a customer already; it stays where it is');
  await lockCustomer(scope, customerId);
  const match = await assignedTo(scope, message, customerId);
  const state = {
    ...(await readInboundState(scope, message, reading, match)),
    saysMore: false,
    at: scope.now,
  };
  const effects = reading === 'person' ? effectsOfInbound(reading, state) : [];
  await carryOut(scope, { message, reading, match }, effects);
  const detail = { customer: customerId };
  await audit(scope, [{ action: 'message.assigned', subjectType: 'message', subjectId: id, detail }]);
  const data = { messageId: id, medium: message.medium, reading };
  await emit(scope, { type: 'message.received', subjectId: customerId, data });
  return { id, externalId: id, result: 'updated' };
}

async function assignedTo(
  { manager, organisationId }: Scope,
  { id, medium }: InboundRow,
  customerId: string,
): Promise<Match> {
  await manager.query(
    `update inbound_message set customer_id = $3, matched_by = 'person', thread = $4
     where organisation_id = $1 and id = $2`,
    [organisationId, id, customerId, `${customerId}/${medium}`],
  );
  return { by: 'person', customerId, personId: null, pointId: null, contactId: null, invoiceId: null };
}
