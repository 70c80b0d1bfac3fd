import type { Scope } from '../scope.js';

/** What is held about the people of a customer, by kind, as it is stored. */
export type PersonalData = Record<string, Record<string, unknown>[]>;

const BY_CUSTOMER = 'r.organisation_id = $1 and r.customer_id = $2';

const OWN_ADDRESSES = `select t.kind, t.normalised from contact_point t
  join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
  where t.organisation_id = $1 and q.customer_id = $2`;

/** Tables, and which of their rows; `r` is the row. */
const SOURCES: Readonly<Record<string, { table: string; where: string }>> = {
  customer: { table: 'customer', where: 'r.organisation_id = $1 and r.id = $2' },
  people: { table: 'contact_person', where: BY_CUSTOMER },
  addresses: {
    table: 'contact_point',
    where: `r.organisation_id = $1 and r.person_id in (
      select q.id from contact_person q where q.organisation_id = $1 and q.customer_id = $2)`,
  },
  consents: { table: 'consent', where: BY_CUSTOMER },
  suppressions: {
    table: 'suppression',
    where: `r.organisation_id = $1 and (r.kind, r.normalised) in (${OWN_ADDRESSES})`,
  },
  invoices: { table: 'invoice', where: BY_CUSTOMER },
  payments: { table: 'payment', where: BY_CUSTOMER },
  creditNotes: { table: 'credit_note', where: BY_CUSTOMER },
  allocations: {
    table: 'allocation',
    where: `r.organisation_id = $1 and r.invoice_id in (
      select i.id from invoice i where i.organisation_id = $1 and i.customer_id = $2)`,
  },
  enrolments: { table: 'enrolment', where: BY_CUSTOMER },
  decisions: { table: 'attempt', where: BY_CUSTOMER },
  messagesSent: {
    table: 'contact',
    // People of a parent company are written to about what its daughters owe.
    where: `r.organisation_id = $1 and (r.customer_id = $2 or r.customer_id in (
        select d.id from customer d where d.organisation_id = $1 and d.parent_id = $2)
      and r.point_id in (select t.id from contact_point t
        join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
        where t.organisation_id = $1 and q.customer_id = $2))`,
  },
  messagesReceived: { table: 'inbound_message', where: BY_CUSTOMER },
  answers: { table: 'answer_request', where: BY_CUSTOMER },
  holds: { table: 'hold', where: BY_CUSTOMER },
  promises: { table: 'promise', where: BY_CUSTOMER },
  instalmentPlans: { table: 'instalment_plan', where: BY_CUSTOMER },
  tasks: { table: 'task', where: BY_CUSTOMER },
  experiments: { table: 'exposure', where: BY_CUSTOMER },
  history: {
    table: 'audit_event',
    where: `r.organisation_id = $1 and r.subject_id in (
      select $2 union all select h.id from hold h where h.organisation_id = $1 and h.customer_id = $2 union all
      select k.id from task k where k.organisation_id = $1 and k.customer_id = $2)`,
  },
};

/** Everything held about the people of a customer (article 15 of Regulation (EU) 2016/679), invoices' files apart. */
export async function personalData(
  { manager, organisationId }: Scope,
  customerId: string,
): Promise<PersonalData> {
  const data: PersonalData = {};
  for (const [name, { table, where }] of Object.entries(SOURCES)) {
    const rows = await manager.query<{ row: Record<string, unknown> }[]>(
      `select to_jsonb(r) - 'organisation_id' as row from ${table} r where ${where}
       order by to_jsonb(r) ->> 'recorded_at', to_jsonb(r) ->> 'id'`,
      [organisationId, customerId],
    );
    data[name] = rows.map(({ row }) => camelKeys(row));
  }
  return data;
}

const camelKeys = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
