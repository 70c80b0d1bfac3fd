import type { Audience, CustomerConditions } from '#contracts/schemas/index.js';
import { parseAmount } from '#domain/money.js';
import type { Scope } from '../scope.js';
import { allOf, Bound, type Named } from '../segments/bound.js';
import { customerSql, invoiceSql, openOf } from '../segments/conditions.js';
import { whoSql } from '../segments/who-sql.js';
import type { Rule, Rules } from './rule.js';

/** A rule takes invoices that are open and were never enrolled anywhere: what a person ended, stays ended. */
export const CANDIDATE = `i.organisation_id = $1 and i.status = 'open' and ${openOf('i')} > 0
  and not exists (select from enrolment e where e.organisation_id = i.organisation_id and e.invoice_id = i.id)`;

/** A candidate, and the first rule that takes it. */
export interface Match {
  invoiceId: string;
  customerId: string;
  overdue: boolean;
  rule: Rule | null;
}

/** What a rule asks of invoice `i` of customer `w`, one condition each. */
export function conditionsOf(
  { audience, except, minimumBalance }: Rule,
  segments: Rules['segments'],
  bound: Bound,
): Named[] {
  return [
    ...audienceSql(audience, segments, bound),
    ...(except ? [{ path: 'except', sql: `not (${allOf(audienceSql(except, segments, bound))})` }] : []),
    ...minimumBalance.map(({ currency, amount }) => ({
      path: 'minimumBalance',
      sql: `i.currency <> ${bound.bind(currency)} or ${openOf('i')} >= ${bound.bind(parseAmount(amount, currency))}::bigint`,
    })),
  ];
}

const audienceSql = (
  { segments, customer, invoice }: Audience,
  known: Rules['segments'],
  bound: Bound,
): Named[] => [
  ...(segments ? [{ path: 'segments', sql: inOneOf(segments, known, bound) }] : []),
  ...customerSql(customer, bound),
  ...invoiceSql(invoice, bound),
];

const inOneOf = (segments: readonly string[], known: Rules['segments'], bound: Bound): string =>
  segments
    .map((segment) => {
      const filter = known.get(segment);
      return filter ? `(${allOf(customerSql(filter, bound))})` : 'false';
    })
    .join(' or ');

/** Whether rules look at how a customer has paid. */
export const looksAtRatings = ({ rules, segments }: Rules): boolean => {
  const asks = (filter: CustomerConditions | undefined): boolean => filter?.ratings !== undefined;
  const of = (audience: Audience | null): boolean =>
    audience !== null &&
    (asks(audience.customer) || (audience.segments ?? []).some((each) => asks(segments.get(each))));
  return rules.some(({ audience, except }) => of(audience) || of(except));
};

/** The number of the first rule that takes invoice `i` of customer `w`; null: none. */
export const firstRule = ({ rules, segments }: Rules, bound: Bound): string =>
  rules.length === 0
    ? 'null::int'
    : `case ${rules.map((rule, at) => `when ${allOf(conditionsOf(rule, segments, bound))} then ${at}`).join(' ')} end`;

/** Which rule takes which of these invoices, the longest overdue first; those that are no candidates are left out. */
export async function matchRules(scope: Scope, all: Rules, invoiceIds: readonly string[]): Promise<Match[]> {
  const bound = new Bound([scope.organisationId, new Date(scope.now), invoiceIds]);
  const rule = firstRule(all, bound);
  const rows = await scope.manager.query<(Omit<Match, 'rule'> & { rule: number | null })[]>(
    `with wanted as materialized (select i.* from invoice i where i.id = any ($3::uuid[]) and ${CANDIDATE}),
     who as materialized (${whoSql('$2', 'c.id in (select customer_id from wanted)', looksAtRatings(all))})
     select i.id as "invoiceId", i.customer_id as "customerId", i.due_on < w.today as overdue, ${rule} as rule
     from wanted i join who w on w.id = i.customer_id order by i.due_on, w.external_id, i.external_id`,
    bound.values,
  );
  return rows.map((row) => ({ ...row, rule: row.rule === null ? null : (all.rules[row.rule] ?? null) }));
}
