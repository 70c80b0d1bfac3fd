import { formatAmount } from '#domain/money.js';
import type { Scope } from '../scope.js';
import { Bound } from '../segments/bound.js';
import { openOf } from '../segments/conditions.js';
import { whoSql } from '../segments/who-sql.js';
import { CANDIDATE, conditionsOf, firstRule, looksAtRatings } from './match.js';
import { loadRules, type Rule } from './rule.js';

/** What rules would take of everything that is open and was never enrolled. */
export interface RulesPreview {
  rules: (Taking & { rule: string; name: string; campaign: string | null; isPublished: boolean })[];
  /** What no rule takes. */
  unmatched: Taking;
}

export interface Taking {
  invoices: number;
  customers: number;
  overdueInvoices: number;
  overdueCustomers: number;
  /** Decimal texts, by currency. */
  open: { currency: string; amount: string }[];
}

interface Row {
  rule: number | null;
  invoices: number;
  customers: number;
  overdueInvoices: number;
  overdueCustomers: number;
  open: { currency: string; minor: number }[] | null;
}

/** @param andPaused as if the paused rules were active */
export async function previewRules(scope: Scope, andPaused: boolean): Promise<RulesPreview> {
  const all = await loadRules(scope, andPaused);
  const bound = new Bound([scope.organisationId, new Date(scope.now)]);
  const rule = firstRule(all, bound);
  const candidates = `c.id in (select i.customer_id from invoice i where ${CANDIDATE})`;
  const rows = await scope.manager.query<Row[]>(
    `with who as materialized (${whoSql('$2', candidates, looksAtRatings(all))}),
     found as materialized (
       select i.customer_id, i.currency, i.due_on < w.today as overdue, ${openOf('i')} as open, ${rule} as rule
       from invoice i join who w on w.id = i.customer_id where ${CANDIDATE})
     select f.rule, count(*)::int as invoices, count(distinct f.customer_id)::int as customers,
       (count(*) filter (where f.overdue))::int as "overdueInvoices",
       (count(distinct f.customer_id) filter (where f.overdue))::int as "overdueCustomers", (
         select json_agg(json_build_object('currency', s.currency, 'minor', s.minor) order by s.currency)
         from (select g.currency, sum(g.open)::bigint as minor from found g where g.rule is not distinct from f.rule
           group by g.currency) s) as open
     from found f group by f.rule`,
    bound.values,
  );
  const of = (number: number | null): Taking => takingOf(rows.find((row) => row.rule === number));
  return {
    rules: all.rules.map(({ externalId, name, campaign, versionId }, number) => ({
      rule: externalId,
      name,
      campaign,
      isPublished: versionId !== null,
      ...of(number),
    })),
    unmatched: of(null),
  };
}

const takingOf = (row: Row | undefined): Taking => ({
  invoices: row?.invoices ?? 0,
  customers: row?.customers ?? 0,
  overdueInvoices: row?.overdueInvoices ?? 0,
  overdueCustomers: row?.overdueCustomers ?? 0,
  open: (row?.open ?? []).map(({ currency, minor }) => ({ currency, amount: formatAmount(minor, currency) })),
});

/** Why an invoice is, or is not, taken by each rule, in the order in which they are asked. */
export interface RuleAnswer {
  rule: Pick<Rule, 'externalId' | 'name' | 'campaign'>;
  /** It holds, and no rule before it does. */
  takes: boolean;
  /** Conditions that do not hold. */
  failed: string[];
}

/** @returns `isCandidate`: it is open, something of it is owed, and it was never enrolled */
export async function explainRules(
  scope: Scope,
  invoiceId: string,
): Promise<{ isCandidate: boolean; answers: RuleAnswer[] }> {
  const all = await loadRules(scope);
  const bound = new Bound([scope.organisationId, new Date(scope.now), invoiceId]);
  const failed = all.rules.map((rule) => {
    const conditions = conditionsOf(rule, all.segments, bound);
    const each = conditions.map(
      ({ path, sql }) => `case when not (${sql}) then ${bound.bind(path)}::text end`,
    );
    return `array_remove(array[${each.join(', ')}]::text[], null)`;
  });
  const [row] = await scope.manager.query<{ isCandidate: boolean; failed: string[][] }[]>(
    `with who as materialized (${whoSql('$2', 'c.id = (select i.customer_id from invoice i where i.organisation_id = $1 and i.id = $3)', looksAtRatings(all))})
     select (${CANDIDATE}) as "isCandidate", json_build_array(${failed.map((each) => `to_json(${each})`).join(', ')}) as failed
     from invoice i join who w on w.id = i.customer_id where i.organisation_id = $1 and i.id = $3`,
    bound.values,
  );
  if (!row) return { isCandidate: false, answers: [] };
  const first = row.failed.findIndex((conditions) => conditions.length === 0);
  return {
    isCandidate: row.isCandidate,
    answers: all.rules.map(({ externalId, name, campaign }, number) => ({
      rule: { externalId, name, campaign },
      takes: number === first,
      failed: row.failed[number] ?? [],
    })),
  };
}
