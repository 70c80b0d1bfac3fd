import type { Scope } from '../scope.js';

/**
 * Suppresses addresses of customers that were refused before somebody was forgotten: they are known by a hash, until somebody
 * has them again.
 */
export const recogniseErased = async (
  { manager, organisationId }: Scope,
  customerIds: readonly string[],
): Promise<void> => {
  if (customerIds.length === 0) return;
  await manager.query(
    `insert into suppression (organisation_id, kind, normalised, medium, purpose, reason, evidence, effective_at)
     select distinct on (t.kind, t.normalised, s.medium, s.purpose) $1, t.kind, t.normalised, s.medium, s.purpose,
       s.reason, s.evidence, s.effective_at
     from organisation o
     join suppression s on s.organisation_id = o.id and s.normalised like 'sha256:%' and s.lifted_at is null
     join contact_point t on t.organisation_id = o.id and t.kind = s.kind
       and s.normalised = 'sha256:' || encode(sha256(o.link_secret || convert_to(t.normalised, 'UTF8')), 'hex')
     join contact_person q on q.organisation_id = o.id and q.id = t.person_id and q.customer_id = any ($2::uuid[])
     where o.id = $1
     on conflict (organisation_id, kind, normalised, medium, purpose) where lifted_at is null do nothing`,
    [organisationId, customerIds],
  );
};
