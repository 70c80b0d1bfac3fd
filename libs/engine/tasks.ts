import { templatesOf } from '#domain/campaign/document.js';
import { formatInstant, type Instant } from '#domain/instant.js';
import { addToInstant } from '#domain/local-time.js';
import { parseDuration } from '#domain/duration.js';
import { asksParent } from '#domain/campaign/document.js';
import { askedBalance, openBalance } from '#domain/facts.js';
import { askedBy } from '#domain/instalments.js';
import type { Cursor } from '#domain/planning/cursor.js';
import { addresseesOf, insteadReasons } from '#domain/planning/addressees.js';
import { afterTask } from '#domain/planning/outcome.js';
import type { Action } from '#domain/planning/plan.js';
import { formatAmount } from '#domain/money.js';
import { everybodyOf } from './letter.js';
import type { LetterPerson } from './letter-facts.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { Scope } from './scope.js';
import { emit } from './webhooks/emit.js';

/** How long the ladder waits for the outcome of a call when the step does not say. */
export const DEFAULT_TASK_WAIT = 'P3D';

type TaskAction = Extract<Action, { kind: 'task' }>;
type ApprovalAction = Extract<Action, { kind: 'approval' }>;
type FollowUp = Extract<Action, { kind: 'follow_up' }>;

const INSERT_TASK = `
  insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, step_key, occurrence, due_at, wait_until, brief)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`;

const INSERT_ATTEMPT = `
  insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                       occurrence, due_at, decision, facts_version, decided_at, medium, reasons)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'task', $11, $12, 'call', $13)
  on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
    set enrolment_id = excluded.enrolment_id, decision = 'task', reasons = excluded.reasons,
        facts_version = excluded.facts_version, decided_at = excluded.decided_at, medium = 'call'`;

/** Makes the task of a step and lets the ladder wait for its outcome; changes `loaded` to what it is then. */
export async function createStepTask(
  scope: Scope,
  loaded: LoadedEnrolment,
  action: TaskAction,
): Promise<void> {
  const waitUntil = addToInstant(
    scope.now,
    parseDuration(action.step.waitFor ?? DEFAULT_TASK_WAIT),
    loaded.facts.customer.zone,
  );
  const { stepKey, occurrence } = action;
  const called = calledBy(loaded, action);
  const due = askedBy(loaded.facts, action, scope.now);
  const id = await insertTask(scope, loaded, 'call', { stepKey, occurrence }, waitUntil, {
    ...briefOf(loaded, called),
    due: formatAmount(due, loaded.facts.invoice.currency),
    script: callScript(loaded, due, called),
  });
  await scope.manager.query(INSERT_ATTEMPT, [
    scope.organisationId,
    loaded.id,
    loaded.invoiceId,
    loaded.customerId,
    loaded.campaignId,
    stepKey,
    action.stepIndex,
    loaded.facts.runNo,
    occurrence,
    new Date(action.dueAt),
    loaded.customerVersion,
    new Date(scope.now),
    JSON.stringify(insteadReasons(action.instead)),
  ]);
  loaded.facts.openTasks = [...loaded.facts.openTasks, { id, stepKey, occurrence, waitUntil }];
  loaded.cursor = afterTask(loaded.cursor, action, scope.now);
}

/** Asks whether a step may go out; the ladder waits for the answer. Changes `loaded` to what it is then. */
export async function createApproval(
  scope: Scope,
  loaded: LoadedEnrolment,
  { stepKey, occurrence, waitUntil, step }: ApprovalAction,
): Promise<void> {
  const id = await insertTask(scope, loaded, 'approval', { stepKey, occurrence }, waitUntil, {
    ...briefOf(loaded),
    send: step.send,
    templates: templatesOf(step),
  });
  const task = { id, stepKey, occurrence, waitUntil, approves: templatesOf(step) };
  loaded.facts.openTasks = [...loaded.facts.openTasks, task];
}

