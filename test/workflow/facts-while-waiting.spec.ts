import { jest } from '@jest/globals';
import { STATUS } from '#contracts/engine.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { upsertInvoices } from '#engine/facts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const HOURS = ladder(['PT1H', 'PT1H']);

const runOf = async (debtor: Debtor): Promise<string> =>
  (await organisation.workflow(debtor).describe()).runId;

const moveDueDate = ({ customer, invoice }: Debtor, dueOn: string, issuedOn: string) =>
  organisation.run((scope) =>
    upsertInvoices(scope, [
      {
        externalId: invoice,
        customerExternalId: customer,
        total: '100.00',
        currency: 'EUR',
        issuedOn,
        dueOn,
      },
    ]),
  );

describe('a workflow that waits on its timer', () => {
  it('ends at once when a payment settles the invoice, and nothing more is sent', async () => {
    const debtor = await organisation.outreach(HOURS);
    await organisation.settled(debtor, 1);
    await organisation.pay(debtor);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
  });

  it('plans anew after a partial payment, and the next message states the new balance', async () => {
    const debtor = await organisation.outreach(ladder(['PT3S']));
    await organisation.settled(debtor, 1);
    await organisation.pay(debtor, '40.00');
    await organisation.atRest(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ facts_version: 2, planned_version: 2 });
    await organisation.finished(debtor);
    const [before, after] = (await organisation.contacts(debtor)).map(({ snapshot }) => snapshot.text);
    expect(before).toContain('100.00');
    expect(after).toContain('60.00');
  });

  it('resumes where it left off when the payment that ended it is reversed, repeating nothing', async () => {
    const debtor = await organisation.outreach(ladder(['PT2S']));
    await organisation.settled(debtor, 1);
    const payment = await organisation.pay(debtor);
    await organisation.finished(debtor);
    const ended = await runOf(debtor);
    await organisation.reverse(payment);
    await organisation.settled(debtor, 2);
    await organisation.finished(debtor);
    expect(await runOf(debtor)).not.toBe(ended);
    expect(await organisation.attempts(debtor)).toEqual([
      { step_key: 'step-0', decision: 'sent' },
      { step_key: 'step-1', decision: 'sent' },
    ]);
    expect(engine.outside.calls.filter(({ to }) => to.address === debtor.email)).toHaveLength(2);
  });

  it('follows a due date that moves, later and to today', async () => {
    const step = {
      key: 'due',
      at: { anchor: 'due_date', offset: 'PT1S' },
      send: ['email'],
      template: 'overdue',
    };
    const campaign = {
      kindly: 1,
      policy: 'none',
      name: 'Due',
      whenExhausted: 'nothing',
      steps: [step],
    } as never;
    const debtor = await organisation.outreach(campaign);
    await organisation.atRest(debtor);
    const first = (await organisation.enrolment(debtor)).next_due_at;
    const today = localDateOf(Date.now(), 'UTC');
    await moveDueDate(debtor, addDays(today, 60), addDays(today, -2));
    await organisation.atRest(debtor);
    const moved = (await organisation.enrolment(debtor)).next_due_at;
    expect(Number(moved) - Number(first)).toBeGreaterThan(20 * 86_400_000);
    expect(await organisation.contacts(debtor)).toEqual([]);
    await moveDueDate(debtor, today, addDays(today, -2));
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });

  it('pauses for a hold and goes on when the hold is released', async () => {
    const debtor = await organisation.outreach(ladder(['PT2S']));
    await organisation.settled(debtor, 1);
    const release = await organisation.hold(debtor);
    await organisation.atRest(debtor);
    await eventually(async () => {
      expect(await organisation.workflow(debtor).query(STATUS)).toMatchObject({ kind: 'wait', until: null });
    });
    await eventually(async () => {
      const [row] = await organisation.rows<{ late: boolean }>(
        `select now() > decided_at + interval '2 s' as late from contact where invoice_id = $1`,
        debtor.invoiceId,
      );
      expect(row).toEqual({ late: true });
    });
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    await release();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
  });
});
