import { isUuid } from '#domain/uuid.js';
import type { Scope } from '../scope.js';

/** A thing by Kindly's id or by the caller's own. An id that is no UUID finds nothing. */
export type Ref = { id: string } | { externalId: string };

/** `[id, externalId]` for `(id = $2 or external_id = $3)`, one of them null. */
export const refParameters = (ref: Ref): [string | null, string | null] =>
  'id' in ref ? [isUuid(ref.id) ? ref.id : null, null] : [null, ref.externalId];

/** How a message calls it. */
export const nameOf = (ref: Ref): string => ('id' in ref ? ref.id : ref.externalId);

export interface FoundInvoice {
  id: string;
  externalId: string;
  customerId: string;
}

/** Read without a lock: an invoice keeps its customer. */
export async function findInvoice(scope: Scope, ref: Ref): Promise<FoundInvoice | null> {
  const [row] = await scope.manager.query<FoundInvoice[]>(
    `select id, external_id as "externalId", customer_id as "customerId" from invoice
     where organisation_id = $1 and (id = $2 or external_id = $3)`,
    [scope.organisationId, ...refParameters(ref)],
  );
  return row ?? null;
}

export interface FoundCustomer {
  id: string;
  externalId: string;
}

export async function findCustomer(scope: Scope, ref: Ref): Promise<FoundCustomer | null> {
  const [row] = await scope.manager.query<FoundCustomer[]>(
    `select id, external_id as "externalId" from customer
     where organisation_id = $1 and (id = $2 or external_id = $3)`,
    [scope.organisationId, ...refParameters(ref)],
  );
  return row ?? null;
}

/** The zone of a customer, read under its lock. */
export async function zoneOf(scope: Scope, customerId: string): Promise<string> {
  const [row] = await scope.manager.query<{ zone: string }[]>(
    'select zone from customer where organisation_id = $1 and id = $2',
    [scope.organisationId, customerId],
  );
  if (!row) throw new Error(`Customer ${customerId} vanished under its lock.`);
  return row.zone;
}
