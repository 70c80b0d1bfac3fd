import { audit as auditAll } from '#engine/facts/audit.js';
import type { AuditEntry } from '#engine/facts/audit.js';
import type { Scope } from '#engine/scope.js';

/** Who changed how the organisation is run. Ids and settings; nothing about a person. */
export const audit = (scope: Scope, entry: AuditEntry): Promise<void> => auditAll(scope, [entry]);
