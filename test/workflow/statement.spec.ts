import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { local } from '#domain/facts.factory.js';
import { executeStep } from '#engine/execute-step.js';
import { upsertInvoices } from '#engine/facts/index.js';
import { applyReceipts, storeReceipts } from '#engine/receipts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

const NOW = local('2026-04-01 10:00', 'UTC');
const TIMING = { providerTimeoutMs: 1_000, leaseMs: 2_000, graceMs: 100 };

let engine: TestEngine;
let organisation: TestOrganisation;
let versionId: string;

beforeAll(async () => {
  engine = await TestEngine.start({ relay: false, timing: TIMING });
});
afterAll(() => engine?.close());
beforeEach(async () => {
  organisation = await engine.organisation(new Date(NOW));
  versionId = await publish();
});

const publish = (): Promise<string> =>
  organisation.publish({ ...ladder(['P1D'], { send: ['email', 'sms'] }), policy: 'courteous' });

/** Invoices of one customer, each owing 100.00 EUR, whose first steps are due now; of all but the first on the day of their issue. */
const invoicesOf = async (count = 3, issuedOn = '2026-04-01'): Promise<Debtor[]> => {
  const dates = { issuedOn: '2026-04-01', dueOn: '2026-05-01' };
  const first = await organisation.debtor({ zone: 'UTC' }, dates);
  const others = await organisation.run((scope) =>
    upsertInvoices(
      scope,
      Array.from({ length: count - 1 }, (_, n) => ({
        externalId: `${first.invoice}-${n + 2}`,
        customerExternalId: first.customer,
        total: '100.00',
        currency: 'EUR',
        issuedOn,
        dueOn: n === 0 ? issuedOn : '2026-04-20',
      })),
    ),
  );
  const all = [
    first,
    ...others.map((written, n) => ({
      ...first,
      invoice: `${first.invoice}-${n + 2}`,
      invoiceId: 'id' in written ? written.id : '',
    })),
  ];
  for (const each of all) await organisation.enrol(versionId, each);
  return all;
};

const execute = ({ invoiceId }: Debtor) =>
  executeStep(engine.deps, { organisationId: organisation.id, invoiceId }, NOW);

interface ContactView {
  id: string;
  kind: string;
  medium: string;
  state: string;
  text: string;
}

const contacts = (): Promise<ContactView[]> =>
  organisation.rows(
    `select id, kind, medium, state, snapshot ->> 'text' as text from contact order by recorded_at, id`,
  );

/** Of each invoice, by due date: decision and what became of the step. */
const attempts = async (): Promise<string[]> => {
  const rows = await organisation.rows<{ invoice: string; decision: string; medium: string; how: string }>(
    `select i.external_id as invoice, a.decision, a.medium,
       coalesce(e.cursor -> 'decided' -> 'step-0#0' ->> 'how', 'open') as how
     from attempt a join invoice i on i.id = a.invoice_id join enrolment e on e.id = a.enrolment_id
     order by i.due_on, i.external_id`,
  );
  return rows.map(({ decision, medium, how }) => `${decision} ${medium} ${how}`);
};

