import { jest } from '@jest/globals';
import { campaignOf, dueStep } from '#domain/facts.factory.js';
import type { TaskOutcome } from '#domain/task-outcomes.js';
import { weekendCalendar } from '#domain/working-days.js';
import { Play } from '#engine/play/play.js';
import { answerKey, type Scenario } from '#engine/play/scenario.js';
import { customerOf, printed, run, scenarioInvoiceOf, scenarioOf } from '#engine/play/scenario.factory.js';
import { TestEngine } from '#test/support/engine.js';

jest.setTimeout(120_000);

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.start();
});
afterAll(() => engine?.close());

const CREDITOR = {
  externalId: 'main',
  name: 'Northwind',
  phone: '+442079460000',
  email: 'ar@northwind.example',
};

const played = async (scenario: Scenario) => {
  const { own, database } = engine;
  const deps = { ...own, appUrl: database.appUrl, calendar: weekendCalendar };
  const play = await Play.prepare(deps, scenario, { creditor: CREDITOR });
  try {
    return await play.run();
  } finally {
    await play.close();
  }
};

/** Calls bring disputes and promises; some invoices are paid meanwhile, and customers have several. */
const onHold = (): Scenario => {
  const template = { template: 'overdue' };
  const call = {
    key: 'call',
    at: { anchor: 'due_date' as const, offset: 'P7D', time: '10:00' },
    task: 'call' as const,
  };
  const said: [string, TaskOutcome][] = [
    ['disputed', { outcome: 'dispute', reason: 'broken goods' }],
    ['disputed-paid', { outcome: 'dispute', reason: 'broken goods' }],
    ['promised', { outcome: 'promise', amount: '100.00', promisedOn: '2026-04-20' }],
    ['promised-paid', { outcome: 'promise', amount: '100.00', promisedOn: '2026-04-20' }],
    ['silent', { outcome: 'no_answer' }],
  ];
  const paidOn: Record<string, string> = { 'disputed-paid': '2026-04-25', 'promised-paid': '2026-04-18' };
  return scenarioOf({
    document: campaignOf([
      call,
      dueStep('second', 'P14D', template),
      dueStep('brief', 'P15D', { ...template, validFor: 'P1D' }),
      dueStep('final', 'P30D', template),
    ]),
    customers: [customerOf(), customerOf({ externalId: 'C2', zone: 'America/New_York' })],
    invoices: said.map(([externalId], i) =>
      scenarioInvoiceOf({ externalId, customerExternalId: `C${1 + (i % 2)}` }, paidOn[externalId] ?? null),
    ),
    answers: new Map(said.map(([invoice, outcome]) => [answerKey(invoice, 'call'), outcome])),
  });
};

describe('steps that come due on hold', () => {
  it('are recorded by the engine as by the simulation, to the last line', async () => {
    const scenario = onHold();
    const simulated = await run(scenario);
    expect(simulated.report.steps).toMatchObject({
      second: { deferred: 4, open: 1 },
      brief: { deferred: 2 },
      final: { deferred: 1 },
    });
    const real = await played(scenario);
    expect(printed(real)).toBe(printed(simulated));
    expect(real.records).toEqual(simulated.records);
  });
});
