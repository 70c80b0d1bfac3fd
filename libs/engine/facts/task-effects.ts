import { formatInstant } from '#domain/instant.js';
import type { TaskEffect, TaskOutcome } from '#domain/task-outcomes.js';
import type { Scope } from '../scope.js';
import { askForAddress } from '../receipts/bad-address.js';
import { emit } from '../webhooks/emit.js';
import { emitHold, insertHold } from './holds.js';
import type { InvoiceLedger } from './ledger.js';
import { normalisePoint } from './normalise.js';
import type { LoadedTask } from './task-context.js';

type Effect<K extends TaskEffect['kind']> = Extract<TaskEffect, { kind: K }>;

/** Carries out one effect of an outcome, under the customer's lock. `facts` is what a letter says. */
export async function applyEffect(
  scope: Scope,
  task: LoadedTask,
  effect: TaskEffect,
  facts: object,
): Promise<void> {
  switch (effect.kind) {
    case 'promise':
      return storePromise(scope, task, effect);
    case 'dispute':
      await insertHold(scope, {
        ...holdOf(scope, task),
        kind: 'dispute',
        reason: effect.reason,
        amount: effect.amount,
        expiresAt: null,
      });
      return;
    case 'claim':
      return waitForPayment(scope, task, effect);
    case 'handed_over':
      return handOver(scope, task);
    case 'wrong_person':
      return strikeOutPoint(scope, effect.pointId);
    case 'invalid_phone':
      return invalidatePhone(scope, task, effect);
    case 'call_again':
      return callAgain(scope, task, effect);
    case 'letter':
      return requestLetter(scope, task, effect, facts);
  }
}

const holdOf = (scope: Scope, { id, customerId, invoice }: LoadedTask) => ({
  customerId,
  invoiceId: invoice?.id ?? null,
  effectiveAt: scope.now,
  evidence: { taskId: id },
});

/** A new promise takes the place of an earlier one of the invoice that was still to be kept. */
async function storePromise(scope: Scope, task: LoadedTask, effect: Effect<'promise'>): Promise<void> {
  const invoice = required(task.invoice);
  await supersede(scope, invoice);
  const hold = { ...holdOf(scope, task), kind: 'promise' as const, expiresAt: effect.holdUntil };
  const holdId = await insertHold(scope, hold);
  await scope.manager.query(
    `insert into promise (organisation_id, customer_id, invoice_id, sequence, amount_minor, currency, promised_on,
                          hold_id, task_id, effective_at)
     values ($1, $2, $3, 1 + (select coalesce(max(sequence), 0) from promise
                              where organisation_id = $1 and invoice_id = $3), $4, $5, $6, $7, $8, $9)`,
    [
      scope.organisationId,
      task.customerId,
      invoice.id,
      effect.amount,
      invoice.currency,
      effect.promisedOn,
      holdId,
      task.id,
      new Date(scope.now),
    ],
  );
}

const required = (invoice: InvoiceLedger | null): InvoiceLedger => {
  if (!invoice) throw new Error('An effect that needs an invoice was planned for a task without one.');
  return invoice;
};

/** Promises whose hold still stands are those whose day has not ended. */
async function supersede(scope: Scope, { id: invoiceId, customerId }: InvoiceLedger): Promise<void> {
  const released = await scope.manager.query<{ id: string }[]>(
    `with released as (
       update hold set released_at = $3
       where organisation_id = $1 and invoice_id = $2 and kind = 'promise' and released_at is null and expires_at > $3
       returning id
     ), cancelled as (
       update promise set cancelled_at = $3
       where organisation_id = $1 and invoice_id = $2 and cancelled_at is null
         and hold_id in (select id from released)
     )
     select id from released order by id`,
    [scope.organisationId, invoiceId, new Date(scope.now)],
  );
  for (const { id } of released)
    await emitHold(scope, 'hold.released', { id, kind: 'promise', customerId, invoiceId });
}

