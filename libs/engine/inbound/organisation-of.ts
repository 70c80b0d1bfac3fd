import type { DataSource } from 'typeorm';
import type { ReceivedMessage } from '#channels/receipt.js';
import { isUuid } from '#domain/uuid.js';
import { withSystem } from '#store/with-organisation.js';
import { readLink } from '../links/index.js';
import { startTokenOf } from './start-token.js';
import { namedContacts } from './named-contacts.js';

/**
 * Whose a message is that came to an address of the whole installation: the organisation that the request names, or
 * the message it answers, or the link it opened the chat by; where nothing does, the one live organisation there is.
 *
 * @param system of the role `system`
 * @returns null when that would be guessing
 */
export async function organisationOf(
  system: DataSource,
  message: Pick<ReceivedMessage, 'organisationId' | 'headers' | 'to' | 'medium' | 'text'>,
): Promise<string | null> {
  if (message.organisationId !== null) return isUuid(message.organisationId) ? message.organisationId : null;
  return (await byReference(system, message)) ?? byLink(message) ?? (await onlyOne(system));
}

async function byReference(
  system: DataSource,
  message: Pick<ReceivedMessage, 'headers' | 'to'>,
): Promise<string | null> {
  const ids = namedContacts(message).map(({ contactId }) => contactId);
  if (ids.length === 0) return null;
  const [row] = await withSystem(system, (manager) =>
    manager.query<{ organisation_id: string }[]>(
      `select organisation_id from contact where id = any ($1::uuid[]) order by array_position($1::uuid[], id) limit 1`,
      [ids],
    ),
  );
  return row?.organisation_id ?? null;
}

const byLink = (message: Pick<ReceivedMessage, 'medium' | 'text'>): string | null => {
  const token = startTokenOf(message);
  return token === null ? null : (readLink(token)?.organisationId ?? null);
};

async function onlyOne(system: DataSource): Promise<string | null> {
  const rows = await withSystem(system, (manager) =>
    manager.query<{ id: string }[]>(`select id from organisation where kind = 'live' limit 2`),
  );
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}
