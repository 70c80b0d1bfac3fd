import { readReply, type Reply } from '#replies/index.js';
import type { Scope } from '../scope.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';

/** What somebody means who writes; dates are read as they write them where they are. */
export const readMessage = async (scope: Scope, message: InboundRow, match: Match | null): Promise<Reply> =>
  readReply({
    medium: message.medium,
    text: message.text,
    subject: message.subject,
    headers: message.headers,
    sentAt: message.effectiveAt.getTime(),
    locale: match ? await localeOf(scope, match) : 'en',
  });

async function localeOf({ manager, organisationId }: Scope, match: Match): Promise<string> {
  const [row] = await manager.query<{ locale: string }[]>(
    `select coalesce(q.locale, c.locale) as locale from customer c
     left join contact_person q on q.organisation_id = c.organisation_id and q.id = $3
     where c.organisation_id = $1 and c.id = $2`,
    [organisationId, match.customerId, match.personId],
  );
  return row?.locale ?? 'en';
}
