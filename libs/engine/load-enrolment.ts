import type { EntityManager } from 'typeorm';
import type { EntryRule } from '#domain/campaign/document.js';
import type { ZoneSource } from '#domain/country-zones.js';
import type {
  EnrolmentFacts,
  EventFacts,
  HoldFacts,
  InvoiceFacts,
  OpenTaskFacts,
  PartFacts,
  PromiseFacts,
  RequestedAnswerFacts,
  SentFacts,
} from '#domain/facts.js';
import type { Resumption } from '#domain/holds.js';
import type { PlanFacts } from '#domain/instalments.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import type { Medium, MessageMedium } from '#domain/medium.js';
import type { Cursor } from '#domain/planning/cursor.js';
import type { TaskKind } from '#domain/task.js';
import type { StepRef } from '#domain/planning/plan.js';
import { queryPrepared } from '#store/prepared.js';
import { BY_IDS, OF_INVOICE, OTHERS } from './enrolment-sql.js';
import type { Snapshot } from './letter.js';
import type { LetterFacts } from './letter-facts.js';
import type { LimitFacts } from './limits/limit-facts.js';
import { type ConsentRow, type PersonRow, toPeople } from './load-people.js';

/** An enrolment with everything the planner and the gate read of it. */
export interface LoadedEnrolment {
  id: string;
  invoiceId: string;
  customerId: string;
  campaignId: string;
  versionId: string;
  state: 'open' | 'ended';
  endedReason: string | null;
  factsVersion: number;
  plannedVersion: number;
  /** Version of the customer's facts that these were read at. */
  customerVersion: number;
  cursor: Cursor;
  facts: EnrolmentFacts;
  /** A contact whose call to the provider has begun and whose outcome is not known yet. */
  attempting: Attempting | null;
  /** What a message says besides the facts; null unless asked for. */
  letter: LetterFacts | null;
  /** The same. */
  limits: LimitFacts | null;
}

export interface Attempting {
  contactId: string;
  /** An earlier enrolment of the invoice, perhaps. */
  enrolmentId: string;
  medium: MessageMedium;
  /** Whether it carries steps of other invoices besides. */
  isStatement: boolean;
  provider: string;
  leaseUntil: Instant;
  snapshot: Snapshot;
  /** The request it answers, if it is no step. */
  answerId: string | null;
  step: StepRef | null;
}

type OfOrganisation = Pick<EnrolmentFacts, 'switchedOff' | 'rulesDigest' | 'statementDays'>;

/** What all enrolments of a customer that are due to one creditor have in common. */
interface OfCustomer {
  stopped: boolean;
  stale: boolean;
  party: 'first' | 'third';
  organisation: OfOrganisation;
  customer_external_id: string;
  customer_kind: 'person' | 'company';
  country: string | null;
  region: string | null;
  zone: string;
  zone_source: ZoneSource;
  preferred_medium: Medium | null;
  vip: boolean;
  people: PersonRow[] | null;
  consents: ConsentRow[] | null;
  /** Of the parent company; null without one. */
  parent_people: PersonRow[] | null;
  parent_consents: ConsentRow[] | null;
  exposures: Record<string, string> | null;
}

interface Row {
  id: string;
  invoice_id: string;
  customer_id: string;
  campaign_id: string;
  version_id: string;
  state: 'open' | 'ended';
  ended_reason: string | null;
  run_no: number;
  entry_rule: EntryRule;
  enrolled_at: number;
  paused: boolean;
  unapplied: boolean;
  cursor: Cursor;
  facts_version: number;
  planned_version: number;
  customer_version: number;
  invoice_external_id: string;
  currency: string;
  issued_on: LocalDate;
  due_on: LocalDate;
  status: InvoiceFacts['status'];
  parts: PartFacts[];
  holds: HoldFacts[] | null;
  resumptions: Resumption[] | null;
  promises: PromiseFacts[] | null;
  plan: PlanFacts | null;
  events: EventFacts[] | null;
  tasks: TaskRow[] | null;
  last_sent: SentFacts | null;
  answers: RequestedAnswerFacts[] | null;
  attempting: Attempting | null;
  letter?: LetterFacts | null;
  limits?: LimitFacts | null;
}

/** One that the ladder waits for, or one that asked whether a step may go out and was answered. */
interface TaskRow extends OpenTaskFacts {
  kind: TaskKind;
  /** Of what asks for an approval. */
  templates: string[] | null;
  outcome: string | null;
  at: Instant | null;
}

/**
 * @param now for a live organisation (a test organisation's clock is read): holds that have expired by then are left out
 * @param withLetter also what a message says
 */
