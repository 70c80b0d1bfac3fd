import type { WorkingCalendar } from '#domain/working-days.js';
import { localDateOf, startOfDay } from '#domain/local-time.js';
import { enrolInvoices } from '../enrol.js';
import type { Scope } from '../scope.js';
import { type Match, matchRules } from './match.js';
import { loadRules, type Rule } from './rule.js';

/** When rules are applied: to what has just been written, or to everything by night. */
export type Occasion = 'written' | 'night';

/** What became of some invoices, by external id of the rule that takes them. */
export interface Taken {
  enrolled: Map<string, number>;
  /** For a later day, or for the night. */
  waiting: Map<string, number>;
  /** Of a rule whose campaign has no published version. */
  unpublished: Map<string, number>;
}

export const nothingTaken = (): Taken => ({
  enrolled: new Map(),
  waiting: new Map(),
  unpublished: new Map(),
});

/**
 * Enrols these invoices as the rules say, at the organisation's now. Locks their customers, in id order. Which rule takes which is
 * looked up under the locks, so a payment recorded meanwhile counts.
 */
export async function enrolByRules(
  scope: Scope,
  calendar: WorkingCalendar,
  invoiceIds: readonly string[],
  occasion: Occasion,
): Promise<Taken> {
  const taken = nothingTaken();
  if (invoiceIds.length === 0) return taken;
  const all = await loadRules(scope);
  if (all.rules.length === 0) return taken;
  if (occasion === 'night') await oneAtATime(scope);
  await lockCustomersOf(scope, invoiceIds);
  const places = new Places(scope, await zoneOf(scope), occasion);
  for (const [rule, matches] of byRule(await matchRules(scope, all, invoiceIds)))
    await takeIn(scope, calendar, { rule, matches, places, taken });
  return taken;
}

/** @returns in the order in which the rules are asked is of no matter: each invoice is of one */
function byRule(matches: readonly Match[]): Map<Rule, Match[]> {
  const found = new Map<Rule, Match[]>();
  for (const match of matches)
    if (match.rule) found.set(match.rule, [...(found.get(match.rule) ?? []), match]);
  return found;
}

interface Taking {
  rule: Rule;
  matches: readonly Match[];
  places: Places;
  taken: Taken;
}

async function takeIn(
  scope: Scope,
  calendar: WorkingCalendar,
  { rule, matches, places, taken }: Taking,
): Promise<void> {
  const { externalId, campaign, versionId, entry } = rule;
  if (campaign === null) return;
  if (versionId === null) return add(taken.unpublished, externalId, matches.length);
  const now = await places.among(rule, matches);
  add(taken.waiting, externalId, matches.length - now.length);
  if (now.length === 0) return;
  const results = await enrolInvoices(scope, calendar, {
    versionId,
    invoiceIds: now.map(({ invoiceId }) => invoiceId),
    ruleId: rule.id,
    ...(entry !== null && { entry }),
  });
  add(taken.enrolled, externalId, results.filter(({ result }) => result === 'enrolled').length);
}

const add = (counts: Map<string, number>, key: string, count: number): void => {
  if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
};

/** Who may enter now: overdue ones, where a rule spreads them over days, as there are places on the day. */
class Places {
  constructor(
    private readonly scope: Scope,
    private readonly zone: string,
    private readonly occasion: Occasion,
  ) {}

  async among(rule: Rule, matches: readonly Match[]): Promise<readonly Match[]> {
    const { overduePerDay, onlyAtNight } = rule;
    const isNight = this.occasion === 'night';
    if (onlyAtNight && !isNight) return [];
    if (overduePerDay === null) return matches;
    if (!isNight) return matches.filter(({ overdue }) => !overdue);
    const entered = await this.enteredToday(rule);
    return matches.filter(({ overdue, customerId }) => {
      if (!overdue || entered.has(customerId)) return true;
      return entered.size < overduePerDay && entered.add(customerId);
    });
  }

  private async enteredToday({ id }: Rule): Promise<Set<string>> {
    const { scope, zone } = this;
    const from = startOfDay(localDateOf(scope.now, zone), zone);
    const rows = await scope.manager.query<{ customer_id: string }[]>(
      `select distinct e.customer_id from enrolment e
       join customer c on c.organisation_id = e.organisation_id and c.id = e.customer_id
       join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id
       where e.organisation_id = $1 and e.rule_id = $2 and e.enrolled_at >= $3
         and i.due_on < (e.enrolled_at at time zone c.zone)::date`,
      [scope.organisationId, id, new Date(from)],
    );
    return new Set(rows.map((row) => row.customer_id));
  }
}

/** Two who count the places of a day at the same time would both find the last one free. Before any customer's lock. */
const oneAtATime = ({ manager, organisationId }: Scope): Promise<unknown> =>
  manager.query(`select pg_advisory_xact_lock(hashtextextended('enrolment rules/' || $1, 0))`, [
    organisationId,
  ]);

const lockCustomersOf = (
  { manager, organisationId }: Scope,
  invoiceIds: readonly string[],
): Promise<unknown> =>
  manager.query(
    `select c.id from customer c where c.organisation_id = $1
       and c.id in (select i.customer_id from invoice i where i.organisation_id = $1 and i.id = any ($2::uuid[]))
     order by c.id for update`,
    [organisationId, invoiceIds],
  );

async function zoneOf({ manager, organisationId }: Scope): Promise<string> {
  const [row] = await manager.query<{ zone: string }[]>('select zone from organisation where id = $1', [
    organisationId,
  ]);
  if (!row) throw new Error(`Organisation ${organisationId} vanished.`);
  return row.zone;
}
