import type { DataSource } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import type { StepPurpose } from '#domain/campaign/document.js';
import { type LinkKind, readLink } from '#engine/links/index.js';
import type { Snapshot } from '#engine/letter.js';
import { type Scope, UnknownOrganisationError, withScope } from '#engine/scope.js';

/** The message that a link stood in. */
export interface LinkedContact {
  contactId: string;
  purpose: StepPurpose | null;
  snapshot: Snapshot;
  decidedAt: Instant;
  creditor: string;
}

const READ = `
  select o.id as "contactId", case when o.purpose in ('reminder', 'notice') then o.purpose end as purpose, o.snapshot,
    (extract(epoch from o.decided_at) * 1000)::bigint as "decidedAt", coalesce(r.name, g.name) as creditor, g.link_secret as secret
  from contact o join organisation g on g.id = o.organisation_id
  left join invoice i on i.organisation_id = o.organisation_id and i.id = o.invoice_id
  left join creditor r on r.organisation_id = i.organisation_id and r.id = i.creditor_id
  where o.organisation_id = $1 and o.id = $2`;

/**
 * Does what a link in a message is for, in a transaction of its organisation. Whoever holds the link may: there is no
 * other key.
 *
 * @returns null for a link that nobody here signed, or not for this
 */
export async function withLinked<T>(
  app: DataSource,
  kind: LinkKind,
  token: string,
  work: (scope: Scope, contact: LinkedContact) => Promise<T>,
): Promise<T | null> {
  const link = readLink(token);
  if (link?.kind !== kind) return null;
  try {
    return await withScope(app, link.organisationId, 'recipient', async (scope) => {
      const [found] = await scope.manager.query<(LinkedContact & { secret: Buffer })[]>(READ, [
        link.organisationId,
        link.subjectId,
      ]);
      if (!found || !link.isSignedBy(found.secret)) return null;
      const { secret: _secret, ...contact } = found;
      return work(scope, contact);
    });
  } catch (error) {
    if (error instanceof UnknownOrganisationError) return null;
    throw error;
  }
}
