import type { SuppressionInput } from '#contracts/schemas/index.js';
import type { StepPurpose } from '#domain/campaign/document.js';
import { isRefused, liftSuppressionOf, suppress } from '#engine/facts/index.js';
import type { Scope } from '#engine/scope.js';
import type { LinkedContact } from './linked-contact.js';

type Which = Pick<SuppressionInput, 'kind' | 'value' | 'medium' | 'purpose'>;

/** The address that the message went to, for e-mail, and for what the message was for. */
const whichOf = ({ snapshot, purpose }: LinkedContact): Which & { purpose: StepPurpose } => ({
  kind: 'email',
  value: snapshot.to.address,
  medium: 'email',
  purpose: purpose ?? 'reminder',
});

/** Again, it changes nothing. @param via how it was asked for, as evidence */
export async function unsubscribe(
  scope: Scope,
  contact: LinkedContact,
  via: 'one_click' | 'page',
): Promise<void> {
  const outcome = await suppress(scope, {
    ...whichOf(contact),
    reason: 'unsubscribed',
    evidence: { contact: contact.contactId, via },
  });
  if (isRefused(outcome)) throw new Error('A message went to an address that is none.');
}

/** The way back: lifts this suppression, and no other that bars the address. */
export async function resubscribe(scope: Scope, contact: LinkedContact): Promise<void> {
  await liftSuppressionOf(scope, whichOf(contact), 'taken back by the recipient');
}