/** Hands an invoice whose ladder has ended to a person. */
export async function createFollowUp(scope: Scope, loaded: LoadedEnrolment, action: FollowUp): Promise<void> {
  const brief = { ...briefOf(loaded), script: callScript(loaded, askedBalance(loaded.facts)) };
  await insertTask(scope, loaded, action.task, null, null, brief);
  loaded.cursor = { ...loaded.cursor, exhausted: true } satisfies Cursor;
}

async function insertTask(
  scope: Scope,
  loaded: LoadedEnrolment,
  kind: 'call' | 'approval' | 'follow_up' | 'hand_over',
  step: { stepKey: string; occurrence: number } | null,
  waitUntil: Instant | null,
  brief: Record<string, unknown>,
): Promise<string> {
  const rows = await scope.manager.query<{ id: string }[]>(INSERT_TASK, [
    scope.organisationId,
    kind,
    loaded.customerId,
    loaded.invoiceId,
    loaded.id,
    step?.stepKey ?? null,
    step?.occurrence ?? null,
    new Date(scope.now),
    waitUntil === null ? null : new Date(waitUntil),
    JSON.stringify(brief),
  ]);
  const [row] = rows;
  if (!row) throw new Error('The task was not written.');
  await emit(scope, {
    type: 'task.created',
    subjectId: loaded.invoiceId,
    data: { taskId: row.id, kind, stepKey: step?.stepKey, dueAt: formatInstant(scope.now) },
  });
  return row.id;
}

/** Whom a call is for, in order: everybody of the customer, or of the parent company those that the step names. */
function calledBy({ facts, letter }: LoadedEnrolment, action: TaskAction): LetterPerson[] {
  if (!letter || !asksParent(action.step)) return letter?.people ?? [];
  const known = everybodyOf(letter);
  return addresseesOf(action.step, facts.customer).people.flatMap(
    ({ id }) => known.find((each) => each.id === id) ?? [],
  );
}

/** The facts that whoever works a task has in front of them, as they were when the task was made. */
function briefOf(
  loaded: LoadedEnrolment,
  called: readonly LetterPerson[] = loaded.letter?.people ?? [],
): Record<string, unknown> {
  const { facts, letter } = loaded;
  const { invoice, customer } = facts;
  return {
    customer: letter?.customer.name,
    people: called.map(({ name, points }) => ({ name, points: Object.values(points ?? {}) })),
    locale: letter?.customer.locale,
    zone: customer.zone,
    invoice: letter?.number,
    dueOn: invoice.dueOn,
    open: formatAmount(openBalance(invoice), invoice.currency),
    currency: invoice.currency,
    creditor: letter?.creditor.name,
  };
}

/** What to say on the telephone, in the order to say it; the debt is named to nobody but the person who owes it. */
function callScript(
  { facts, letter }: LoadedEnrolment,
  minor: number,
  called: readonly LetterPerson[] = letter?.people ?? [],
): string[] {
  const { invoice } = facts;
  const creditor = letter?.creditor.name ?? 'the creditor';
  const person = called.find(({ name }) => name)?.name ?? letter?.customer.name ?? 'the customer';
  const open = `${formatAmount(minor, invoice.currency)} ${invoice.currency}`;
  return [
    `Ask for ${person}. To anybody else say only your name and that you will call again.`,
    `"Good day, I am calling for ${creditor} about invoice ${letter?.number ?? invoice.externalId}, due on ${invoice.dueOn}."`,
    `"${open} is still open with us. May I ask whether the invoice reached you, and whether anything is unclear?"`,
    'If it was paid already: thank them, ask when and with which reference. If it is disputed: ask why, and record it.',
    'If they need time: offer a date or instalments, repeat date and amount, and record the promise.',
    `"Thank you. You can reach us at ${letter?.manager?.phone ?? letter?.creditor.phone ?? 'the number on the invoice'}."`,
  ];
}
