import { type CustomerFacts, type InvoiceFacts, openBalance } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { parseAmount } from '#domain/money.js';
import { initialCursor } from '#domain/planning/cursor.js';
import { undecided } from '#domain/planning/plan.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { type ClockWorld, type DueStep, runTimeline } from '#engine/clock/timeline.js';
import { auditRecords } from './audit-records.js';
import type { DecisionRecord } from './decision-record.js';
import { buildReport, type PlayReport } from './report.js';
import type { Scenario, ScenarioInvoice } from './scenario.js';
import { nameOf, scenarioEvents } from './scenario-events.js';
import { allocate, creditPromises, customersFacts, enrolmentFacts, invoiceFacts } from './simulated-facts.js';
import { type SimulatedEnrolment, SimulatedExecutor } from './simulated-executor.js';

export interface Simulation {
  report: PlayReport;
  records: DecisionRecord[];
}

const purseOf = ({ input }: ScenarioInvoice): string => `${input.customerExternalId}\n${input.currency}`;

/** Runs a scenario with the same planner and gate as the engine, in the same order, in memory. */
export class Simulator implements ClockWorld {
  private readonly customers: Map<string, CustomerFacts>;
  /** By external id, as the books have them: an invoice may be paid before it is issued. */
  private readonly invoices: Map<string, InvoiceFacts>;
  private readonly enrolments = new Map<string, SimulatedEnrolment>();
  private readonly open = new Set<SimulatedEnrolment>();
  /** Customers and currencies of money that no invoice got. */
  private readonly unapplied = new Set<string>();
  private readonly executor: SimulatedExecutor;

  constructor(
    private readonly scenario: Scenario,
    private readonly calendar: WorkingCalendar,
    campaign = 'play',
  ) {
    this.customers = customersFacts(scenario.customers, scenario.zone);
    this.executor = new SimulatedExecutor(scenario, calendar, campaign, this.open);
    this.invoices = new Map(scenario.invoices.map((each) => [each.input.externalId, invoiceFacts(each)]));
  }

  async run(): Promise<Simulation> {
    const events = scenarioEvents(this.scenario, (invoice) => this.zoneOf(invoice), {
      enrol: (invoice) => this.enrol(invoice),
      settle: (invoice) => this.settle(invoice),
    });
    const { now } = await runTimeline(this, events);
    const { document, customers, invoices } = this.scenario;
    const records = this.executor.records();
    const report = buildReport({
      document,
      invoices: invoices.length,
      customers: customers.length,
      from: events.reduce((from, { at }) => Math.min(from, at), Infinity),
      to: now,
      records,
      open: this.undecided(now),
      contacts: this.executor.contacts,
      paid: [...this.invoices.values()].filter(({ status }) => status === 'settled').length,
      violations: auditRecords(records, this.scenario, (invoice) => this.zoneOf(invoice)),
    });
    return { report, records };
  }

  async now(): Promise<Instant> {
    return this.executor.clock;
  }

  async setClock(to: Instant): Promise<void> {
    this.executor.clock = to;
  }

  async nextDue(): Promise<Instant | null> {
    let earliest = Infinity;
    for (const { nextDue } of this.open) if (nextDue !== null && nextDue < earliest) earliest = nextDue;
    return earliest === Infinity ? null : earliest;
  }

  async due(): Promise<DueStep[]> {
    return [...this.open]
      .filter(({ nextDue }) => nextDue !== null && nextDue <= this.executor.clock)
      .map((enrolment) => ({ ...nameOf(enrolment.invoice), run: async () => this.executor.walk(enrolment) }));
  }

  private zoneOf({ input }: ScenarioInvoice): string {
    return this.customers.get(input.customerExternalId)?.zone ?? this.scenario.zone;
  }

  private async enrol(invoice: ScenarioInvoice): Promise<void> {
    const customer = this.customers.get(invoice.input.customerExternalId);
    if (!customer) throw new Error(`The invoice ${invoice.input.externalId} has no customer.`);
    const books = this.booksOf(invoice);
    if (books.status !== 'open') return;
    const facts = enrolmentFacts(books, customer, this.scenario.document.entry, this.executor.clock);
    facts.unapplied = this.unapplied.has(purseOf(invoice));
    const enrolment = { invoice, facts, cursor: initialCursor(), nextDue: null, ended: false };
    this.enrolments.set(books.externalId, enrolment);
    this.open.add(enrolment);
    this.executor.walk(enrolment);
  }

  private async settle(invoice: ScenarioInvoice): Promise<void> {
    if (!invoice.settlement) return;
    const books = this.booksOf(invoice);
    const minor = parseAmount(invoice.settlement.amount, books.currency);
    const left = allocate(books.parts, minor);
    if (left < minor)
      this.executor.outreach.paid(invoice.input.customerExternalId, books.externalId, this.executor.clock);
    if (openBalance(books) === 0) books.status = 'settled';
    const enrolment = this.enrolments.get(books.externalId);
    if (enrolment) creditPromises(enrolment.facts, minor - left, this.executor.clock);
    if (left > 0) this.keepUnapplied(invoice);
    if (enrolment && !enrolment.ended) this.executor.walk(enrolment);
  }

  /** What an invoice does not owe is the customer's, and holds the others back until somebody says what it is for. */
  private keepUnapplied(invoice: ScenarioInvoice): void {
    const purse = purseOf(invoice);
    this.unapplied.add(purse);
    for (const other of this.open) {
      if (purseOf(other.invoice) !== purse) continue;
      other.facts.unapplied = true;
      if (other.invoice !== invoice) this.executor.walk(other);
    }
  }

  private booksOf({ input }: ScenarioInvoice): InvoiceFacts {
    const books = this.invoices.get(input.externalId);
    if (!books) throw new Error(`The invoice ${input.externalId} is not in the scenario.`);
    return books;
  }

  private undecided(now: Instant): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { facts, cursor } of this.open) {
      const input = { facts, cursor, document: this.scenario.document, calendar: this.calendar };
      for (const key of undecided(input, now)) counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }
}

/** For callers that only want the result. */
export const simulate = (scenario: Scenario, calendar: WorkingCalendar): Promise<Simulation> =>
  new Simulator(scenario, calendar).run();
