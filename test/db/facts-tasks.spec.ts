import type { TaskOutcomeInput } from '#contracts/schemas/index.js';
import { completeTask, recordPayments, upsertCustomers } from '#engine/facts/index.js';
import { Task } from '#store/entities/index.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  heard,
  listen,
  openWorld,
  payment,
  told,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;
let enrolmentId: string;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  enrolmentId = await enrol(world);
});

/** @returns its id */
const openTask = (overrides: { waitUntil?: Date | null; occurrence?: number } = {}): Promise<string> =>
  world.run(async ({ manager, organisationId }) => {
    const [enrolment] = await manager.query<{ customer_id: string; invoice_id: string }[]>(
      'select customer_id, invoice_id from enrolment where id = $1',
      [enrolmentId],
    );
    const { identifiers } = await manager.insert(Task, {
      organisationId,
      kind: 'call',
      customerId: enrolment?.customer_id,
      invoiceId: enrolment?.invoice_id,
      enrolmentId,
      stepKey: 'call',
      occurrence: 0,
      dueAt: NOW,
      waitUntil: new Date('2026-03-05T09:00:00Z'),
      ...overrides,
    });
    return String(identifiers[0]?.['id']);
  });

const complete = async (outcome: TaskOutcomeInput, id?: string) => {
  const task = id ?? (await openTask());
  return world.run((scope) => completeTask(scope, task, outcome));
};

describe('a task of an enrolment that another has taken the place of', () => {
  const enrolAgain = async (): Promise<string> => {
    await world.rows(
      `update enrolment set state = 'ended', ended_reason = 'exhausted', ended_at = now() where id = $1 returning id`,
      enrolmentId,
    );
    const [row] = await world.rows<{ id: string }>(
      `insert into enrolment (organisation_id, invoice_id, customer_id, campaign_id, version_id, entry_rule, enrolled_at,
                              cursor, facts_version, planned_version)
       select organisation_id, invoice_id, customer_id, campaign_id, version_id, entry_rule, enrolled_at, cursor, 2, 2
       from enrolment where id = $1 returning id`,
      enrolmentId,
    );
    return row?.id ?? '';
  };
  const versions = (): Promise<{ id: string; facts_version: number }[]> =>
    world.rows('select id, facts_version from enrolment order by recorded_at, id');

  it('keeps no fact out: the enrolment that is open hears of it, once', async () => {
    await openTask();
    const open = await enrolAgain();
    const [result] = await world.run((scope) => recordPayments(scope, [payment({ amount: '40.00' })]));
    expect(result).toMatchObject({ result: 'created' });
    expect(await versions()).toEqual([
      { id: enrolmentId, facts_version: 1 },
      { id: open, facts_version: 3 },
    ]);
    expect(await world.rows('select version from outbox')).toEqual([{ version: 3 }]);
  });

  it('can be completed, and the enrolment that is open hears of it', async () => {
    const task = await openTask();
    const open = await enrolAgain();
    expect(await complete({ outcome: 'voicemail' }, task)).not.toMatchObject({ result: 'refused' });
    expect(await versions()).toContainEqual({ id: open, facts_version: 3 });
  });

  it('wakes the latest of them when all have ended', async () => {
    await openTask();
    const latest = await enrolAgain();
    await world.rows(
      `update enrolment set state = 'ended', ended_reason = 'exhausted', ended_at = now() where id = $1 returning id`,
      latest,
    );
    await world.run((scope) => recordPayments(scope, [payment({ amount: '40.00' })]));
    expect(await versions()).toEqual([
      { id: enrolmentId, facts_version: 1 },
      { id: latest, facts_version: 3 },
    ]);
  });
});

