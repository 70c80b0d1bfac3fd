import type { DataSource } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { wakeEnrolments } from '#engine/announce.js';
import { nightOf, nightOnClock } from '#engine/enrolment-rules/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { withOrganisation } from '#store/with-organisation.js';
import type { SettledWatch } from './settled.js';
import type { ClockWorld, DueStep } from './timeline.js';

/** How long one step may take to settle, in real time: a crash costs a lease and a restart. */
export const SETTLE_PATIENCE_MS = 120_000;

interface DueRow {
  invoice_id: string;
  customer_id: string;
  customer: string;
  invoice: string;
  due_on: string;
}

export interface OrganisationClockOptions {
  dataSource: DataSource;
  organisationId: string;
  actor: string;
  watch: SettledWatch;
  /** By which rules enrol at night; undefined: nights pass without them. */
  calendar?: WorkingCalendar;
  /** Called when a step has settled, still at its moment. */
  afterStep?: (invoiceId: string, invoice: string) => Promise<void>;
}

/** A test organisation's clock: steps run on the real engine, woken one after the other. */
export class OrganisationClock implements ClockWorld {
  constructor(private readonly options: OrganisationClockOptions) {}

  now(): Promise<Instant> {
    return this.scope(async ({ now }) => now);
  }

  /** Never turns it back, whoever else moved it meanwhile. */
  async setClock(to: Instant): Promise<void> {
    await this.query('update organisation set clock_now = $2 where id = $1 and clock_now < $2', [
      new Date(to),
    ]);
  }

  async nextDue(): Promise<Instant | null> {
    const [row] = await this.query<{ next: Date | null }>(
      `select min(next_due_at) as next from enrolment where organisation_id = $1 and state = 'open'`,
    );
    const next = row?.next?.getTime() ?? null;
    const night = await this.nextNight();
    return next === null || night === null ? (next ?? night) : Math.min(next, night);
  }

  /** @returns null while no rule enrols anything */
  private async nextNight(): Promise<Instant | null> {
    return this.options.calendar ? nightOnClock((work) => this.scope(work)) : null;
  }

  private async night(calendar: WorkingCalendar): Promise<void> {
    await nightOf((work) => this.scope(work), calendar);
    await this.options.watch.settled(null, SETTLE_PATIENCE_MS);
  }

  async due(): Promise<DueStep[]> {
    const rows = await this.query<DueRow>(
      `select e.invoice_id, e.customer_id, c.external_id as customer, i.external_id as invoice, i.due_on
       from enrolment e
       join organisation o on o.id = e.organisation_id
       join customer c on c.organisation_id = e.organisation_id and c.id = e.customer_id
       join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id
       where e.organisation_id = $1 and e.state = 'open' and e.next_due_at <= o.clock_now`,
    );
    const steps = rows.map((row) => ({
      customer: row.customer,
      dueOn: row.due_on,
      invoice: row.invoice,
      run: () => this.run(row),
    }));
    const { calendar } = this.options;
    const night = await this.nextNight();
    if (!calendar || night === null || night > (await this.now())) return steps;
    // Before what is due: of no customer, it comes first.
    return [{ customer: '', dueOn: '', invoice: '', run: () => this.night(calendar) }, ...steps];
  }

  private async run(row: DueRow): Promise<void> {
    const concerned = { customerId: row.customer_id, invoiceIds: [row.invoice_id] };
    await this.scope((scope) => wakeEnrolments(scope, concerned));
    await this.options.watch.settled(row.invoice_id, SETTLE_PATIENCE_MS);
    await this.options.afterStep?.(row.invoice_id, row.invoice);
  }

  private scope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    const { dataSource, organisationId, actor } = this.options;
    return withScope(dataSource, organisationId, actor, work);
  }

  private query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { dataSource, organisationId } = this.options;
    return withOrganisation(dataSource, organisationId, (manager) =>
      manager.query<Row[]>(sql, [organisationId, ...parameters]),
    );
  }
}