export async function loadEnrolmentOf(
  manager: EntityManager,
  organisationId: string,
  invoiceId: string,
  now: Instant,
  withLetter = false,
): Promise<LoadedEnrolment | null> {
  const rows = await queryPrepared<{ row: Row & OfCustomer }>(manager, OF_INVOICE, [
    organisationId,
    invoiceId,
    new Date(now),
    withLetter,
  ]);
  return rows[0] ? toLoaded(rows[0].row, sharedOf(rows[0].row)) : null;
}

/** @param now the organisation's clock: holds that have expired by then are left out */
export async function loadEnrolments(
  manager: EntityManager,
  organisationId: string,
  ids: readonly string[],
  now: Instant,
): Promise<LoadedEnrolment[]> {
  const rows = await queryPrepared<{ row: Row & OfCustomer }>(manager, BY_IDS, [
    organisationId,
    ids,
    new Date(now),
  ]);
  return rows.map(({ row }) => toLoaded(row, sharedOf(row)));
}

/** Another enrolment of the same customer, and its invoice's number as people know it. */
export interface OtherEnrolment {
  loaded: LoadedEnrolment;
  number: string;
}

/**
 * Those that may come to a message until then, by due date, to the same creditor and in the same currency. What they have in
 * common is not read again: it was read under the same lock.
 *
 * @param now the organisation's clock
 */
export async function loadOthers(
  manager: EntityManager,
  organisationId: string,
  { customerId, invoiceId, facts }: Pick<LoadedEnrolment, 'customerId' | 'invoiceId' | 'facts'>,
  now: Instant,
  until: Instant,
  most: number,
): Promise<OtherEnrolment[]> {
  const rows = await queryPrepared<{ row: Row & { number: string } }>(manager, OTHERS, [
    organisationId,
    customerId,
    new Date(now),
    new Date(until),
    invoiceId,
    most,
  ]);
  return rows.map(({ row }) => ({ loaded: toLoaded(row, facts), number: row.number }));
}

function toLoaded(row: Row, shared: Shared): LoadedEnrolment {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    campaignId: row.campaign_id,
    versionId: row.version_id,
    state: row.state,
    endedReason: row.ended_reason,
    factsVersion: row.facts_version,
    plannedVersion: row.planned_version,
    customerVersion: row.customer_version,
    cursor: row.cursor,
    facts: toFacts(row, shared),
    attempting: row.attempting,
    letter: row.letter ?? null,
    limits: row.limits ?? null,
  };
}

/** Of the facts, what all enrolments of a customer have in common. */
type Shared = Pick<EnrolmentFacts, 'stopped' | 'stale' | 'party' | 'customer' | keyof OfOrganisation>;

const sharedOf = (row: OfCustomer): Shared => ({
  stopped: row.stopped,
  stale: row.stale,
  party: row.party,
  ...row.organisation,
  customer: {
    externalId: row.customer_external_id,
    kind: row.customer_kind,
    country: row.country,
    region: row.region,
    zone: row.zone,
    zoneSource: row.zone_source,
    preferred: row.preferred_medium,
    vip: row.vip,
    people: toPeople(row.people ?? [], row.consents),
    ...(row.parent_people && { parent: toPeople(row.parent_people, row.parent_consents) }),
    exposures: row.exposures ?? {},
  },
});

function toFacts(row: Row, shared: Shared): EnrolmentFacts {
  return {
    // First: those of another enrolment have fields of its own besides.
    ...shared,
    runNo: row.run_no,
    enrolledAt: row.enrolled_at,
    entry: row.entry_rule,
    paused: row.paused,
    unapplied: row.unapplied,
    invoice: {
      externalId: row.invoice_external_id,
      currency: row.currency,
      issuedOn: row.issued_on,
      dueOn: row.due_on,
      status: row.status,
      parts: row.parts,
    },
    holds: row.holds ?? [],
    resumptions: row.resumptions ?? [],
    promises: row.promises ?? [],
    plan: row.plan,
    events: row.events ?? [],
    ...tasksOf(row.tasks ?? []),
    requestedAnswers: row.answers ?? [],
    lastSent: row.last_sent,
  };
}

const tasksOf = (tasks: readonly TaskRow[]): Pick<EnrolmentFacts, 'openTasks' | 'approvals'> => ({
  openTasks: tasks
    .filter(({ outcome }) => outcome === null)
    .map(({ id, stepKey, occurrence, waitUntil, kind, templates }) => ({
      ...{ id, stepKey, occurrence, waitUntil },
      ...(kind === 'approval' && { approves: templates ?? [] }),
    })),
  approvals: tasks.flatMap(({ stepKey, occurrence, outcome, at, templates }) =>
    outcome === null || at === null
      ? []
      : [{ stepKey, occurrence, isApproved: outcome === 'approved', templates: templates ?? [], at }],
  ),
});