describe('a statement', () => {
  it('tells of all that is due to one person, whoever comes first, and moves each ladder once', async () => {
    const [, , third] = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    await execute(third);
    const [contact, ...more] = await contacts();
    expect(more).toEqual([]);
    expect(contact).toMatchObject({ kind: 'statement', medium: 'email', state: 'accepted' });
    for (const invoice of [third.invoice, `${third.invoice.slice(0, -2)}-2`, third.invoice.slice(0, -2)])
      expect(contact?.text).toContain(invoice);
    expect(contact?.text).toMatch(/Due today[\s\S]*Coming due[\s\S]*Total to pay: €300\.00/);
    expect(await attempts()).toEqual(['sent email done', 'merged email done', 'merged email done']);
  });

  it('plans each of them by its own run and enrolment, not by those of the first', async () => {
    const [first, second] = (await invoicesOf(2)) as [Debtor, Debtor];
    await organisation.rows('update enrolment set run_no = 2 where invoice_id = $1', first.invoiceId);
    await execute(first);
    const runs = await organisation.rows<{ invoice_id: string; run_no: number }>(
      'select invoice_id, run_no from attempt order by run_no',
    );
    expect(runs).toEqual([
      { invoice_id: second.invoiceId, run_no: 1 },
      { invoice_id: first.invoiceId, run_no: 2 },
    ]);
  });

  it('tells of more of them than are asked for before anybody knows whether the gate agrees', async () => {
    const [first] = (await invoicesOf(14)) as [Debtor];
    await execute(first);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['statement']);
    expect(await attempts()).toHaveLength(14);
  });

  it('is one, however many come at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const before = (await contacts()).length;
      await Promise.all((await invoicesOf()).map(execute));
      expect(await contacts()).toHaveLength(before + 1);
    }
    expect(new Set(await attempts())).toEqual(new Set(['sent email done', 'merged email done']));
  });

  it('that is refused counts for none of them, and the next channel tells of all again', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    const refused: Outcome = { kind: 'rejected', code: '550', addressIsBad: false };
    engine.inside.to(all[0].email, refused);
    expect(await execute(all[0])).toMatchObject({ kind: 'act', queue: 'kindly-sms' });
    expect(await attempts()).toEqual(['sent email open', 'merged email open', 'merged email open']);
    await execute(all[1]);
    expect((await contacts()).map(({ kind, medium, state }) => `${kind} ${medium} ${state}`)).toEqual([
      'statement email rejected',
      'statement sms accepted',
    ]);
    expect(await attempts()).toEqual(['sent sms done', 'merged sms done', 'merged sms done']);
  });

  it('of which nobody knows whether it went out counts as sent for each', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    engine.inside.to(all[0].email, { kind: 'unknown', code: 'timeout' });
    await execute(all[0]);
    for (const each of all) await execute(each);
    expect((await contacts()).map(({ state }) => state)).toEqual(['unknown']);
    expect(await attempts()).toEqual(['sent email done', 'merged email done', 'merged email done']);
  });

  it('leaves alone an invoice that was paid while it was on its way', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    engine.inside.to(all[0].email, async () => {
      await organisation.pay({ ...all[1], name: all[1].invoice });
      return { kind: 'accepted', providerId: 'x' };
    });
    await execute(all[0]);
    expect(await organisation.enrolment(all[1])).toMatchObject({ state: 'ended', ended_reason: 'settled' });
    expect(await organisation.enrolment(all[2])).toMatchObject({ state: 'open' });
    expect(await attempts()).toEqual(['sent email done', 'merged email done', 'merged email done']);
  });

  it('whose process died is finished by whichever of its invoices comes next', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    engine.inside.to(all[0].email, new Error('died'), { kind: 'accepted', providerId: 'x' });
    await expect(execute(all[0])).rejects.toThrow('died');
    expect(await attempts()).toEqual(['sent email open', 'merged email open', 'merged email open']);
    await execute(all[2]);
    expect((await contacts()).map(({ state }) => state)).toEqual(['accepted']);
    expect(await attempts()).toEqual(['sent email done', 'merged email done', 'merged email done']);
  });

  it('that came back has each ladder try its next channel, again as one', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    await execute(all[0]);
    const [contact] = (await contacts()) as [ContactView];
    await organisation.rows(`update contact set provider = 'fake' where id = $1`, contact.id);
    await storeReceipts(engine.own.app, 'fake', [
      {
        eventKey: 'bounce',
        organisationId: organisation.id,
        contactId: contact.id,
        providerId: 'x',
        kind: 'bounced',
        byMachine: false,
        addressIsBad: false,
        code: null,
        effectiveAt: NOW + 1,
      },
    ]);
    await organisation.run((scope) => applyReceipts(scope, contact.id));
    const raised = await organisation.rows<{ n: number }>(
      'select count(*)::int as n from enrolment where planned_version < facts_version',
    );
    expect(raised).toEqual([{ n: 3 }]);
    // A day later, as courtesy has it: for one of them that day brings the next step.
    await organisation.rows(
      `update organisation set clock_now = clock_now + interval '1 day' where id = $1`,
      organisation.id,
    );
    await execute(all[0]);
    expect((await contacts()).map(({ kind, medium, state }) => `${kind} ${medium} ${state}`)).toEqual([
      'statement email accepted',
      'statement sms accepted',
    ]);
    expect((await attempts()).filter((each) => each.includes('sms'))).toEqual([
      'sent sms done',
      'merged sms done',
      'merged sms done',
    ]);
  });
});

describe('no statement is made', () => {
  it('without a contact policy: each invoice speaks for itself', async () => {
    versionId = await organisation.publish(ladder(['P1D']));
    for (const each of await invoicesOf()) await execute(each);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['reminder', 'reminder', 'reminder']);
  });

  it('of one invoice alone', async () => {
    const [only] = (await invoicesOf(1)) as [Debtor];
    await execute(only);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['reminder']);
  });

  it('of what is due on a later day, unless the organisation tells of so many days at once', async () => {
    const [today] = (await invoicesOf(2, '2026-04-02')) as [Debtor];
    await execute(today);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['reminder']);
    await organisation.rows(`update organisation set settings = settings || '{"statementDays": 2}'`);
    const [first] = (await invoicesOf(2, '2026-04-02')) as [Debtor];
    await execute(first);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['reminder', 'statement']);
    expect((await attempts()).slice(-2)).toEqual(['sent email done', 'merged email done']);
  });

  it('of what is held', async () => {
    const all = (await invoicesOf()) as [Debtor, Debtor, Debtor];
    await organisation.hold(all[1]);
    await organisation.hold(all[2]);
    await execute(all[0]);
    expect((await contacts()).map(({ kind }) => kind)).toEqual(['reminder']);
  });
});
