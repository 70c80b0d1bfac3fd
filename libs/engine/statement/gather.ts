import type { SendAction } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { hasPolicy, keepingOf, type Outreach } from '#domain/policy/keeping.js';
import { factsUnder } from '#domain/policy/duties.js';
import { areForOne, comingSend, mayJoin, MOST_IN_STATEMENT, windowEnd } from '#domain/statement.js';
import { type CampaignVersion, loadVersion } from '../campaigns/load-version.js';
import type { EngineDeps } from '../deps.js';
import { type LoadedEnrolment, loadOthers, type OtherEnrolment } from '../load-enrolment.js';
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

/** So many are asked for before anybody knows whether the gate agrees: few enough for nothing, and as many as most customers have. */
const ASKED_ALONG = 10;

/** What else of a customer may go out with a message; or the first of it, where there may be more. */
export interface Candidates {
  others: OtherEnrolment[];
  isAll: boolean;
  /** The end of the window in which they come to a message. */
  until: Instant;
}

/** They are asked for before this returns. */
export async function loadCandidates(
  scope: LockedScope,
  loaded: LoadedEnrolment,
  { document, templates }: CampaignVersion,
  most = ASKED_ALONG,
): Promise<Candidates> {
  const { manager, organisationId, now } = scope;
  if (!hasPolicy(document) || !templates[STATEMENT_TEMPLATE]) return { others: [], isAll: true, until: now };
  const until = windowEnd(now, loaded.facts);
  const others = await loadOthers(manager, organisationId, loaded, now, until, most);
  return { others, isAll: others.length < most, until };
}

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
  candidates: Candidates,
  outreach: Outreach | null,
): Promise<Member[]> {
  if (!outreach) return [];
  const { facts } = loaded;
  const { now } = scope;
  const { others, until } = candidates.isAll
    ? candidates
    : await loadCandidates(scope, loaded, version, MOST_IN_STATEMENT - 1);
  const members: Member[] = [];
  for (const { loaded: other, number } of others) {
    const coming = await comingOf(deps, scope, other, until);
    if (!coming || !areForOne({ facts, action }, { facts: other.facts, action: coming.action })) continue;
    const joined = { ...coming.action, medium: action.medium, pointId: action.pointId };
    const { isHoliday } = deps.calendar;
    const keeping = keepingOf(coming.document, other.facts, joined, outreach, isHoliday, now);
    if (!mayJoin({ facts: factsUnder(coming.document, other.facts), action: joined }, keeping, now)) continue;
    await takeOver(scope, other, coming.planned);
    members.push({ loaded: other, action: joined, number });
  }
  return members;
}

async function comingOf(deps: EngineDeps, scope: LockedScope, other: LoadedEnrolment, until: Instant) {
  const { document } = await loadVersion(scope.manager, scope.organisationId, other.versionId);
  const coming = comingSend(other.facts, document, other.cursor, scope.now, until, deps.calendar);
  return coming && { ...coming, document };
}
