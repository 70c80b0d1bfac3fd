import { contactSentence } from '#engine/reading/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage, type Page, type PageQuery } from '../common/pagination.js';
import { idOf, notFound, optionalIdOf } from '../common/reference.js';
import type { ContactDetailResource, ContactResource } from './ledger.schemas.js';

type Row = Omit<ContactResource, 'sentence' | 'decidedAt' | 'settledAt' | 'deliveredAt'> & {
  deliveredAt: Date | null;
  decidedAt: Date;
  settledAt: Date | null;
};

const COLUMNS = `o.id, o.customer_id as "customerId", c.external_id as "customerExternalId", o.invoice_id as "invoiceId",
  i.external_id as "invoiceExternalId", o.enrolment_id as "enrolmentId", o.medium, o.kind, o.purpose, o.state,
  o.outcome_code as "outcomeCode", o.delivery, o.delivered_at as "deliveredAt", o.resolution, o.provider, o.provider_id as "providerId", o.parts, o.encoding, o.facts_version as "factsVersion",
  o.decided_at as "decidedAt", o.settled_at as "settledAt"`;

const FROM = `contact o
  join customer c on c.organisation_id = o.organisation_id and c.id = o.customer_id
  left join invoice i on i.organisation_id = o.organisation_id and i.id = o.invoice_id`;

const view = (row: Row): ContactResource => ({
  id: row.id,
  customerId: row.customerId,
  customerExternalId: row.customerExternalId,
  invoiceId: row.invoiceId,
  invoiceExternalId: row.invoiceExternalId,
  enrolmentId: row.enrolmentId,
  medium: row.medium,
  kind: row.kind,
  purpose: row.purpose,
  state: row.state,
  outcomeCode: row.outcomeCode,
  delivery: row.delivery,
  deliveredAt: instantTextOrNull(row.deliveredAt),
  resolution: row.resolution,
  provider: row.provider,
  providerId: row.providerId,
  parts: row.parts,
  encoding: row.encoding,
  sentence: contactSentence(row),
  factsVersion: row.factsVersion,
  decidedAt: instantText(row.decidedAt),
  settledAt: instantTextOrNull(row.settledAt),
});

export interface ContactFilter extends PageQuery {
  customer?: string | undefined;
  invoice?: string | undefined;
  state?: ContactResource['state'] | undefined;
  medium?: ContactResource['medium'] | undefined;
  delivery?: NonNullable<ContactResource['delivery']> | undefined;
  resolution?: NonNullable<ContactResource['resolution']> | undefined;
}

/** Newest first. */
export const listContacts = async (scope: Scope, filter: ContactFilter): Promise<Page<ContactResource>> =>
  listPage<Row, ContactResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['o.organisation_id = ?', scope.organisationId],
        ['o.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['o.invoice_id = ?', await optionalIdOf(scope, 'invoice', filter.invoice)],
        ['o.state = ?', filter.state],
        ['o.medium = ?', filter.medium],
        ['o.delivery = ?', filter.delivery],
        ['o.resolution = ?', filter.resolution],
      ],
      sort: { by: 'o.decided_at', type: 'timestamptz', descending: true },
      id: 'o.id',
      view,
    },
    filter,
  );

export const getContact = async (scope: Scope, reference: string): Promise<ContactDetailResource> => {
  const [row] = await scope.manager.query<(Row & { snapshot: Record<string, unknown> })[]>(
    `select ${COLUMNS}, o.snapshot from ${FROM} where o.organisation_id = $1 and o.id = $2`,
    [scope.organisationId, await idOf(scope, 'contact', reference)],
  );
  if (!row) throw notFound('contact', reference);
  return { ...view(row), snapshot: row.snapshot };
};
