import { type Concerned, announceFacts } from '../announce.js';
import type { Scope } from '../scope.js';

/**
 * Takes the locks of customers in the order of their ids without raising their versions: for bulk commands, of whose
 * rows most turn out unchanged.
 *
 * @param which a condition on `customer c`, with the organisation as $1 and `parameter` as $2
 */
export async function lockQuietly(scope: Scope, which: string, parameter: unknown): Promise<void> {
  await scope.manager.query(
    `select c.id from customer c where c.organisation_id = $1 and ${which} order by c.id for no key update of c`,
    [scope.organisationId, parameter],
  );
}

/** Raises the versions of customers whose locks are held, and tells the workflows concerned. */
export async function announceMany(scope: Scope, concerned: readonly Concerned[]): Promise<void> {
  if (concerned.length === 0) return;
  const ids = concerned.map(({ customerId }) => customerId);
  await scope.manager.query(
    'update customer set facts_version = facts_version + 1 where organisation_id = $1 and id = any ($2::uuid[])',
    [scope.organisationId, ids],
  );
  const enrolled = await scope.manager.query<{ customer_id: string }[]>(
    'select distinct customer_id from enrolment where organisation_id = $1 and customer_id = any ($2::uuid[])',
    [scope.organisationId, ids],
  );
  const told = new Set(enrolled.map((row) => row.customer_id));
  for (const each of concerned) if (told.has(each.customerId)) await announceFacts(scope, each);
}
