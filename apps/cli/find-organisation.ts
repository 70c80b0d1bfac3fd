import type { DataSource } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { UserError } from './user-error.js';

/** @param reference id or external id. @throws {UserError} listing what there is when there is no such organisation */
export async function findOrganisation(system: DataSource, reference: string): Promise<string> {
  const rows = await withSystem(system, (manager) =>
    manager.query<{ id: string; external_id: string | null; name: string }[]>(
      'select id, external_id, name from organisation order by recorded_at',
    ),
  );
  const found = rows.find((row) => row.id === reference || row.external_id === reference);
  if (found) return found.id;
  const there = rows.map((row) => `${row.external_id ?? row.id} (${row.name})`).join(', ') || 'none yet';
  throw new UserError(
    `There is no organisation "${reference}". There are: ${there}. Create one with POST /v1/organisations.`,
  );
}
