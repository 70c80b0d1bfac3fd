import { parseAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { Problem } from '../common/problem.js';
import { idOf, optionalIdOf } from '../common/reference.js';
import type { EnrolFilter, EnrolInput } from './enrolments.schemas.js';

/** The published version to enrol in. @throws {Problem} when there is none */
export async function versionToEnrolIn(scope: Scope, { campaign, version }: EnrolInput): Promise<string> {
  const campaignId = await idOf(scope, 'campaign', campaign);
  const [row] = await scope.manager.query<{ id: string }[]>(
    `select id from campaign_version
     where organisation_id = $1 and campaign_id = $2 and state = 'published' and ($3::int is null or number = $3)
     order by number desc limit 1`,
    [scope.organisationId, campaignId, version ?? null],
  );
  if (row) return row.id;
  const which = version === undefined ? 'no published version' : `no published version ${version}`;
  throw new Problem('conflict', `Campaign ${campaign} has ${which}.`, {
    remedy: 'Publish a version first; a draft or a retired one takes nobody.',
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EXTERNAL = 'ext:';

/** Ids of invoices by how the request names them; what is not there is left out. */
export async function resolveInvoices(
  scope: Scope,
  references: readonly string[],
): Promise<Map<string, string>> {
  const ids = references.filter((each) => UUID.test(each)).map((each) => each.toLowerCase());
  const external = references
    .filter((each) => each.startsWith(EXTERNAL))
    .map((each) => each.slice(EXTERNAL.length));
  const rows = await scope.manager.query<{ id: string; external_id: string }[]>(
    `select id, external_id from invoice
     where organisation_id = $1 and (id = any ($2::uuid[]) or external_id = any ($3::text[]))`,
    [scope.organisationId, ids, external],
  );
  const known = new Map(
    rows.flatMap(
      (row) =>
        [
          [row.id, row.id],
          [`${EXTERNAL}${row.external_id}`, row.id],
        ] as const,
    ),
  );
  return new Map(
    references.flatMap((each) => {
      const id = known.get(UUID.test(each) ? each.toLowerCase() : each);
      return id === undefined ? [] : [[each, id] as const];
    }),
  );
}

/** The next open invoices of a filter that are enrolled nowhere, in id order after `after`. */
export async function nextOfFilter(
  scope: Scope,
  filter: EnrolFilter,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await scope.manager.query<{ id: string }[]>(
    `select i.id from invoice i
     where i.organisation_id = $1 and i.status = 'open' and ($2::uuid is null or i.id > $2)
       and ($3::date is null or i.due_on >= $3) and ($4::date is null or i.due_on <= $4)
       and ($5::uuid is null or i.customer_id = $5) and ($6::text is null or i.currency = $6)
       and ($7::bigint is null or $7 <= i.total_minor - coalesce((select sum(a.amount_minor) from allocation a
             where a.organisation_id = i.organisation_id and a.invoice_id = i.id and a.reversed_at is null), 0))
       and not exists (select from enrolment e where e.organisation_id = i.organisation_id and e.invoice_id = i.id and e.state = 'open')
     order by i.id limit $8`,
    [scope.organisationId, after, ...(await valuesOf(scope, filter)), limit],
  );
  return rows.map(({ id }) => id);
}

async function valuesOf(
  scope: Scope,
  { dueFrom, dueTo, customer, currency, minAmount }: EnrolFilter,
): Promise<unknown[]> {
  const customerId = await optionalIdOf(scope, 'customer', customer);
  const minor = minAmount !== undefined && currency !== undefined ? minorOf(minAmount, currency) : null;
  return [dueFrom ?? null, dueTo ?? null, customerId ?? null, currency ?? null, minor];
}

function minorOf(amount: string, currency: string): number {
  try {
    return parseAmount(amount, currency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem('unprocessable', error.message, {
      errors: [{ path: 'filter.minAmount', message: error.message }],
    });
  }
}
