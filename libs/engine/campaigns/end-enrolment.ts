import { type EnrolmentState, enrolmentMachine, transition } from '#domain/transitions.js';
import { lockCustomer, wakeEnrolments } from '../announce.js';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';

export type EndResult = { kind: 'ended' } | { kind: 'unknown' } | { kind: 'refused'; reason: string };

/** What `ended_reason` says of an enrolment that a person ended. */
export const ENDED_BY_HAND = 'by_hand';

/** Ends an enrolment because a person says so: from its commit on no step of it is decided. */
export async function endEnrolment(
  scope: Scope,
  enrolmentId: string,
  note: string | null,
): Promise<EndResult> {
  const found = await readEnrolment(scope, enrolmentId);
  if (!found) return { kind: 'unknown' };
  await lockCustomer(scope, found.customer_id);
  const {
    state,
    customer_id: customerId,
    invoice_id: invoiceId,
  } = (await readEnrolment(scope, enrolmentId)) ?? found;
  const next = transition(enrolmentMachine, state, 'end');
  if (!next.ok) return { kind: 'refused', reason: next.reason };
  // While it is open still, for only open enrolments are woken: its workflow has to learn that it is over. There is
  // nothing to plan then, unless a call is under way.
  await wakeEnrolments(scope, { customerId, invoiceIds: [invoiceId] });
  await scope.manager.query(
    `with closed as (
       update task set state = 'cancelled' where organisation_id = $1 and enrolment_id = $2 and state = 'open'
     ), given_up as (
       update attempt set decision = 'suppressed', reasons = '[{"rule": "ended"}]', decided_at = $5
       where organisation_id = $1 and enrolment_id = $2 and decision = 'deferred'
     )
     update enrolment set state = $3, ended_reason = $4, ended_at = $5, next_due_at = null,
       planned_version = case when exists (
         select from contact c where c.organisation_id = $1 and c.enrolment_id = $2 and c.state = 'attempting')
         then planned_version else facts_version end
     where organisation_id = $1 and id = $2`,
    [scope.organisationId, enrolmentId, next.to, ENDED_BY_HAND, new Date(scope.now)],
  );
  await audit(scope, [
    { action: 'enrolment.ended', subjectType: 'enrolment', subjectId: enrolmentId, detail: { note } },
  ]);
  await emit(scope, {
    type: 'enrolment.ended',
    subjectId: invoiceId,
    data: { enrolmentId, reason: ENDED_BY_HAND },
  });
  return { kind: 'ended' };
}

interface Row {
  state: EnrolmentState;
  customer_id: string;
  invoice_id: string;
}

async function readEnrolment({ manager, organisationId }: Scope, id: string): Promise<Row | undefined> {
  const [row] = await manager.query<Row[]>(
    'select state, customer_id, invoice_id from enrolment where organisation_id = $1 and id = $2',
    [organisationId, id],
  );
  return row;
}
