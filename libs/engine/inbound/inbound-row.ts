import type { InboundReading } from '#domain/conversation.js';
import type { MessageMedium } from '#domain/medium.js';
import type { Scope } from '../scope.js';

/** A message that came in, as stored. */
export interface InboundRow {
  id: string;
  kind: 'message' | 'blocked' | 'unblocked';
  medium: MessageMedium;
  /** In the normal form of a contact point. */
  sender: string;
  to: string[];
  subject: string | null;
  text: string;
  headers: Record<string, string>;
  effectiveAt: Date;
  customerId: string | null;
  reading: InboundReading | null;
  appliedAt: Date | null;
}

/** Locks the message, so that nothing is made of it twice. */
export async function lockInbound(
  { manager, organisationId }: Scope,
  id: string,
): Promise<InboundRow | null> {
  const [row] = await manager.query<InboundRow[]>(
    `select id, kind, medium, sender, recipients as "to", subject, body as text, headers, effective_at as "effectiveAt",
       customer_id as "customerId", reading, applied_at as "appliedAt"
     from inbound_message where organisation_id = $1 and id = $2 for update`,
    [organisationId, id],
  );
  return row ?? null;
}
