import type { Scope } from '../scope.js';

/** Something that somebody did. */
export interface AuditEntry {
  /** Subject and verb: `payment.reversed`. */
  action: string;
  subjectType: string;
  subjectId: string;
  detail?: object;
}

/** Writes who did what, at the organisation's time, in the transaction that does it. */
export async function audit(scope: Scope, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await scope.manager.query(
    `insert into audit_event (organisation_id, actor, action, subject_type, subject_id, detail, effective_at)
     select $1, $2, x.action, x."subjectType", x."subjectId", coalesce(x.detail, '{}'), $3
     from jsonb_to_recordset($4::jsonb) as x(action text, "subjectType" text, "subjectId" uuid, detail jsonb)`,
    [scope.organisationId, scope.actor, new Date(scope.now), JSON.stringify(entries)],
  );
}
