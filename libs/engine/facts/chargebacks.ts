import { formatInstant } from '#domain/instant.js';
import { addDays, localDateOf, startOfDay } from '#domain/local-time.js';
import { formatAmount } from '#domain/money.js';
import { CHARGEBACK_DAYS } from '#domain/reversal.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { zoneOf } from './find.js';
import { emitHold, insertHold } from './holds.js';

interface Reversed {
  id: string;
  external_id: string;
  customer_id: string;
}

/**
 * Somebody is to ask why a payment was charged back. What it had paid is not asked for meanwhile, for a week at most: it may be
 * disputed, or a mistake of a bank. The customer's lock is held.
 */
export async function askWhy(scope: Scope, payment: Reversed, invoiceIds: readonly string[]): Promise<void> {
  if (invoiceIds.length === 0) return;
  const { id, external_id: externalId, customer_id: customerId } = payment;
  const zone = await zoneOf(scope, customerId);
  const expiresAt = startOfDay(addDays(localDateOf(scope.now, zone), CHARGEBACK_DAYS), zone);
  for (const invoiceId of invoiceIds)
    await insertHold(scope, {
      customerId,
      invoiceId,
      kind: 'manual',
      reason: 'a payment was charged back',
      evidence: { chargeback: id, payment: externalId },
      effectiveAt: scope.now,
      expiresAt,
    });
  await openTask(scope, payment, invoiceIds);
}

async function openTask(
  scope: Scope,
  { id, customer_id: customerId }: Reversed,
  invoiceIds: readonly string[],
): Promise<void> {
  const [paid] = await scope.manager.query<
    {
      externalId: string;
      amount: number;
      currency: string;
      reason: string;
      invoices: string[];
      manager: string | null;
    }[]
  >(
    `select y.external_id as "externalId", y.amount_minor as amount, y.currency, y.reversal_reason as reason,
       array(select i.external_id from invoice i where i.organisation_id = $1 and i.id = any ($3::uuid[]) order by 1) as invoices,
       (select m.external_id from customer c join account_manager m
          on m.organisation_id = c.organisation_id and m.id = c.account_manager_id
         where c.organisation_id = $1 and c.id = y.customer_id) as manager
     from payment y where y.organisation_id = $1 and y.id = $2`,
    [scope.organisationId, id, invoiceIds],
  );
  if (!paid) throw new Error(`Payment ${id} vanished under the lock of its customer.`);
  const [only] = invoiceIds;
  const invoiceId = invoiceIds.length === 1 ? (only ?? null) : null;
  const amount = formatAmount(Number(paid.amount), paid.currency);
  const brief = {
    payment: paid.externalId,
    amount,
    currency: paid.currency,
    reason: paid.reason,
    invoices: paid.invoices,
  };
  const [task] = await scope.manager.query<{ id: string }[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, assignee, due_at, brief)
     values ($1, 'chargeback', $2, $3, $4, $5, $6) returning id`,
    [
      scope.organisationId,
      customerId,
      invoiceId,
      paid.manager,
      new Date(scope.now),
      JSON.stringify({ ...brief, chargeback: id }),
    ],
  );
  if (!task) throw new Error(`The task about the charge-back of ${id} was not stored.`);
  const data = { taskId: task.id, kind: 'chargeback', dueAt: formatInstant(scope.now) };
  await emit(scope, { type: 'task.created', subjectId: invoiceId ?? customerId, data });
}

/** Somebody has asked: what was held for it goes on, unless what they learnt holds it again. */
export async function releaseChargeback(
  scope: Scope,
  customerId: string,
  brief: Record<string, unknown>,
): Promise<void> {
  const [released] = await scope.manager.query<[{ id: string; invoiceId: string }[], number]>(
    `update hold set released_at = $3
     where organisation_id = $1 and customer_id = $2 and kind = 'manual' and released_at is null and expires_at > $3
       and evidence ->> 'chargeback' = $4
     returning id, invoice_id as "invoiceId"`,
    [scope.organisationId, customerId, new Date(scope.now), brief['chargeback'] ?? null],
  );
  for (const { id, invoiceId } of released)
    await emitHold(scope, 'hold.released', { id, kind: 'manual', customerId, invoiceId });
}
