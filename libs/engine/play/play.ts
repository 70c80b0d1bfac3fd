import type { DataSource } from 'typeorm';
import type { CreditorInput } from '#contracts/schemas/creditor.js';
import { zoneFor } from '#domain/country-zones.js';
import type { Instant } from '#domain/instant.js';
import type { TaskKind } from '#domain/task.js';
import { undecided } from '#domain/planning/plan.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { OrganisationClock, SETTLE_PATIENCE_MS } from '#engine/clock/organisation-clock.js';
import { SettledWatch } from '#engine/clock/settled.js';
import { runTimeline, type TimedEvent } from '#engine/clock/timeline.js';
import { enrolInvoices } from '#engine/enrol.js';
import { completeTask, recordPayments } from '#engine/facts/index.js';
import { loadEnrolments } from '#engine/load-enrolment.js';
import { type Scope, withScope } from '#engine/scope.js';
import { withOrganisation } from '#store/with-organisation.js';
import { auditRecords } from './audit-records.js';
import { type DecisionRecord, inLedgerOrder } from './decision-record.js';
import {
  chunks,
  createOrganisation,
  type LoadedScenario,
  loadScenario,
  refuseNone,
} from './load-scenario.js';
import { readDecisions, readTotals } from './read-decisions.js';
import { buildReport, type PlayReport } from './report.js';
import { Respondent, type Scenario, type ScenarioInvoice } from './scenario.js';
import { scenarioEvents } from './scenario-events.js';

export interface PlayDeps {
  app: DataSource;
  system: DataSource;
  /** Of the app role, for LISTEN. */
  appUrl: string;
  calendar: WorkingCalendar;
}

export interface PlayOptions {
  /** A test organisation with nothing in it; one is made when it is left out. */
  organisationId?: string;
  creditor: CreditorInput;
  onMoment?: (at: Instant) => void | Promise<void>;
}

export interface PlayResult {
  organisationId: string;
  report: PlayReport;
  records: DecisionRecord[];
}

const DAY = 86_400_000;

/** Plays a scenario on the real engine: a test organisation, its clock advanced from moment to moment. */
export class Play {
  private readonly respondent: Respondent;
  private readonly zones: Map<string, string>;

  private constructor(
    private readonly deps: PlayDeps,
    private readonly scenario: Scenario,
    private readonly options: PlayOptions,
    readonly organisationId: string,
    private readonly watch: SettledWatch,
    private readonly loaded: LoadedScenario,
  ) {
    this.respondent = new Respondent(scenario.answers);
    this.zones = new Map(
      scenario.customers.map((each) => [each.externalId, zoneFor(each, scenario.zone).zone]),
    );
  }

  /** @returns once the scenario is loaded and its campaign published; `run` plays it */
  static async prepare(deps: PlayDeps, scenario: Scenario, options: PlayOptions): Promise<Play> {
    const organisationId = options.organisationId ?? (await createOrganisation(deps.system, scenario.zone));
    const loaded = await loadScenario(deps.app, organisationId, scenario, options.creditor);
    const watch = new SettledWatch(deps.app, organisationId);
    await watch.open(deps.appUrl);
    return new Play(deps, scenario, options, organisationId, watch, loaded);
  }

  async run(): Promise<PlayResult> {
    const events = this.events();
    const from = events.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
    const clock = this.clock();
    await clock.setClock(from - DAY);
    const { now } = await runTimeline(clock, events, { onMoment: this.options.onMoment });
    return this.result(from, now);
  }

  close(): Promise<void> {
    return this.watch.close();
  }

  private clock(): OrganisationClock {
    const { app: dataSource } = this.deps;
    const { organisationId, watch } = this;
    const afterStep = this.hasTasks()
      ? (id: string, invoice: string) => this.answerTasks(id, invoice)
      : undefined;
    return new OrganisationClock({ dataSource, organisationId, actor: 'play', watch, afterStep });
  }

  private hasTasks(): boolean {
    const { customers, document } = this.scenario;
    if (customers.some(({ vip }) => vip)) return true;
    return document.steps.some(
      ({ task, send, approval }) =>
        task !== undefined || approval === 'always' || send?.includes('call') || send?.includes('preferred'),
    );
  }

