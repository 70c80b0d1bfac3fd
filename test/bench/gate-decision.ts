import { performance } from 'node:perf_hooks';
import type { CampaignInput } from '#domain/campaign/document.js';
import { gate, type SendAction } from '#domain/gate.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { plan } from '#domain/planning/plan.js';
import { keepingOf } from '#domain/policy/keeping.js';
import { weekendCalendar } from '#domain/working-days.js';
import { loadVersion } from '#engine/campaigns/load-version.js';
import type { EngineDeps } from '#engine/deps.js';
import { enrolInvoices } from '#engine/enrol.js';
import { upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { loadEnrolmentOf } from '#engine/load-enrolment.js';
import { withLockedInvoice } from '#engine/lock-invoice.js';
import { outreachFor } from '#engine/policy.js';
import { withScope } from '#engine/scope.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import { gatherStatement, loadCandidates } from '#engine/statement/index.js';
import { seedCampaign, seedOrganisation } from '#test/support/seed.js';
import type { BenchStack } from './bench-stack.js';
import type { BenchOptions } from './options.js';
import { type Figures, medianOf, percentile } from './rounds.js';

const CUSTOMERS = 500;
/** Each owes so many, whose steps are due on one day. */
const INVOICES = 5;
/** Of the organisation, over a year. */
const LEDGER = 50_000;
/** As many as it takes until everything is compiled, as in a worker that has run for a while. */
const WARM_UP = 1_000;

/** Takes no notice of the hour, so that the bench may run at any. */
const CAMPAIGN: CampaignInput = {
  kindly: 1,
  name: 'Due now',
  policy: 'us-nyc',
  whenExhausted: 'nothing',
  steps: [{ key: 'now', at: { anchor: 'issue_date', offset: 'PT1S' }, send: ['email'], template: 'overdue' }],
};

/** The messages of a year, a hundred of each customer, with the attempts that they carried out. */
const SEED_LEDGER = `
  with made as (
    insert into contact (id, organisation_id, customer_id, invoice_id, enrolment_id, point_id, send_key, medium, purpose, kind,
                         counts_as, sender, state, provider, snapshot, facts_version, decided_at, lease_until)
    select uuidv7(), e.organisation_id, e.customer_id, e.invoice_id, e.id, t.id, 'bench/' || e.id || '/' || n, 'email', 'reminder',
           'reminder', 'contact', '{}', 'accepted', 'outbox', '{}', 1, now() - (n * $2::float8 * interval '1 day'), now()
    from enrolment e
    join contact_person q on q.organisation_id = e.organisation_id and q.customer_id = e.customer_id
    join contact_point t on t.organisation_id = q.organisation_id and t.person_id = q.id and t.kind = 'email',
    generate_series(1, $3::int) n
    where e.organisation_id = $1
    returning id, organisation_id, enrolment_id, invoice_id, customer_id, decided_at
  )
  insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                       occurrence, due_at, decision, facts_version, decided_at, medium, contact_id)
  select m.organisation_id, m.enrolment_id, m.invoice_id, m.customer_id, e.campaign_id, 'before-' || m.id, 0, 1, 0, m.decided_at, 'sent',
         1, m.decided_at, 'email', m.id
  from made m join enrolment e on e.organisation_id = m.organisation_id and e.id = m.enrolment_id`;

/**
 * What it takes to decide whether a step may go out, and with which others: from the lock that is held and the facts that are read,
 * without writing and without the commit. A statement of five invoices each time.
 */
export async function gateDecision(stack: BenchStack, { messages, rounds }: BenchOptions): Promise<Figures> {
  const { organisationId, ids } = await seed(stack);
  const deps = { calendar: weekendCalendar } as unknown as EngineDeps;
  const decide = (invoiceId: string): Promise<Took | null> =>
    withLockedInvoice(
      stack.app,
      { organisationId, invoiceId },
      Date.now(),
      (manager, live) => loadEnrolmentOf(manager, organisationId, invoiceId, live, true),
      async (scope, loaded) => {
        if (!loaded) throw new Error('The invoice is not enrolled.');
        const version = await loadVersion(scope.manager, organisationId, loaded.versionId);
        const { next } = plan(loaded.facts, version.document, loaded.cursor, scope.now, weekendCalendar);
        if (next.kind !== 'act' || next.action.kind !== 'send') throw new Error('No step is due.');
        const action: SendAction = next.action;
        const start = performance.now();
        const [outreach, candidates] = await Promise.all([
          outreachFor(scope, loaded, version, action),
          loadCandidates(scope, loaded, version),
        ]);
        const keeping =
          outreach && keepingOf(version.document, loaded.facts, action, outreach, () => false, scope.now);
        const { kind } = gate(loaded.facts, action, scope.now, keeping);
        const others = await gatherStatement(deps, scope, loaded, version, action, candidates, outreach);
        const took = performance.now() - start;
        if (kind !== 'send' || others.length !== INVOICES - 1)
          throw new Error(`The gate said ${kind}, with ${others.length} others.`);
        const asked = performance.now();
        await queryPrepared(scope.manager, NOTHING, []);
        return { took, roundTrip: performance.now() - asked };
      },
    );
  let turn = 0;
  const decideSome = async (count: number): Promise<Took[]> => {
    const all: Took[] = [];
    for (const end = turn + count; turn < end; turn += 1) {
      const took = await decide(ids[(turn * 7) % ids.length] ?? '');
      if (took) all.push(took);
    }
    return all;
  };
  await decideSome(WARM_UP);
  const all: Took[][] = [];
  while (all.length < rounds) all.push(await decideSome(messages * 5));
  const figure = (of: keyof Took, percent: number): number =>
    medianOf(
      all,
      (round) =>
        percentile(
          round.map((each) => each[of]),
          percent,
        ),
      2,
    );
  return {
    gateMillisecondsMedian: figure('took', 50),
    gateMillisecondsP99: figure('took', 99),
    gateLedgerRows: LEDGER,
    roundTripMillisecondsMedian: figure('roundTrip', 50),
    roundTripMillisecondsP99: figure('roundTrip', 99),
  };
}

/** Of one decision, and of asking the database for nothing right after it: how fast this machine is at that moment. Milliseconds. */
interface Took {
  took: number;
  roundTrip: number;
}

const NOTHING: Prepared = { name: 'bench-nothing', text: 'select 1' };

async function seed({ app, system, owner }: BenchStack): Promise<{ organisationId: string; ids: string[] }> {
  const organisationId = await seedOrganisation({ app, system });
  await owner.query(`update organisation set settings = settings || $2 where id = $1`, [
    organisationId,
    { switchedOff: [{ rule: 'us-nyc/electronic_by_consent', reason: 'The customers of a bench.' }] },
  ]);
  const versionId = await seedCampaign(app, organisationId, CAMPAIGN);
  const today = localDateOf(Date.now(), 'UTC');
  const dates = { issuedOn: today, dueOn: addDays(today, 30) };
  const ids: string[] = [];
  for (let c = 0; c < CUSTOMERS; c += 1) {
    const externalId = `C${c}`;
    await withScope(app, organisationId, 'bench', async (scope) => {
      await upsertCustomers(scope, [
        { externalId, name: 'Sample Ltd', zone: 'UTC', email: `c${c}@example.test` },
      ]);
      const written = await upsertInvoices(
        scope,
        Array.from({ length: INVOICES }, (_, i) => ({
          externalId: `I${c}-${i}`,
          customerExternalId: externalId,
          total: '100.00',
          currency: 'EUR',
          ...dates,
        })),
      );
      const invoiceIds = written.flatMap((each) => ('id' in each ? [each.id] : []));
      await enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds });
      ids.push(...invoiceIds);
    });
  }
  const each = LEDGER / (CUSTOMERS * INVOICES);
  await owner.query(SEED_LEDGER, [organisationId, 365 / each, each]);
  await owner.query('delete from outbox where organisation_id = $1', [organisationId]);
  await owner.query('vacuum analyze');
  await owner.query('checkpoint');
  return { organisationId, ids };
}
