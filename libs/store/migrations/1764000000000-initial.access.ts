import type { Privilege } from '../row-level-security.js';

const READ_WRITE: readonly Privilege[] = ['select', 'insert', 'update'];
const ALL: readonly Privilege[] = ['select', 'insert', 'update', 'delete'];
const APPEND: readonly Privilege[] = ['select', 'insert'];

/**
 * What the app role may do. Without DELETE is whatever evidence is made of; rows that only ever grow have no UPDATE
 * either; and of a ledger only the columns that tell what became of the row can be changed, so that neither a bug nor
 * a stolen password rewrites what was paid or what was said to whom.
 */
export const APP_PRIVILEGES: Readonly<Record<string, readonly Privilege[]>> = {
  // Created by the system role; the app moves a test organisation's clock.
  organisation: ['select', 'update (name, zone, clock_now, settings)'],
  api_key: READ_WRITE,
  idempotency_key: ALL,
  document: APPEND,
  creditor: READ_WRITE,
  account_manager: ALL,
  customer: READ_WRITE,
  contact_person: ALL,
  contact_point: ALL,
  suppression: ['select', 'insert', 'update (lifted_at)'],
  consent: APPEND,
  invoice: READ_WRITE,
  // A new schedule replaces parts; one that money was allocated to is kept by its foreign key.
  invoice_part: ALL,
  invoice_event: APPEND,
  payment: [
    'select',
    'insert',
    'update (status, method, reference, effective_at, reversed_at, reversal_reason)',
  ],
  credit_note: APPEND,
  allocation: ['select', 'insert', 'update (reversed_at)'],
  source_sync: READ_WRITE,
  template_version: APPEND,
  campaign: ALL,
  campaign_version: ALL,
  enrolment: READ_WRITE,
  hold: READ_WRITE,
  attempt: READ_WRITE,
  contact: [
    'select',
    'insert',
    `update (state, outcome_code, provider, provider_id, thread, cost_minor, cost_currency, lease_until, settled_at)`,
  ],
  task: READ_WRITE,
  promise: READ_WRITE,
  answer_request: READ_WRITE,
  offer: READ_WRITE,
  exposure: APPEND,
  outbox: ALL,
  webhook_endpoint: ALL,
  webhook_delivery: READ_WRITE,
  audit_event: APPEND,
};

/**
 * What the system role may do, in every organisation at once: what relay, sweep, key look-up and the founding of an
 * organisation use, and no more. Of what is about customers it sees ids, states and versions; no name, address,
 * amount, message or secret. Keys are there as their hashes.
 */
export const SYSTEM_PRIVILEGES: Readonly<Record<string, readonly Privilege[]>> = {
  // Founding; which ones there are and which have a clock of their own.
  organisation: APPEND,
  // A key names no organisation: whose it is, is found by its hash.
  api_key: ['select (organisation_id, id, role, hash, last_used_at, revoked_at)', 'update (last_used_at)'],
  // The sweep forgets answers that nobody will ask for again.
  idempotency_key: ['select (organisation_id, recorded_at)', 'delete'],
  // The relay claims and removes; the sweep puts back what got lost.
  outbox: ALL,
  // The sweep looks for enrolments and deliveries whose workflow does not follow them.
  enrolment: [
    'select (organisation_id, id, invoice_id, state, next_due_at, facts_version, planned_version, recorded_at)',
  ],
  webhook_endpoint: ['select (organisation_id, id, state)'],
  webhook_delivery: ['select (organisation_id, endpoint_id, subject_id, state, sequence)'],
};
