import type { Client } from '@temporalio/client';
import { FACTS_CHANGED, reconcileWorkflowId } from '#contracts/engine.js';
import { Sweep } from '#engine/sweep.js';
import { createEndpoint } from '#engine/webhooks/index.js';
import { withSystem } from '#store/with-organisation.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

const HOURS = ladder(['PT1H', 'PT1H']);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
}, 60_000);
beforeEach(async () => {
  organisation = await engine.organisation();
});
afterAll(() => engine?.close(), 60_000);

const sweep = (temporal: Client = engine.temporal.client) =>
  new Sweep({ system: engine.own.system, temporal }).run();

/** One whose first step was sent and whose workflow waits for the next. */
const waiting = async (): Promise<Debtor> => {
  const debtor = await organisation.outreach(HOURS);
  await organisation.settled(debtor, 1);
  await idle(debtor);
  return debtor;
};

const idle = (debtor: Debtor): Promise<void> =>
  eventually(async () => {
    await organisation.atRest(debtor);
    const { raw } = await organisation.workflow(debtor).describe();
    if (raw.pendingWorkflowTask || raw.pendingActivities?.length) throw new Error('The workflow is busy.');
  });

const delivered = (): Promise<void> =>
  eventually(async () => {
    const [row] = await organisation.rows<{ n: string }>('select count(*) as n from outbox');
    if (Number(row?.n) > 0) throw new Error('The relay has rows to deliver.');
  });

/** As after a restored backup: the workflow has heard of facts that the database knows nothing of. */
const restored = async (debtor: Debtor, heard = 50): Promise<void> => {
  await organisation.workflow(debtor).signal(FACTS_CHANGED, heard);
  await idle(debtor);
};

