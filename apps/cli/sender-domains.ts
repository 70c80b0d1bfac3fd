import type { Config } from '#config/config.js';
import { withOrganisation } from '#store/with-organisation.js';
import { connected } from './connected.js';
import { findOrganisation } from './find-organisation.js';
import { UserError } from './user-error.js';

/** As `letter.ts` chooses it: the sender a creditor has for e-mail, else its own address. */
const ADDRESSES = `
  select coalesce(senders #>> '{email,address}', email) as address from creditor
  where organisation_id = $1 order by external_id`;

/** The domain after the @, in small letters. @throws {UserError} when there is none */
export function domainOf(address: string): string {
  const domain = /^[^@\s]+@([^@\s]+\.[^@\s.]+)$/.exec(address)?.[1];
  if (domain) return domain.toLowerCase();
  throw new UserError(`"${address}" is no e-mail address; write it like billing@example.com.`);
}

/** What the creditors of an organisation send e-mail as. @throws {UserError} when there is no such organisation */
export async function senderAddresses(
  { appUrl, systemUrl }: Config['database'],
  organisation: string,
): Promise<string[]> {
  const id = await connected(systemUrl, 'system', (system) => findOrganisation(system, organisation));
  return connected(appUrl, 'app', (app) =>
    withOrganisation(app, id, async (manager) => {
      const rows = await manager.query<{ address: string }[]>(ADDRESSES, [id]);
      return rows.map(({ address }) => address);
    }),
  );
}
