import type { Outcome } from '#channels/channel.js';
import type { EnrolmentRef, WorkflowPlan } from '#contracts/engine.js';
import type { Instant } from '#domain/instant.js';
import { afterOutcome } from '#domain/planning/outcome.js';
import { type Prepared, queryLast, queryPrepared } from '#store/prepared.js';
import { withOrganisation } from '#store/with-organisation.js';
import { type Begun, factsAfter } from './begun.js';
import type { EngineDeps } from './deps.js';
import { codeOf } from './ledger.js';
import { planBy } from './plan-enrolment.js';
import { concernsLimits } from './limits/index.js';
import { isWithheld } from './stop/withheld.js';
import { planValues, storing, toWorkflowPlan } from './store-plan.js';

const LOCK: Prepared = {
  name: 'lock-customer',
  text: 'select from customer where organisation_id = $1 and id = $2 for update',
};

/**
 * A statement of its own behind the lock, so that it sees what was committed while that was waited for. It touches nothing unless
 * the contact is still on its way and everything is as it was when the message was decided.
 */
const SETTLE_AND_STORE: Prepared = {
  name: 'settle-and-store-plan',
  text: `
  with unmoved as (
    select from contact k
    join customer c on c.organisation_id = k.organisation_id and c.id = k.customer_id
    join organisation o on o.id = k.organisation_id
    where k.organisation_id = $1 and k.id = $18 and k.state = 'attempting' and c.facts_version = $7
      and o.clock_now is not distinct from $19
      and (select max(e.facts_version) from enrolment e where e.organisation_id = $1 and e.invoice_id = $3) = $20
      and not exists (select from webhook_endpoint w where w.organisation_id = $1)
  ), settled as (
    update contact set state = $21, outcome_code = $22, provider_id = coalesce($23, provider_id), settled_at = $8
    where organisation_id = $1 and id = $18 and exists (select from unmoved)
  ), ${storing('exists (select from unmoved)')}`,
};

/**
 * Stores what became of a call along with the plan that follows from it, in one round trip: the plan is made beforehand, and holds
 * if nobody recorded anything since the message was decided.
 *
 * @returns null when somebody did: then nothing is stored, and the plan has to be made under the lock
 */
export async function settleAsExpected(
  deps: EngineDeps,
  { organisationId }: EnrolmentRef,
  begun: Begun,
  outcome: Outcome,
  now: Instant,
): Promise<WorkflowPlan | null> {
  const { expected, loaded, contactId, medium, step, invoiceVersion } = begun;
  const suppresses = outcome.kind === 'rejected' && outcome.addressIsBad;
  // What may have gone out is looked for, which is one thing more to store.
  if (!expected || !step || suppresses || outcome.kind === 'unknown' || isWithheld(outcome)) return null;
  if (concernsLimits(begun, outcome)) return null;
  const { document, clock } = expected;
  const at = clock ?? Math.max(now, Date.now());
  const cursor = afterOutcome(loaded.cursor, step, medium, outcome, at);
  const plan = planBy(deps, document, { ...loaded, facts: factsAfter(begun, outcome), cursor }, at);
  const kind = clock === null ? 'live' : 'test';
  const isStored = await withOrganisation(
    deps.dataSource,
    organisationId,
    async (manager) => {
      const locking = queryPrepared(manager, LOCK, [organisationId, loaded.customerId]);
      const answer = queryLast(manager, SETTLE_AND_STORE, [
        ...planValues({ organisationId, kind, now: at }, loaded, plan),
        contactId,
        clock === null ? null : new Date(clock),
        invoiceVersion,
        outcome.kind,
        codeOf(outcome),
        outcome.kind === 'accepted' ? outcome.providerId : null,
      ]);
      // The lock's failure is the one to tell of: without it nothing else could be answered.
      answer.catch(() => undefined);
      await locking;
      return (await answer).length > 0;
    },
    { retry: true },
  );
  return isStored ? toWorkflowPlan(plan, loaded.factsVersion, kind) : null;
}