  private events(): TimedEvent[] {
    return scenarioEvents(this.scenario, (invoice) => this.zoneOf(invoice), {
      enrol: (invoice) => this.enrol(invoice),
      settle: (invoice) => this.settle(invoice),
    });
  }

  private zoneOf({ input }: ScenarioInvoice): string {
    return this.zones.get(input.customerExternalId) ?? this.scenario.zone;
  }

  private async enrol({ input }: ScenarioInvoice): Promise<void> {
    const invoiceId = this.idOf(input.externalId);
    const request = { versionId: this.loaded.versionId, invoiceIds: [invoiceId] };
    await this.scope((scope) => enrolInvoices(scope, this.deps.calendar, request));
    await this.settled(invoiceId, input.externalId);
  }

  private async settle({ input, settlement }: ScenarioInvoice): Promise<void> {
    if (!settlement) return;
    const payment = {
      externalId: `settlement-${input.externalId}`,
      customerExternalId: input.customerExternalId,
      amount: settlement.amount,
      currency: input.currency,
      status: 'posted' as const,
      paidOn: settlement.paidOn,
      allocations: [{ invoiceExternalId: input.externalId, amount: settlement.amount }],
    };
    refuseNone(await this.scope((scope) => recordPayments(scope, [payment])));
    await this.settled(this.idOf(input.externalId), input.externalId);
  }

  private async settled(invoiceId: string, invoice: string): Promise<void> {
    await this.watch.settled(invoiceId, SETTLE_PATIENCE_MS);
    if (this.hasTasks()) await this.answerTasks(invoiceId, invoice);
  }

  /** Call tasks are worked, and messages approved, at once, each settling before the next. */
  private async answerTasks(invoiceId: string, invoice: string): Promise<void> {
    for (;;) {
      const [task] = await this.query<{ id: string; step_key: string; kind: TaskKind }>(
        `select id, step_key, kind from task where organisation_id = $1 and invoice_id = $2 and state = 'open' and kind in ('call', 'approval')
         order by id limit 1`,
        [invoiceId],
      );
      if (!task) return;
      const outcome =
        task.kind === 'approval'
          ? { outcome: 'approved' as const }
          : this.respondent.answer(invoice, task.step_key);
      refuseNone([await this.scope((scope) => completeTask(scope, task.id, outcome))]);
      await this.watch.settled(invoiceId, SETTLE_PATIENCE_MS);
    }
  }

  private idOf(invoice: string): string {
    const id = this.loaded.invoiceIds.get(invoice);
    if (id === undefined) throw new Error(`The invoice ${invoice} was not loaded.`);
    return id;
  }

  private async result(from: Instant, to: Instant): Promise<PlayResult> {
    const { scenario, organisationId } = this;
    const { app } = this.deps;
    const records = (await readDecisions(app, organisationId)).sort(inLedgerOrder);
    const { contacts, paid, twice } = await readTotals(app, organisationId);
    const report = buildReport({
      document: scenario.document,
      invoices: scenario.invoices.length,
      customers: scenario.customers.length,
      from,
      to,
      records,
      open: await this.undecided(to),
      contacts,
      paid,
      violations: [...auditRecords(records, scenario, (invoice) => this.zoneOf(invoice)), ...twice],
    });
    return { organisationId, report, records };
  }

  private async undecided(now: Instant): Promise<Record<string, number>> {
    const open = await this.query<{ id: string }>(
      `select id from enrolment where organisation_id = $1 and state = 'open' order by id`,
    );
    const counts: Record<string, number> = {};
    const { document } = this.scenario;
    const { calendar, app } = this.deps;
    for (const chunk of chunks(open)) {
      const ids = chunk.map(({ id }) => id);
      const loaded = await withOrganisation(app, this.organisationId, (manager) =>
        loadEnrolments(manager, this.organisationId, ids, now),
      );
      for (const { facts, cursor } of loaded) {
        for (const key of undecided({ facts, cursor, document, calendar }, now))
          counts[key] = (counts[key] ?? 0) + 1;
      }
    }
    return counts;
  }

  private scope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    return withScope(this.deps.app, this.organisationId, 'play', work);
  }

  private query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return withOrganisation(this.deps.app, this.organisationId, (manager) =>
      manager.query<Row[]>(sql, [this.organisationId, ...parameters]),
    );
  }
}
