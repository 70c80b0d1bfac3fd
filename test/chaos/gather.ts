import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { invoiceWorkflowId } from '#contracts/engine.js';
import { plan, wakesAt } from '#domain/planning/plan.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar } from '#domain/working-days.js';
import { loadVersion } from '#engine/campaigns/load-version.js';
import { loadEnrolments } from '#engine/load-enrolment.js';
import { withOrganisation } from '#store/with-organisation.js';
import type { ContactRow, Decision, EnrolmentRow, Fact, ReceiptRow } from './checks/evidence.js';
import type { InboundRow } from './checks/inbound.js';

/** What stands in the database and in Temporal when everything is over. */
export interface Found {
  contacts: ContactRow[];
  decisions: Decision[];
  facts: Fact[];
  receipts: ReceiptRow[];
  enrolments: EnrolmentRow[];
  undelivered: string[];
  inbound: InboundRow[];
  /** Customer by invoice. */
  customers: Map<string, string>;
}

export interface Sources {
  owner: DataSource;
  app: DataSource;
  temporal: Client;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

const CONTACTS = `
  select o.id, o.customer_id as "customerId", o.invoice_id as "invoiceId", o.send_key as "sendKey", o.kind, o.medium,
    o.purpose, o.provider, o.provider_id as "providerId", o.state, o.resolution, o.delivery,
    round(${ms('o.delivered_at')})::bigint as "deliveredAt", ${ms('o.decided_at')} as "decidedAt", ${ms('o.lease_until')} as "leaseUntil", t.kind as "pointKind",
    t.normalised, o.snapshot -> 'to' ->> 'address' as to, o.snapshot ->> 'text' as text
  from contact o join contact_point t on t.organisation_id = o.organisation_id and t.id = o.point_id`;

const DECISIONS = `
  select contact_id as "contactId", customer_id as "customerId", invoice_id as "invoiceId", version, ${ms('at')} as at
  from chaos.decision`;

const FACTS = `
  select kind, customer_id as "customerId", version, subject, detail, ${ms('pg_xact_commit_timestamp(xid::xid)')} as "committedAt"
  from chaos.fact order by id`;

const RECEIPTS = `
  select provider, event_key as "eventKey", contact_id as "contactId", kind, by_machine as "byMachine",
    round(${ms('effective_at')})::bigint as at, applied_at is not null as "isApplied" from receipt`;

export async function gather({ owner, app, temporal }: Sources, organisationId: string): Promise<Found> {
  const invoices = await owner.query<{ id: string; customer_id: string }[]>(
    'select id, customer_id from invoice',
  );
  return {
    contacts: await owner.query<ContactRow[]>(CONTACTS),
    decisions: await owner.query<Decision[]>(DECISIONS),
    facts: (await owner.query<FactRow[]>(FACTS)).map(factOf),
    receipts: await owner.query<ReceiptRow[]>(RECEIPTS),
    undelivered: (await owner.query<{ id: string }[]>('select workflow_id as id from outbox')).map(
      ({ id }) => id,
    ),
    customers: new Map(invoices.map(({ id, customer_id: customerId }) => [id, customerId])),
    inbound: await owner.query<InboundRow[]>(
      'select provider, event_key as "eventKey", applied_at is not null as "isApplied" from inbound_message',
    ),
    enrolments: await enrolmentsOf({ owner, app, temporal }, organisationId),
  };
}

interface FactRow {
  kind: Fact['kind'];
  customerId: string;
  version: number;
  subject: string;
  detail: Record<string, unknown>;
  committedAt: number;
}

function factOf({ kind, subject, detail, ...recorded }: FactRow): Fact {
  switch (kind) {
    case 'closed':
    case 'reopened':
      return { ...recorded, kind, invoiceId: subject };
    case 'held':
    case 'released':
      return { ...recorded, ...detail, kind, holdId: subject } as Fact;
    case 'suppressed':
    case 'lifted':
      return { ...recorded, ...detail, kind, suppressionId: subject } as Fact;
  }
}

interface StoredEnrolment {
  id: string;
  invoiceId: string;
  state: 'open' | 'ended';
  plannedVersion: number;
  factsVersion: number;
  nextDueAt: number | null;
  decided: string[];
}

const ENROLMENTS = `
  select e.id, e.invoice_id as "invoiceId", e.state, e.planned_version as "plannedVersion", e.facts_version as "factsVersion",
    round(${ms('e.next_due_at')})::bigint as "nextDueAt", array(select a.step_key from attempt a
      where a.organisation_id = e.organisation_id and a.enrolment_id = e.id and a.decision <> 'deferred') as decided
  from enrolment e order by e.id`;

async function enrolmentsOf(
  { owner, app, temporal }: Sources,
  organisationId: string,
): Promise<EnrolmentRow[]> {
  const stored = await owner.query<StoredEnrolment[]>(ENROLMENTS);
  const open = stored.filter(({ state }) => state === 'open').map(({ id }) => id);
  const replanned = await replan(app, organisationId, open);
  return inGroups(stored, 50, async (each) => ({
    ...each,
    workflow: await workflowState(temporal, invoiceWorkflowId(organisationId, each.invoiceId)),
    replanned: replanned.get(each.id) ?? null,
  }));
}

/** What the product's own planner says now, without storing it. */
async function replan(
  app: DataSource,
  organisationId: string,
  ids: readonly string[],
): Promise<Map<string, NonNullable<EnrolmentRow['replanned']>>> {
  const calendar = holidayCalendar(await loadPublicHolidays());
  const now = Date.now();
  return withOrganisation(app, organisationId, async (manager) => {
    const all = new Map<string, NonNullable<EnrolmentRow['replanned']>>();
    for (const loaded of await loadEnrolments(manager, organisationId, ids, now)) {
      const { document } = await loadVersion(manager, organisationId, loaded.versionId);
      const { next } = plan(loaded.facts, document, loaded.cursor, now, calendar);
      all.set(loaded.id, { kind: next.kind, until: next.kind === 'wait' ? wakesAt(next) : null });
    }
    return all;
  });
}

async function workflowState(temporal: Client, workflowId: string): Promise<string | null> {
  try {
    return (await temporal.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}

async function inGroups<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += size)
    results.push(...(await Promise.all(items.slice(from, from + size).map(work))));
  return results;
}