describe('the sweep', () => {
  it('finds nothing to do where all is well', async () => {
    const debtor = await waiting();
    const before = await organisation.workflow(debtor).describe();
    expect(await sweep()).toMatchObject({ retold: 0, restarted: 0, redelivered: 0, unanswered: 0 });
    expect((await organisation.workflow(debtor).describe()).historyLength).toBe(before.historyLength);
  }, 20_000);

  it('starts the workflow of an open enrolment that was lost', async () => {
    const debtor = await waiting();
    await organisation.workflow(debtor).terminate('lost');
    expect(await sweep()).toMatchObject({ restarted: 1 });
    await eventually(async () => {
      expect((await organisation.workflow(debtor).describe()).status.name).toBe('RUNNING');
    });
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  }, 20_000);

  it('starts the workflow of an outreach that has ended but for an answer to be tried again', async () => {
    const debtor = await organisation.outreach(ladder([]));
    await organisation.finished(debtor);
    expect(await sweep()).toMatchObject({ restarted: 0 });
    await organisation.rows(
      `insert into answer_request (organisation_id, customer_id, invoice_id, enrolment_id, kind, template_key, medium,
                                   effective_at, tries)
       select organisation_id, customer_id, invoice_id, id, 'answer', 'overdue', 'email', now(),
              '{"tries": 1, "failures": 1, "throttles": 0, "since": 1, "notBefore": 1}'
       from enrolment where invoice_id = $1 returning id`,
      debtor.invoiceId,
    );
    expect(await sweep()).toMatchObject({ restarted: 1 });
    await organisation.settled(debtor, 2);
    const contacts = await organisation.contacts(debtor);
    expect(contacts).toMatchObject([{ kind: 'reminder' }, { kind: 'answer', state: 'accepted' }]);
  }, 20_000);

  it('brings a payment to a workflow that had heard of a higher version, and later facts too', async () => {
    const debtor = await waiting();
    await restored(debtor);
    await organisation.pay(debtor, '40.00');
    await delivered();
    await eventually(async () => {
      expect(await sweep()).toMatchObject({ retold: 1 });
    });
    await idle(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ facts_version: 2, planned_version: 2 });
    await organisation.pay(debtor, '60.00');
    await organisation.workflow(debtor).result();
    expect(await organisation.enrolment(debtor)).toMatchObject({ ended_reason: 'settled' });
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  }, 20_000);

  it('has an overdue step taken whose workflow waits for a later one', async () => {
    const debtor = await waiting();
    const { runId } = await organisation.workflow(debtor).describe();
    await organisation.rows(
      `update enrolment set next_due_at = now() - interval '6 minutes' where invoice_id = $1 returning 1`,
      debtor.invoiceId,
    );
    expect(await sweep()).toMatchObject({ retold: 1 });
    await eventually(async () => {
      expect((await organisation.workflow(debtor).describe()).runId).not.toBe(runId);
      const { next_due_at } = await organisation.enrolment(debtor);
      expect(next_due_at?.getTime()).toBeGreaterThan(Date.now());
    });
  }, 20_000);

  it('leaves an enrolment alone that another one took the place of', async () => {
    const debtor = await waiting();
    await organisation.rows(
      `update enrolment set state = 'ended', ended_reason = 'stopped', ended_at = now(), planned_version = 0
       where invoice_id = $1 returning 1`,
      debtor.invoiceId,
    );
    await organisation.enrol(await organisation.publish(HOURS), debtor);
    await delivered();
    await eventually(async () => {
      const { planned_version, facts_version } = await organisation.enrolment(debtor);
      expect(planned_version).toBe(facts_version);
    });
    expect(await sweep()).toMatchObject({ retold: 0 });
  }, 20_000);

  it('has a message looked for that may have gone out and that nobody looks for', async () => {
    const debtor = await organisation.debtor();
    engine.outside.to(debtor.email, { outcome: { kind: 'unknown', code: 'timeout' }, delivered: true });
    await organisation.enrol(await organisation.publish(HOURS), debtor);
    await organisation.settled(debtor, 1);
    await delivered();
    const [contact] = await organisation.contacts(debtor);
    const seeker = engine.temporal.client.workflow.getHandle(
      reconcileWorkflowId(organisation.id, contact?.id ?? ''),
    );
    await eventually(async () => void (await seeker.terminate()));
    expect(await sweep()).toMatchObject({ sought: 1 });
    await delivered();
    expect((await seeker.describe()).status.name).toBe('RUNNING');
    expect(await sweep()).toMatchObject({ sought: 0 });
  }, 20_000);

  it('starts the workflow of a webhook delivery that waits and that nobody was told of', async () => {
    const [endpoint, subject] = await organisation.run(async (scope) => {
      const { id } = await createEndpoint(scope, { url: 'http://127.0.0.1:9/', eventTypes: [] });
      return [id, scope.organisationId] as const;
    });
    await organisation.rows(
      `insert into webhook_delivery (organisation_id, endpoint_id, subject_id, event_type, payload, effective_at)
       values ($1, $2, $3, 'hold.placed', '{}', now()) returning 1`,
      organisation.id,
      endpoint,
      subject,
    );
    expect(await sweep()).toMatchObject({ redelivered: 1 });
    await eventually(async () => {
      const [row] = await organisation.rows<{ tries: number }>('select tries from webhook_delivery');
      expect(row?.tries).toBe(1);
    });
    expect(await sweep()).toMatchObject({ redelivered: 0 });
    await organisation.rows(`update webhook_endpoint set state = 'paused' returning 1`);
  }, 20_000);

  it('holds no lock and no transaction while it asks Temporal', async () => {
    await waiting();
    const seen: unknown[] = [];
    const asking = async <T>(_deadline: number | Date, ask: () => Promise<T>): Promise<T> => {
      const looking = await withSystem(engine.own.system, (manager) =>
        manager.query<unknown[]>(
          `select count(*)::int as open from pg_locks where locktype = 'advisory' and objid = 1764000100`,
        ),
      );
      seen.push(...looking);
      return ask();
    };
    const temporal = Object.create(engine.temporal.client, { withDeadline: { value: asking } }) as Client;
    await sweep(temporal);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen.map((row) => JSON.stringify(row)))).toEqual(new Set(['{"open":0}']));
  }, 20_000);

  it('goes on with the others when Temporal does not answer for one', async () => {
    await waiting();
    const refusing = (): Promise<never> => Promise.reject(new Error('deadline exceeded'));
    const temporal = Object.create(engine.temporal.client, { withDeadline: { value: refusing } }) as Client;
    const result = await sweep(temporal);
    expect(result).toMatchObject({ retold: 0, restarted: 0 });
    expect(result?.unanswered).toBeGreaterThan(0);
  }, 20_000);
});
