import type { OwnRules } from '#domain/policy/own-rules.js';
import { campaignOf, dueStep, type StepInput } from '#domain/facts.factory.js';
import type { TaskOutcome } from '#domain/task-outcomes.js';
import { toLedgerLine } from './decision-record.js';
import { answerKey, type Answers, type Scenario } from './scenario.js';
import { customerOf, run, scenarioInvoiceOf, scenarioOf } from './scenario.factory.js';

/** The ledger in short: `2026-03-28T08:00:00Z I1 soon email`. */
async function ledgerOf(overrides: Partial<Scenario> = {}): Promise<string[]> {
  const { records } = await run(scenarioOf(overrides));
  return records
    .map(toLedgerLine)
    .map(({ at, invoices, step, channel, reasons }) =>
      [at, ...invoices, step, channel ?? reasons[0]].join(' '),
    );
}

describe('simulate', () => {
  it('enrols at 00:00 of the issue date, sends at the local time of the customer, and ends unpaid ladders', async () => {
    expect(await ledgerOf()).toEqual([
      '2026-03-28T09:00:00Z I1 soon email',
      '2026-04-01T08:00:00Z I1 overdue email',
      '2026-04-14T08:00:00Z I1 final email',
    ]);
  });

  it('stops at 00:00 of the day of payment: a step of that day is not sent and not due', async () => {
    const { report } = await run(scenarioOf({ invoices: [scenarioInvoiceOf({}, '2026-04-01')] }));
    expect(report).toMatchObject({
      paid: 1,
      contacts: 1,
      from: '2026-02-28',
      to: '2026-03-31',
      violations: [],
    });
    expect(Object.values(report.steps).map(({ due }) => due)).toEqual([1, 0, 0]);
    const nextDay = await run(scenarioOf({ invoices: [scenarioInvoiceOf({}, '2026-04-02')] }));
    expect(Object.values(nextDay.report.steps).map(({ due }) => due)).toEqual([1, 1, 0]);
  });

  it('keeps back what else a customer owes in a currency while money of theirs belongs to no invoice', async () => {
    const other = (externalId: string, currency: string) => scenarioInvoiceOf({ externalId, currency });
    const overpaid = scenarioInvoiceOf({}, '2026-03-20', '150.00');
    const { records, report } = await run(
      scenarioOf({ invoices: [overpaid, other('I2', 'EUR'), other('I3', 'USD')] }),
    );
    expect(
      records
        .map(toLedgerLine)
        .map(({ invoices, step, decision, reasons }) => [...invoices, step, decision, ...reasons].join(' ')),
    ).toEqual(
      expect.arrayContaining([
        'I2 soon suppressed too_late',
        'I2 overdue deferred unapplied_cash',
        'I3 overdue sent',
      ]),
    );
    expect(records.filter(({ invoice, decision }) => invoice === 'I2' && decision === 'sent')).toEqual([]);
    expect(report.violations).toEqual([]);
  });

  describe('under a contact policy', () => {
    const courteous = (...steps: StepInput[]) => campaignOf(steps, { policy: 'courteous' });
    const at = (offset: string, time = '10:00') => ({ anchor: 'due_date' as const, offset, time });

    it('tries its next channel where all rules together never allow one, and gives up with the reason where there is none', async () => {
      const wishes: OwnRules = [
        { kind: 'hours', key: 'late', media: ['sms'], open: { weekday: { from: '21:00', to: '22:00' } } },
      ];
      const customers = [customerOf({ email: 'a@example.test', phone: '+447700900123', wishes })];
      const document = courteous(dueStep('text', 'P1D', { send: ['sms'] }), dueStep('mail', 'P6D'));
      expect(await ledgerOf({ document, customers })).toEqual([
        '2026-04-01T08:00:00Z I1 text never_allowed',
        '2026-04-06T08:00:00Z I1 mail email',
      ]);
      const either = courteous(dueStep('text', 'P1D', { send: ['sms', 'email'] }));
      expect(await ledgerOf({ document: either, customers })).toEqual(['2026-04-01T08:00:00Z I1 text email']);
    });

    it('lets out from 09:00 on what came due at night, and nothing on a Sunday', async () => {
      const document = courteous(
        dueStep('night', 'P1D', { at: at('P1D', '21:00') }),
        dueStep('sunday', 'P5D', { at: at('P5D') }),
      );
      expect(await ledgerOf({ document })).toEqual([
        '2026-04-02T07:04:54Z I1 night email',
        // 5 April 2026 is one.
        '2026-04-06T07:04:54Z I1 sunday email',
      ]);
      const { report } = await run(scenarioOf({ document }));
      expect(report.steps['night']).toMatchObject({ deferred: 1, deferredBy: { 'courteous/hours': 1 } });
    });

    it('gives a step up when its meaning has passed before it is allowed', async () => {
      const document = courteous(
        dueStep('sunday', 'P5D', { at: at('P5D'), validFor: 'PT20H' }),
        dueStep('final', 'P14D'),
      );
      expect(await ledgerOf({ document })).toEqual([
        '2026-04-06T04:00:00Z I1 sunday too_late',
        '2026-04-14T08:00:00Z I1 final email',
      ]);
    });

    it('counts calls, and is silent after a conversation', async () => {
      const document = courteous(
        { key: 'call', at: at('P1D'), task: 'call' },
        dueStep('after', 'P2D', { at: at('P2D') }),
      );
      const answers: Answers = new Map([[answerKey('I1', 'call'), { outcome: 'reached' }]]);
      expect(await ledgerOf({ document, answers })).toEqual([
        '2026-04-01T08:00:00Z I1 call call',
        '2026-04-03T08:00:00Z I1 after email',
      ]);
    });

    describe('with several invoices', () => {
      const two = (more = {}) => [
        scenarioInvoiceOf({ externalId: 'A' }),
        scenarioInvoiceOf({ externalId: 'B', dueOn: '2026-04-02', ...more }),
      ];
      /** Of B two days before it is due, and of A a day after, later on the same day. */
      const document = courteous(
        dueStep('early', '-P1D', { at: at('-P1D', '09:30') }),
        dueStep('overdue', 'P1D', { at: at('P1D', '15:00') }),
      );
      const told = async (invoices = two(), steps = document): Promise<string[]> => {
        const { records, report } = await run(scenarioOf({ document: steps, invoices }));
        expect(report.violations).toEqual([]);
        return records.map((each) =>
          [toLedgerLine(each).at, each.invoice, each.step, each.decision, each.channel ?? '-'].join(' '),
        );
      };

      it('tells what comes due on one day at once, the later of it pulled forward', async () => {
        expect(await told()).toEqual([
          '2026-03-30T07:30:00Z A early sent email',
          '2026-04-01T07:30:00Z A overdue sent email',
          '2026-04-01T07:30:00Z B early merged -',
          '2026-04-03T13:00:00Z B overdue sent email',
        ]);
      });

      it('keeps apart currencies and purposes, and then by the caps', async () => {
        const apart = [
          '2026-04-01T07:30:00Z B early sent email',
          '2026-04-02T07:30:00Z A overdue sent email',
        ];
        expect((await told(two({ currency: 'USD' }))).slice(1, 3)).toEqual(apart);
        const legal = courteous(
          dueStep('early', '-P1D', { at: at('-P1D', '09:30') }),
          dueStep('overdue', 'P1D', { at: at('P1D', '15:00'), purpose: 'notice' }),
        );
        expect((await told(two(), legal)).slice(1, 3)).toEqual(apart);
      });

      it('counts one contact, and each step once', async () => {
        const { report } = await run(scenarioOf({ document, invoices: two() }));
        expect(report.contacts).toBe(3);
        expect(report.steps).toMatchObject({
          early: { due: 2, sent: 1, merged: 1 },
          overdue: { due: 2, sent: 2, merged: 0 },
        });
      });

      it('leaves out what is kept back by itself: paid in part the day before', async () => {
        const invoices = [
          scenarioInvoiceOf({ externalId: 'A' }, '2026-03-31', '40.00'),
          scenarioInvoiceOf({ externalId: 'B', dueOn: '2026-04-02' }),
        ];
        expect((await told(invoices)).slice(1)).toEqual([
          '2026-04-01T07:30:00Z B early sent email',
          '2026-04-02T07:30:00Z A overdue sent email',
          // Thrice in seven days by then.
          '2026-04-06T07:30:00Z B overdue sent email',
        ]);
      });
    });

    it('counts what two customers get at one telephone as got by one person', async () => {
      const document = courteous(dueStep('overdue', 'P1D', { send: ['sms'] }));
      const customers = ['C1', 'C2'].map((externalId) => customerOf({ externalId }));
      const invoices = customers.map(({ externalId }) =>
        scenarioInvoiceOf({ externalId: `I-${externalId}`, customerExternalId: externalId }),
      );
      expect(await ledgerOf({ document, customers, invoices })).toEqual([
        '2026-04-01T08:00:00Z I-C1 overdue sms',
        '2026-04-02T08:00:00Z I-C2 overdue sms',
      ]);
    });
  });

  it('goes on after a part of the money', async () => {
    const { report } = await run(scenarioOf({ invoices: [scenarioInvoiceOf({}, '2026-03-20', '99.99')] }));
    expect([report.paid, report.contacts]).toEqual([0, 3]);
  });

  it('never writes about an invoice that was paid before it was issued', async () => {
    const { report, records } = await run(scenarioOf({ invoices: [scenarioInvoiceOf({}, '2026-02-20')] }));
    expect(records).toEqual([]);
    expect(report).toMatchObject({ invoices: 1, paid: 1, contacts: 0, violations: [] });
  });

  it('counts what was paid in part before the issue', async () => {
    const onlyIf = { balanceAtMost: '40.00' };
    const document = campaignOf([dueStep('small', 'P1D', { onlyIf })]);
    const invoices = [scenarioInvoiceOf({}, '2026-02-20', '60.00')];
    expect(await ledgerOf({ document, invoices })).toEqual(['2026-04-01T08:00:00Z I1 small email']);
  });

  it('takes the zone of the organisation for a customer without one', async () => {
    const customers = [customerOf({ zone: undefined })];
    expect((await ledgerOf({ customers, zone: 'America/New_York' }))[0]).toBe(
      '2026-03-28T14:00:00Z I1 soon email',
    );
  });

  it('says by which channel, and why not', async () => {
    const document = campaignOf([dueStep('a', 'P1D', { send: ['preferred', 'email'] })]);
    const customers = [
      customerOf({ preferredMedium: 'sms' }),
      customerOf({ externalId: 'C2', phone: undefined, preferredMedium: 'sms' }),
      customerOf({ externalId: 'C3', phone: undefined, email: undefined }),
    ];
    const invoices = customers.map(({ externalId }) =>
      scenarioInvoiceOf({ externalId: `I-${externalId}`, customerExternalId: externalId }),
    );
    expect(await ledgerOf({ document, customers, invoices })).toEqual([
      '2026-04-01T08:00:00Z I-C1 a sms',
      '2026-04-01T08:00:00Z I-C2 a email',
      '2026-04-01T08:00:00Z I-C3 a no_address',
    ]);
  });

  it('shows a customer one arm on all invoices', async () => {
    const variants = ['a', 'b'].map((key) => ({ key, weight: 1, template: key }));
    const document = campaignOf([dueStep('s', 'P1D', { template: undefined, variants })]);
    const customers = [customerOf()];
    const invoices = ['I1', 'I2'].map((externalId) => scenarioInvoiceOf({ externalId }));
    const { report } = await run(scenarioOf({ document, customers, invoices }));
    expect(report.steps['s']).toMatchObject({ due: 2, sent: 2 });
  });

  it('refuses an invoice without its customer', async () => {
    await expect(run(scenarioOf({ customers: [] }))).rejects.toThrow('The invoice I1 has no customer.');
  });
});