/** The number that was dialled: as the agent says, as the task says, or the customer's first. */
async function invalidatePhone(
  scope: Scope,
  task: LoadedTask,
  { phone }: Effect<'invalid_phone'>,
): Promise<void> {
  const dialled = phone ?? (typeof task.brief['phone'] === 'string' ? task.brief['phone'] : null);
  await scope.manager.query(
    `update contact_point set status = 'invalid', reason = 'wrong number'
     where organisation_id = $1 and id in (
       select t.id from contact_point t
       join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
       where t.organisation_id = $1 and q.customer_id = $2 and t.kind = 'phone' and t.status = 'active'
         and ($3::text is null or t.normalised = $3)
       order by q.position, q.external_id, t.position, t.normalised
       limit case when $3::text is null then 1 end)`,
    [scope.organisationId, task.customerId, dialled === null ? null : normalisePoint('phone', dialled)],
  );
}

/** The books settle it when the money comes; when it does not, somebody looks where it is. */
async function waitForPayment(scope: Scope, task: LoadedTask, { until }: Effect<'claim'>): Promise<void> {
  await insertHold(scope, {
    ...holdOf(scope, task),
    kind: 'manual',
    reason: 'says it is paid',
    expiresAt: until,
  });
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, assignee, due_at, brief)
     values ($1, 'check_payment', $2, $3, $4, $5, $6, $7) returning id`,
    [
      scope.organisationId,
      task.customerId,
      task.invoice?.id ?? null,
      task.invoice && task.enrolmentId,
      task.assignee,
      new Date(until),
      JSON.stringify({ saidAt: formatInstant(scope.now), task: task.id }),
    ],
  );
  if (!row) throw new Error(`The look for a payment after task ${task.id} was not stored.`);
  await emit(scope, {
    type: 'task.created',
    subjectId: task.invoice?.id ?? task.customerId,
    data: { taskId: row.id, kind: 'check_payment', dueAt: formatInstant(until) },
  });
}

/** Whoever has it now goes on from here: no campaign does. */
async function handOver(scope: Scope, task: LoadedTask): Promise<void> {
  const invoice = required(task.invoice);
  const hold = { ...holdOf(scope, task), kind: 'legal' as const, reason: 'handed over', expiresAt: null };
  const holdId = await insertHold(scope, hold);
  await emit(scope, {
    type: 'invoice.handed_over',
    subjectId: invoice.id,
    data: { taskId: task.id, holdId },
  });
}

/** Whoever has this address is not whom it was written to; another is asked for. */
async function strikeOutPoint(scope: Scope, pointId: string): Promise<void> {
  await scope.manager.query(
    `update contact_point set status = 'invalid', reason = 'wrong person'
     where organisation_id = $1 and id = $2 and status = 'active'`,
    [scope.organisationId, pointId],
  );
  await askForAddress(scope, pointId);
}

async function callAgain(scope: Scope, task: LoadedTask, effect: Effect<'call_again'>): Promise<void> {
  const [row] = await scope.manager.query<{ id: string; kind: string }[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, step_key, occurrence, assignee,
                       due_at, wait_until, brief)
     select organisation_id, 'call', customer_id, invoice_id, enrolment_id, step_key, occurrence, assignee, $3, $4, brief
     from task where organisation_id = $1 and id = $2 returning id, kind`,
    [
      scope.organisationId,
      task.id,
      new Date(effect.dueAt),
      effect.waitUntil === null ? null : new Date(effect.waitUntil),
    ],
  );
  if (!row) throw new Error(`The call after task ${task.id} was not stored.`);
  await emit(scope, {
    type: 'task.created',
    subjectId: task.invoice?.id ?? task.customerId,
    data: {
      taskId: row.id,
      kind: row.kind,
      stepKey: task.stepKey ?? undefined,
      dueAt: formatInstant(effect.dueAt),
    },
  });
}

async function requestLetter(
  scope: Scope,
  task: LoadedTask,
  effect: Effect<'letter'>,
  facts: object,
): Promise<void> {
  await scope.manager.query(
    `insert into answer_request (organisation_id, customer_id, invoice_id, enrolment_id, kind, template_key, medium,
                                 facts, effective_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      scope.organisationId,
      task.customerId,
      required(task.invoice).id,
      task.enrolmentId,
      effect.letter,
      effect.template,
      effect.medium,
      JSON.stringify(facts),
      new Date(scope.now),
    ],
  );
}

/** What a letter says of the outcome, an amount with its currency. */
export function letterFacts({ invoice }: LoadedTask, outcome: TaskOutcome): object {
  const { note: _internal, confirmBy: _channel, ...said } = outcome;
  return 'amount' in said ? { ...said, currency: invoice?.currency } : said;
}
