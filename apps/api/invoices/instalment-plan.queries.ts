import type { InstalmentPlanResource } from '#contracts/schemas/index.js';
import { breaksAt, type Part, type PlanFacts, planParts, stateOf } from '#domain/instalments.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { formatAmount } from '#domain/money.js';
import { PLAN } from '#engine/enrolment-sql.js';
import type { Scope } from '#engine/scope.js';
import { formatInstant } from '#domain/instant.js';
import { instantTextOrNull } from '../common/instant-text.js';
import { Problem } from '../common/problem.js';

interface Row {
  id: string;
  invoice: string;
  currency: string;
  zone: string;
  cancelled_at: Date | null;
  plan: PlanFacts;
}

/** A plan by its id, or the last one of an invoice. @throws {Problem} when there is none */
export async function getPlan(
  scope: Scope,
  which: { id: string } | { invoiceId: string },
): Promise<InstalmentPlanResource> {
  const [row] = await scope.manager.query<Row[]>(
    `select r.id, i.external_id as invoice, i.currency, c.zone, r.cancelled_at, ${PLAN} as plan
     from instalment_plan r
     join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
     join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id
     where r.organisation_id = $1 and (r.id = $2 or r.invoice_id = $3) order by r.number desc limit 1`,
    [scope.organisationId, 'id' in which ? which.id : null, 'id' in which ? null : which.invoiceId],
  );
  if (!row)
    throw new Problem('not-found', 'The invoice has no instalment plan.', {
      remedy: 'Agree on one with POST.',
    });
  return view(scope, row);
}

function view(
  scope: Scope,
  { id, invoice, currency, zone, cancelled_at, plan }: Row,
): InstalmentPlanResource {
  const parts = planParts(plan);
  const money = (minor: number): string => formatAmount(minor, currency);
  const endsAt = cancelled_at === null ? breaksAt(plan, zone) : null;
  return {
    id,
    invoiceExternalId: invoice,
    number: plan.number,
    state: cancelled_at === null ? stateOf(plan, zone, scope.now) : 'cancelled',
    currency,
    parts: parts.map((part) => ({
      number: part.number,
      dueOn: part.dueOn ?? '',
      amount: money(part.amount),
      open: money(part.open),
      state: partState(part, plan, localDateOf(scope.now, zone)),
    })),
    paid: money(parts.reduce((sum, { amount, open }) => sum + amount - open, 0)),
    remaining: money(parts.reduce((sum, { open }) => sum + open, 0)),
    graceDays: plan.graceDays,
    missesAllowed: plan.missesAllowed,
    endsAt: endsAt === null ? null : formatInstant(endsAt),
    agreedAt: formatInstant(plan.agreedAt),
    cancelledAt: instantTextOrNull(cancelled_at),
  };
}

/** One is missed when the days in which it would still be in time are over. */
const partState = (
  { open, dueOn }: Part,
  { graceDays }: PlanFacts,
  today: string,
): 'paid' | 'open' | 'missed' => {
  if (open === 0) return 'paid';
  return dueOn !== null && addDays(dueOn, graceDays) < today ? 'missed' : 'open';
};