describe('calls in a simulation', () => {
  const call: StepInput = {
    key: 'call',
    at: { anchor: 'due_date', offset: 'P7D', time: '10:00' },
    task: 'call',
  };
  const document = campaignOf([call, dueStep('final', 'P14D')]);
  const answering = (outcome: TaskOutcome): Answers => new Map([[answerKey('I1', 'call'), outcome]]);

  it('are worked at once, with no answer unless told otherwise, and the ladder goes on', async () => {
    expect(await ledgerOf({ document })).toEqual([
      '2026-04-07T08:00:00Z I1 call call',
      '2026-04-14T08:00:00Z I1 final email',
    ]);
  });

  it('that end in a dispute leave the steps after them open, not lost', async () => {
    const { report } = await run(
      scenarioOf({ document, answers: answering({ outcome: 'dispute', reason: 'broken goods' }) }),
    );
    expect(report.steps).toMatchObject({
      call: { tasks: 1, byChannel: { call: 1 } },
      final: { due: 1, open: 1, deferred: 1 },
    });
    const other = scenarioInvoiceOf({ externalId: 'I2', dueOn: '2026-04-30' });
    const longer = await run(
      scenarioOf({
        document,
        invoices: [scenarioInvoiceOf(), other],
        answers: answering({ outcome: 'dispute', reason: 'broken goods' }),
      }),
    );
    expect(longer.report.steps['final']).toMatchObject({
      due: 2,
      sent: 1,
      open: 1,
      deferred: 1,
      suppressed: {},
    });
  });

  it('that end in a promise hold the ladder until its day has ended', async () => {
    const answers = answering({ outcome: 'promise', amount: '100.00', promisedOn: '2026-04-20' });
    expect((await ledgerOf({ document, answers }))[1]).toBe('2026-04-21T08:00:00Z I1 final email');
  });

  it('that hold the ladder put what comes due meanwhile on record, once, until it is decided', async () => {
    const invoices = [scenarioInvoiceOf({}, '2026-04-25')];
    const disputed = answering({ outcome: 'dispute', reason: 'broken goods' });
    const kept = await run(scenarioOf({ document, answers: disputed }));
    expect(kept.records.map(toLedgerLine)[1]).toEqual({
      at: '2026-04-14T08:00:00Z',
      customer: 'C1',
      invoices: ['I1'],
      step: 'final',
      channel: null,
      decision: 'deferred',
      reasons: ['hold'],
    });
    const given = await run(scenarioOf({ document, answers: disputed, invoices }));
    expect(given.records[1]).toMatchObject({
      decision: 'suppressed',
      reasons: ['balance'],
      deferredBy: ['hold'],
    });
    const promised = answering({ outcome: 'promise', amount: '100.00', promisedOn: '2026-04-20' });
    const sent = await run(scenarioOf({ document, answers: promised }));
    expect(sent.records[1]).toMatchObject({ decision: 'sent', channel: 'email', deferredBy: ['hold'] });
    expect([kept, given, sent].map(({ report }) => report.steps['final'])).toMatchObject([
      { due: 1, deferred: 1, open: 1, sent: 0 },
      { due: 1, deferred: 1, open: 0, suppressed: { balance: 1 } },
      { due: 1, deferred: 1, open: 0, sent: 1 },
    ]);
  });

  it('that ask for a copy of the invoice send it as a contact that is no step', async () => {
    const { report } = await run(scenarioOf({ document, answers: answering({ outcome: 'resend_invoice' }) }));
    expect([report.contacts, report.steps['final']?.sent]).toEqual([2, 1]);
  });
});
