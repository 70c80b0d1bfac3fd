import { signLink } from '../links/index.js';
import type { Scope } from '../scope.js';

/**
 * The link by which a person opens a chat with the bot: it becomes a contact point of theirs.
 *
 * @param bot its user name, without @
 * @param person external id
 * @returns null when the customer has no such person
 */
export async function telegramLink(
  { manager, organisationId }: Scope,
  bot: string,
  customerId: string,
  person: string,
): Promise<string | null> {
  const [row] = await manager.query<{ id: string; link_secret: Buffer }[]>(
    `select q.id, o.link_secret from contact_person q join organisation o on o.id = q.organisation_id
     where q.organisation_id = $1 and q.customer_id = $2 and (q.external_id = $3 or q.id::text = $3)`,
    [organisationId, customerId, person],
  );
  if (!row) return null;
  const token = signLink(row.link_secret, { kind: 'telegram', organisationId, subjectId: row.id });
  return `https://t.me/${bot}?start=${token}`;
}
