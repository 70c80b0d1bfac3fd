import type { DataSource } from 'typeorm';
import { INVOICE_CAMPAIGN } from '#contracts/engine.js';
import { PLANNED_CHANNEL } from '#engine/announce.js';
import { staleBooks } from '#engine/facts/source-syncs.js';
import { type Listener, listen } from '#engine/listen.js';
import { STOPPED } from '#engine/stop/stopped.js';
import { withOrganisation } from '#store/with-organisation.js';

/** A notification may be lost with its connection: the predicate is read this often all the same. */
const POLL_MS = 250;

/**
 * Of one invoice, or of all of an organisation's when none is named. Of an invoice's enrolments only the one that its
 * workflow walks counts: another that it took the place of is planned no more.
 */
const UNSETTLED = `
  select
    (select count(*) from enrolment e where e.organisation_id = $1 and ($2::uuid is null or e.invoice_id = $2)
      and e.planned_version < e.facts_version
      and e.id = (select w.id from enrolment w where w.organisation_id = e.organisation_id and w.invoice_id = e.invoice_id
                  order by (w.state = 'open') desc, w.recorded_at desc, w.id desc limit 1)) as unplanned,
    (select count(*) from outbox x where x.organisation_id = $1 and x.workflow_type = '${INVOICE_CAMPAIGN}'
      and ($2::uuid is null or x.workflow_id = 'invoice/' || $1::uuid || '/' || $2::uuid)) as undelivered,
    (select count(*) from contact c where c.organisation_id = $1 and ($2::uuid is null or c.invoice_id = $2)
      and c.state = 'attempting') as attempting,
    coalesce((select (o.rules_changed_at is not null)::int + (select count(*) from enrolment e
        where e.organisation_id = $1 and ($2::uuid is null or e.invoice_id = $2) and e.waits_for_release)
      from organisation o where o.id = $1 and not ${STOPPED} and not ${staleBooks('o.clock_now')}), 0) as unreleased`;

interface Unsettled {
  unplanned: number;
  undelivered: number;
  attempting: number;
  unreleased: number;
}

/** What the engine has not got to in time, as counts. */
export class NotSettledError extends Error {
  override name = 'NotSettledError';
  constructor({ unplanned, undelivered, attempting, unreleased }: Unsettled) {
    const left = `${undelivered} undelivered, ${unplanned} unplanned, ${attempting} being attempted, ${unreleased} to be released`;
    super(`The engine did not come to rest (${left}). Is a worker running? Start one, then advance again.`);
  }
}

/**
 * Waits until planned = facts, no outbox row is undelivered, nothing is being attempted and nothing that may go on waits for a release: then everything the facts
 * so far ask for has been done.
 */
export class SettledWatch {
  private wake: () => void = () => undefined;
  private listener: Listener | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly organisationId: string,
  ) {}

  /** @param url where the database is, for LISTEN */
  async open(url: string): Promise<void> {
    const heard = (payload: string): void => {
      if (payload === '' || payload === this.organisationId) this.wake();
    };
    this.listener = await listen(url, PLANNED_CHANNEL, heard, () => undefined);
  }

  async close(): Promise<void> {
    await this.listener?.close();
  }

  /** @throws {NotSettledError} after `patienceMs` (of real time) */
  async settled(invoiceId: string | null, patienceMs: number): Promise<void> {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const left = await this.unsettled(invoiceId);
      if (Object.values(left).every((count) => count === 0)) return;
      if (Date.now() > giveUpAt) throw new NotSettledError(left);
      await within(POLL_MS, woken);
    }
  }

  private async unsettled(invoiceId: string | null): Promise<Unsettled> {
    const [row] = await withOrganisation(this.dataSource, this.organisationId, (manager) =>
      manager.query<Unsettled[]>(UNSETTLED, [this.organisationId, invoiceId]),
    );
    if (!row) throw new Error('A statement without a table always answers.');
    return row;
  }
}

/** Whichever comes first; the timer does not outlive it. */
async function within(milliseconds: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([event, late]);
  clearTimeout(timer);
}
