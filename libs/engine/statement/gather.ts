import type { SendAction } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { keepingOf, type Outreach } from '#domain/policy/keeping.js';
import { areForOne, comingSend, mayJoin, MOST_IN_STATEMENT, windowEnd } from '#domain/statement.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import { type CampaignVersion, loadVersion } from '../campaigns/load-version.js';
import type { EngineDeps } from '../deps.js';
import { type LoadedEnrolment, loadEnrolments } from '../load-enrolment.js';
import type { LockedScope } from '../lock-invoice.js';
import { takeOver } from '../store-plan.js';

/** The template that every published version carries; one of before there were statements has none. */
export const STATEMENT_TEMPLATE = 'statement';

/** An invoice that a statement tells of, and the step of its ladder that this is. */
export interface Member {
  loaded: LoadedEnrolment;
  action: SendAction;
  /** Of the invoice, as people know it. */
  number: string;
}

/**
 * Other open enrolments of customer $2 that may come to a message before $4, as they were planned or as they may be planned by
 * now; their invoices are of the creditor and in the currency of invoice $3.
 */
const OTHERS: Prepared = {
  name: 'other-enrolments-of-customer',
  text: `select e.id, i.number from enrolment e
    join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id
    join invoice own on own.organisation_id = e.organisation_id and own.id = $3
    where e.organisation_id = $1 and e.customer_id = $2 and e.state = 'open' and e.invoice_id <> $3
      and i.creditor_id = own.creditor_id and i.currency = own.currency
      and (e.next_due_at < $4 or e.planned_version < e.facts_version)
    order by i.due_on, i.external_id limit $5`,
};

/**
 * The other messages that are due to the same person on the same day where they are: they go out with this one, the later ones
 * pulled forward. Each was planned from the facts read under this lock, and each has passed the gate by itself.
 *
 * @param outreach of the customer
 * @returns none when the message goes out alone
 */
export async function gatherStatement(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: SendAction,
  outreach: Outreach | null,
): Promise<Member[]> {
  if (!outreach || !version.templates[STATEMENT_TEMPLATE]) return [];
  const until = windowEnd(scope.now, loaded.facts.customer.zone);
  const numbers = await readOthers(scope, loaded, until);
  if (numbers.size === 0) return [];
  const { manager, organisationId, now } = scope;
  const members: Member[] = [];
  for (const other of await loadEnrolments(manager, organisationId, [...numbers.keys()], now)) {
    const coming = await comingOf(deps, scope, other, until);
    const leader = { facts: loaded.facts, action };
    if (!coming || !areForOne(leader, { facts: other.facts, action: coming.action })) continue;
    const joined = { ...coming.action, medium: action.medium, pointId: action.pointId };
    const { isHoliday } = deps.calendar;
    const keeping = keepingOf(coming.document, other.facts, joined, outreach, isHoliday, now);
    if (!mayJoin({ facts: other.facts, action: joined }, keeping, now)) continue;
    await takeOver(scope, other, coming.planned);
    members.push({ loaded: other, action: joined, number: numbers.get(other.id) ?? '' });
  }
  return members;
}

async function readOthers(
  { manager, organisationId }: LockedScope,
  { customerId, invoiceId }: LoadedEnrolment,
  until: Instant,
): Promise<Map<string, string>> {
  const rows = await queryPrepared<{ id: string; number: string }>(manager, OTHERS, [
    organisationId,
    customerId,
    invoiceId,
    new Date(until),
    MOST_IN_STATEMENT - 1,
  ]);
  return new Map(rows.map(({ id, number }) => [id, number]));
}

async function comingOf(deps: EngineDeps, scope: LockedScope, other: LoadedEnrolment, until: Instant) {
  if (other.attempting) return null;
  const { document } = await loadVersion(scope.manager, scope.organisationId, other.versionId);
  const coming = comingSend(other.facts, document, other.cursor, scope.now, until, deps.calendar);
  return coming && { ...coming, document };
}