describe('completeTask', () => {
  it('closes the task with who did it, and tells the workflow', async () => {
    expect(await complete({ outcome: 'no_answer', note: 'rang six times' })).toMatchObject({
      result: 'updated',
    });
    expect(
      await world.rows('select state, outcome, outcome_detail, completed_by, completed_at from task'),
    ).toEqual([
      {
        state: 'done',
        outcome: 'no_answer',
        outcome_detail: { note: 'rang six times' },
        completed_by: 'tester',
        completed_at: NOW,
      },
    ]);
    expect(await told(world, enrolmentId)).toEqual({ facts: 1, outbox: 1 });
    expect(await world.rows('select action, detail from audit_event')).toEqual([
      { action: 'task.completed', detail: { outcome: 'no_answer' } },
    ]);
  });

  it('closes a task once', async () => {
    const id = await openTask();
    await complete({ outcome: 'reached' }, id);
    expect(await complete({ outcome: 'refused' }, id)).toMatchObject({
      result: 'refused',
      reason: 'wrong_state',
    });
    expect(await complete({ outcome: 'reached' }, 'no-uuid')).toMatchObject({ reason: 'unknown_task' });
  });

  it('records a promise with a hold until its day has ended where the customer is, and confirms it', async () => {
    await complete({ outcome: 'promise', amount: '55.94', promisedOn: '2026-03-10', confirmBy: 'email' });
    expect(await world.rows('select sequence, amount_minor, currency, promised_on from promise')).toEqual([
      { sequence: 1, amount_minor: 5_594, currency: 'EUR', promised_on: '2026-03-10' },
    ]);
    expect(await world.rows('select kind, expires_at from hold')).toEqual([
      { kind: 'promise', expires_at: new Date('2026-03-10T23:00:00Z') },
    ]);
    expect(await world.rows('select kind, template_key, medium, facts from answer_request')).toEqual([
      {
        kind: 'confirmation',
        template_key: 'promise-confirmation',
        medium: 'email',
        facts: { outcome: 'promise', amount: '55.94', currency: 'EUR', promisedOn: '2026-03-10' },
      },
    ]);
  });

  it('lets a new promise take the place of one that was still to be kept', async () => {
    await complete({ outcome: 'promise', amount: '50.00', promisedOn: '2026-03-10' });
    await complete({ outcome: 'promise', amount: '60.00', promisedOn: '2026-03-12' });
    expect(await world.rows('select sequence, cancelled_at from promise order by 1')).toEqual([
      { sequence: 1, cancelled_at: NOW },
      { sequence: 2, cancelled_at: null },
    ]);
    expect(await world.rows('select released_at from hold order by expires_at')).toEqual([
      { released_at: NOW },
      { released_at: null },
    ]);
  });

  it('tells webhooks what came of it, after what follows from it', async () => {
    await listen(world);
    const promise = { outcome: 'promise', amount: '50.00' } as const;
    const [first, second] = [await openTask(), await openTask({ occurrence: 1 })];
    await complete({ ...promise, promisedOn: '2026-03-10' }, first);
    await complete({ ...promise, promisedOn: '2026-03-12' }, second);
    const holds = await world.rows<{ id: string }>('select id from hold order by expires_at');
    const [old, current] = holds.map(({ id }) => ({ holdId: id, kind: 'promise' }));
    const of = 'INV-1';
    expect(await heard(world)).toEqual([
      { type: 'hold.placed', of, data: old },
      { type: 'task.completed', of, data: { taskId: first, outcome: 'promise' } },
      { type: 'hold.released', of, data: old },
      { type: 'hold.placed', of, data: current },
      { type: 'task.completed', of, data: { taskId: second, outcome: 'promise' } },
    ]);
  });

  it('tells webhooks of a dispute and of the call to make again', async () => {
    await listen(world);
    const [disputed, later] = [await openTask(), await openTask({ occurrence: 1 })];
    await complete({ outcome: 'dispute', reason: 'goods damaged' }, disputed);
    await complete({ outcome: 'callback', at: '2026-03-04T15:00:00Z' }, later);
    const [hold] = await world.rows<{ id: string }>('select id from hold');
    const [again] = await world.rows<{ id: string }>(`select id from task where state = 'open'`);
    const of = 'INV-1';
    expect(await heard(world)).toEqual([
      { type: 'hold.placed', of, data: { holdId: hold?.id, kind: 'dispute' } },
      { type: 'task.completed', of, data: { taskId: disputed, outcome: 'dispute' } },
      {
        type: 'task.created',
        of,
        data: { taskId: again?.id, kind: 'call', stepKey: 'call', dueAt: '2026-03-04T15:00:00Z' },
      },
      { type: 'task.completed', of, data: { taskId: later, outcome: 'callback' } },
    ]);
  });

  it('refuses the fifth promise in a row, until one was kept', async () => {
    const promised = (day: number, id?: string) =>
      complete({ outcome: 'promise', amount: '1.00', promisedOn: `2026-03-${String(day)}` }, id);
    for (const day of [10, 11, 12, 13]) await promised(day);
    const last = await openTask();
    expect(await promised(14, last)).toMatchObject({ reason: 'too_many_promises' });
    await world.run((scope) => recordPayments(scope, [payment({ amount: '1.00' })]));
    expect(await promised(14, last)).toMatchObject({ result: 'updated' });
  });

  it('refuses a promise of more than is owed, and leaves the task open', async () => {
    await world.run((scope) => recordPayments(scope, [payment({ amount: '60.00' })]));
    expect(await complete({ outcome: 'promise', amount: '40.01', promisedOn: '2026-03-10' })).toMatchObject({
      result: 'refused',
      reason: 'more_than_owed',
      field: 'amount',
    });
    expect(await world.rows('select state from task')).toEqual([{ state: 'open' }]);
  });

  it('holds a dispute without an end', async () => {
    await complete({ outcome: 'dispute', reason: 'goods damaged' });
    expect(
      await world.rows('select kind, reason, expires_at, invoice_id is not null as of_invoice from hold'),
    ).toEqual([{ kind: 'dispute', reason: 'goods damaged', expires_at: null, of_invoice: true }]);
  });

  it('strikes out the number dialled: the first good one, or the one named', async () => {
    const people = [{ externalId: 'p', phones: ['+447700900001', '+447700900002', '+447700900003'] }];
    await world.run((scope) => upsertCustomers(scope, [customer({ people })]));
    await complete({ outcome: 'wrong_number' });
    await complete({ outcome: 'wrong_number', phone: '+44 7700 900003' });
    expect(await world.rows('select status, reason from contact_point order by position')).toEqual([
      { status: 'invalid', reason: 'wrong number' },
      { status: 'active', reason: null },
      { status: 'invalid', reason: 'wrong number' },
    ]);
  });

  it('makes a new task for a call back, for which the ladder waits as long', async () => {
    await complete({ outcome: 'callback', at: '2026-03-04T15:00:00Z' });
    expect(
      await world.rows(
        `select kind, step_key, occurrence, due_at, wait_until from task where state = 'open'`,
      ),
    ).toEqual([
      {
        kind: 'call',
        step_key: 'call',
        occurrence: 0,
        due_at: new Date('2026-03-04T15:00:00Z'),
        wait_until: new Date('2026-03-07T15:00:00Z'),
      },
    ]);
  });

  it('asks for a copy of the invoice by the channel that the customer likes', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ preferredMedium: 'telegram' })]));
    await complete({ outcome: 'resend_invoice' });
    expect(await world.rows('select kind, template_key, medium, state from answer_request')).toEqual([
      { kind: 'answer', template_key: 'invoice-copy', medium: 'telegram', state: 'waiting' },
    ]);
  });
});
