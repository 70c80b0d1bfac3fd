import type { CustomerConditions, InvoiceConditions } from '#contracts/schemas/index.js';
import { parseAmount } from '#domain/money.js';
import type { Bound, Named } from './bound.js';

type Condition<Value> = (value: Value, bound: Bound) => string;
type Conditions<Filter> = { [Key in keyof Filter]-?: Condition<Exclude<Filter[Key], undefined>> };

const any = (column: string, values: readonly string[], bound: Bound): string =>
  `${column} = any (${bound.bind(values)}::text[])`;

/** What of invoice `b` is open, money that is only announced taken off. */
export const openOf = (invoice: string): string => `(${invoice}.total_minor - coalesce((
  select sum(a.amount_minor) from allocation a where a.organisation_id = ${invoice}.organisation_id
    and a.invoice_id = ${invoice}.id and a.reversed_at is null), 0))`;

/** On `w`: a customer `c` with `today` where they are, and their `rating`. */
const CUSTOMER: Conditions<CustomerConditions> = {
  kinds: (kinds, bound) => any('w.kind', kinds, bound),
  countries: (countries, bound) => any('w.country', countries, bound),
  regions: (regions, bound) => any('w.region', regions, bound),
  locales: (locales, bound) =>
    `exists (select from unnest(${bound.bind(locales)}::text[]) l(tag)
       where lower(w.locale) = lower(l.tag) or starts_with(lower(replace(w.locale, '_', '-')), lower(l.tag) || '-'))`,
  ratings: (ratings, bound) => any('w.rating', ratings, bound),
  accountManagers: (managers, bound) =>
    `exists (select from account_manager m where m.organisation_id = w.organisation_id and m.id = w.account_manager_id
       and ${any('m.external_id', managers, bound)})`,
  parents: (parents, bound) =>
    `exists (select from customer p where p.organisation_id = w.organisation_id and p.id = w.parent_id
       and ${any('p.external_id', parents, bound)})`,
  vip: (vip, bound) => `w.vip = ${bound.bind(vip)}::boolean`,
  customers: (customers, bound) => any('w.external_id', customers, bound),
  overdue: ({ currency, atLeast, days = 1 }, bound) =>
    `${bound.bind(parseAmount(atLeast, currency))}::bigint <= (select coalesce(sum(${openOf('o')}), 0) from invoice o
       where o.organisation_id = w.organisation_id and o.customer_id = w.id and o.status = 'open'
         and o.currency = ${bound.bind(currency)} and o.due_on <= w.today - ${bound.bind(days)}::int)`,
};

/** On `i`, an invoice of `w`. */
const INVOICE: Conditions<InvoiceConditions> = {
  creditors: (creditors, bound) =>
    `exists (select from creditor r where r.organisation_id = i.organisation_id and r.id = i.creditor_id
       and ${any('r.external_id', creditors, bound)})`,
  currencies: (currencies, bound) => any('i.currency', currencies, bound),
  kinds: (kinds, bound) => any('i.kind', kinds, bound),
  issuedFrom: (from, bound) => `i.issued_on >= ${bound.bind(from)}::date`,
  daysOverdue: ({ atLeast, atMost }, bound) =>
    `w.today - i.due_on between coalesce(${bound.bind(atLeast ?? null)}::int, -2147483648)
       and coalesce(${bound.bind(atMost ?? null)}::int, 2147483647)`,
};

/** `coalesce`: what is not known is not so. */
const named = <Filter extends object>(
  conditions: Conditions<Filter>,
  filter: Filter | undefined,
  under: string,
  bound: Bound,
): Named[] =>
  (Object.keys(filter ?? {}) as (keyof Filter & string)[]).flatMap((key) => {
    const value = filter?.[key];
    if (value === undefined) return [];
    const sql = conditions[key](value as Exclude<Filter[typeof key], undefined>, bound);
    return [{ path: `${under}.${key}`, sql: `coalesce(${sql}, false)` }];
  });

export const customerSql = (filter: CustomerConditions | undefined, bound: Bound): Named[] =>
  named(CUSTOMER, filter, 'customer', bound);

export const invoiceSql = (filter: InvoiceConditions | undefined, bound: Bound): Named[] =>
  named(INVOICE, filter, 'invoice', bound);
