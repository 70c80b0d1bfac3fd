import type { ErasureInput, Refused, Written } from '#contracts/schemas/index.js';
import { announceWithDaughters, lockWithDaughters } from '../announce.js';
import { endEnrolment } from '../campaigns/end-enrolment.js';
import { audit } from '../facts/audit.js';
import { type Ref, findCustomer, nameOf } from '../facts/find.js';
import { refused } from '../facts/refusal.js';
import type { Scope } from '../scope.js';

/**
 * Forgets the people of a customer: names, addresses, what was written to them and by them, notes and evidence. What the books
 * need stays: invoices and their documents, payments, allocations, that there was contact, when and with which outcome. Their
 * outreach ends. Addresses that they refused stay refused, known by a keyed hash. Doing it again changes nothing.
 */
export async function eraseCustomer(
  scope: Scope,
  ref: Ref,
  { reason, evidence }: ErasureInput,
): Promise<Written | Refused> {
  const customer = await findCustomer(scope, ref);
  if (!customer) return refused(nameOf(ref), 'unknown_customer', 'id', 'is no customer; correct the id');
  const { id, externalId } = customer;
  await lockWithDaughters(scope, id);
  const state = await stateOf(scope, id);
  if (state.isErased) return { id, externalId, result: 'unchanged' };
  if (state.isBeingWritten) {
    const message = 'has a message on its way; ask again in a minute';
    return refused(externalId, 'wrong_state', 'id', message);
  }
  for (const enrolmentId of state.enrolments) await endEnrolment(scope, enrolmentId, null);
  await scope.manager.query('select erase_customer($1)', [id]);
  const detail = { reason, evidence };
  await audit(scope, [{ action: 'customer.erased', subjectType: 'customer', subjectId: id, detail }]);
  await announceWithDaughters(scope, id);
  return { id, externalId, result: 'updated' };
}

/** Messages `k` to people of customer $2 about what a daughter company owes. */
const TO_THEIR_PEOPLE = `k.customer_id in (select d.id from customer d where d.organisation_id = $1 and d.parent_id = $2)
  and k.point_id in (select t.id from contact_point t
    join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
    where t.organisation_id = $1 and q.customer_id = $2)`;

interface State {
  isErased: boolean;
  isBeingWritten: boolean;
  enrolments: string[];
}

async function stateOf(scope: Scope, id: string): Promise<State> {
  const [row] = await scope.manager.query<State[]>(
    `select c.erased_at is not null as "isErased",
       exists (select from contact k where k.organisation_id = $1 and (k.customer_id = $2 or ${TO_THEIR_PEOPLE})
           and k.state = 'attempting')
         as "isBeingWritten",
       array(select e.id from enrolment e where e.organisation_id = $1 and e.customer_id = $2 and e.state = 'open'
         order by e.id) as enrolments
     from customer c where c.organisation_id = $1 and c.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Customer ${id} vanished under its lock.`);
  return row;
}
