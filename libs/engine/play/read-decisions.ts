import type { DataSource } from 'typeorm';
import { withOrganisation } from '#store/with-organisation.js';
import type { DecisionRecord } from './decision-record.js';
import type { Violation } from './report.js';

interface AttemptRow extends Omit<DecisionRecord, 'reasons' | 'at'> {
  at: Date;
  reasons: { rule: string }[];
}

/** Every decision of an organisation, in no order. */
export async function readDecisions(
  dataSource: DataSource,
  organisationId: string,
): Promise<DecisionRecord[]> {
  const rows = await withOrganisation(dataSource, organisationId, (manager) =>
    manager.query<AttemptRow[]>(
      `select a.decided_at as at, c.external_id as customer, i.due_on as "dueOn", i.external_id as invoice, a.step_key as step,
              a.step_index as "stepIndex", a.occurrence, case when a.decision in ('sent', 'task') then a.medium end as channel,
              a.decision, case when a.decision in ('sent', 'merged') then o.state end as contact,
              case when a.decision = 'sent' then w.external_id || '/' || q.position end as person, a.reasons, a.deferred_by as "deferredBy"
       from attempt a
       join invoice i on i.organisation_id = a.organisation_id and i.id = a.invoice_id
       join customer c on c.organisation_id = a.organisation_id and c.id = a.customer_id
       left join contact o on o.organisation_id = a.organisation_id and o.id = a.contact_id
       left join contact_point t on t.organisation_id = o.organisation_id and t.id = o.point_id
       left join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
       left join customer w on w.organisation_id = q.organisation_id and w.id = q.customer_id
       where a.organisation_id = $1`,
      [organisationId],
    ),
  );
  return rows.map((row) => ({
    ...row,
    at: row.at.getTime(),
    reasons: row.reasons.map(({ rule }) => rule),
    deferredBy: row.deferredBy.sort(),
  }));
}

interface Totals {
  contacts: number;
  paid: number;
  /** Steps whose message was accepted, or may have been, more than once. */
  twice: Violation[];
}

/** What else the report counts, from the ledger itself. */
export async function readTotals(dataSource: DataSource, organisationId: string): Promise<Totals> {
  return withOrganisation(dataSource, organisationId, async (manager) => {
    const [counts] = await manager.query<{ contacts: number; paid: number }[]>(
      `select (select count(*) from contact where organisation_id = $1 and state in ('accepted', 'unknown')) as contacts,
              (select count(*) from invoice where organisation_id = $1 and status = 'settled') as paid`,
      [organisationId],
    );
    const twice = await manager.query<{ contact: string; n: number }[]>(
      `select regexp_replace(send_key, '/[^/]*/[^/]*$', '') as contact, count(*) as n from contact
       where organisation_id = $1 and state in ('accepted', 'unknown') group by 1 having count(*) > 1`,
      [organisationId],
    );
    return {
      contacts: Number(counts?.contacts ?? 0),
      paid: Number(counts?.paid ?? 0),
      twice: twice.map(({ contact, n }) => ({
        rule: 'once',
        contact,
        detail: `Sent, or perhaps sent, ${n} times.`,
      })),
    };
  });
}
