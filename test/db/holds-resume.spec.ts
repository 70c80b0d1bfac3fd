import { setImmediate as turn } from 'node:timers/promises';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import { campaignOf, dueStep, factsOf, holdOf, local } from '#domain/facts.factory.js';
import type { ResumeRule, Resumption } from '#domain/holds.js';
import { Walk } from '#domain/planning/walk.factory.js';
import { weekendCalendar } from '#domain/working-days.js';
import type { EngineDeps } from '#engine/deps.js';
import { enrolInvoices } from '#engine/enrol.js';
import { executeStep } from '#engine/execute-step.js';
import { placeHold, releaseHold, upsertCustomers } from '#engine/facts/index.js';
import { seedCampaign, seedInvoices } from '#test/support/seed.js';
import { anotherOrganisation, customer, openWorld, type World, withInvoice } from './facts-world.js';
import type { TestStore } from './store.js';

const ZONE = 'Europe/Madrid';
const at = (text: string) => local(text, ZONE);
const STEPS = [
  dueStep('ahead', '-P1D'),
  dueStep('soft', 'P1D'),
  dueStep('firm', 'P7D'),
  dueStep('last', 'P14D'),
];
const CAMPAIGN: CampaignInput = {
  kindly: 1,
  policy: 'none',
  name: 'Resumed',
  whenExhausted: 'nothing',
  steps: STEPS,
};

let store: TestStore;
let world: World;
let channel: FakeChannel;
let deps: EngineDeps;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  await world.run((scope) => upsertCustomers(scope, [customer({ email: 'ann@example.test' })]));
  channel = new FakeChannel();
  deps = { dataSource: world.app, channels: new ChannelRegistry([channel]), calendar: weekendCalendar };
  await enrol();
});

const invoiceId = async (): Promise<string> => {
  const [row] = await world.rows<{ id: string }>('select id from invoice');
  if (!row) throw new Error('There is no invoice.');
  return row.id;
};

async function enrol(): Promise<void> {
  const versionId = await seedCampaign(world.app, world.organisationId, CAMPAIGN);
  const invoiceIds = [await invoiceId()];
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds }));
}

const setClock = (instant: number) => world.rows('update organisation set clock_now = $1', new Date(instant));

const step = async () =>
  executeStep(deps, { organisationId: world.organisationId, invoiceId: await invoiceId() }, Date.now());

/** Does what comes due until this moment, each at its own. */
async function until(moment: string): Promise<void> {
  for (;;) {
    await step();
    const [row] = await world.rows<{ due: Date | null }>(
      `select next_due_at as due from enrolment where state = 'open'`,
    );
    if (!row?.due || row.due.getTime() > at(moment)) return void (await setClock(at(moment)));
    await setClock(row.due.getTime());
  }
}

const hold = async (more: Partial<Parameters<typeof placeHold>[1]> = {}): Promise<string> => {
  const placed = await world.run((scope) =>
    placeHold(scope, { kind: 'manual', invoiceExternalId: 'INV-1', ...more }),
  );
  if (!('id' in placed)) throw new Error(JSON.stringify(placed));
  return placed.id;
};

/** What became of each step, in the words of a walk's log with its run: `1 2026-03-04 10:00 soft email`. */
const decided = async (): Promise<string[]> => {
  const rows = await world.rows<{ line: string }>(
    `select concat_ws(' ', run_no, to_char(decided_at at time zone '${ZONE}', 'YYYY-MM-DD HH24:MI'), step_key,
       case decision when 'sent' then medium else reasons #>> '{0,rule}' end) as line
     from attempt order by run_no, decided_at, step_index`,
  );
  return rows.map(({ line }) => line);
};

const [HELD, RELEASED] = ['2026-03-05 08:00', '2026-03-20 12:00'];

/** The same by the pure planner alone. */
function walked(rule: ResumeRule | null): string[] {
  const invoice = { issuedOn: '2026-02-01', dueOn: '2026-03-03' };
  const enrolledAt = at('2026-03-02 10:00');
  const walk = new Walk(factsOf({ customer: { zone: ZONE }, invoice, enrolledAt }), campaignOf(STEPS));
  walk
    .until(HELD)
    .change({ holds: [holdOf()] })
    .until(RELEASED);
  const resumptions: Resumption[] = rule ? [{ ...rule, from: at(HELD), at: at(RELEASED) }] : [];
  walk.change({ holds: [], resumptions }).until('2026-05-01 00:00');
  const runs = walk.decisions.map(({ run }, i) => `${run} ${walk.log[i] ?? ''}`);
  return runs.sort();
}

describe('after a hold the engine takes the ladder up', () => {
  it.each<[string, ResumeRule | null]>([
    ['with the step that waited, when nothing is said', null],
    ['with the step that waited', { rule: 'same_step' }],
    ['with the one after it', { rule: 'next_step' }],
    ['at a named step', { rule: 'step', step: 'last' }],
    ['from its beginning, as another run', { rule: 'restart' }],
  ])('as the planner says: %s', async (_how, rule) => {
    await until(HELD);
    const id = await hold();
    await until(RELEASED);
    await world.run((scope) => releaseHold(scope, id, rule ? { resume: rule } : {}));
    await until('2026-05-01 00:00');
    expect([...(await decided())].sort()).toEqual(walked(rule));
    const sent = (await decided()).filter((line) => line.endsWith('email'));
    expect(channel.delivered).toHaveLength(sent.length);
  });

  it('in a run that is on record with the enrolment and each of its attempts', async () => {
    await until(HELD);
    const id = await hold({ resume: { rule: 'restart' } });
    await until(RELEASED);
    await world.run((scope) => releaseHold(scope, id));
    await until(RELEASED);
    expect(await world.rows('select run_no from enrolment')).toEqual([{ run_no: 2 }]);
    expect(await decided()).toEqual([
      '1 2026-03-02 10:00 ahead email',
      '1 2026-03-04 10:00 soft email',
      '1 2026-03-20 12:00 firm passed_over',
      '1 2026-03-20 12:00 last passed_over',
      '2 2026-03-20 12:00 ahead too_late',
      '2 2026-03-20 12:00 soft email',
    ]);
  });

  it('once, though nobody plans for days after the hold has ended by itself', async () => {
    for (const [rule, log] of [
      ['same_step', ['1 2026-03-16 11:00 firm email', '1 2026-03-23 10:00 last email']],
      ['next_step', ['1 2026-03-16 11:00 firm passed_over', '1 2026-03-17 10:00 last email']],
    ] as const) {
      world = await anotherOrganisation(store);
      await withInvoice(world);
      await world.run((scope) => upsertCustomers(scope, [customer({ email: 'ann@example.test' })]));
      await enrol();
      await until(HELD);
      await hold({ expiresAt: new Date(at('2026-03-12 00:00')).toISOString(), resume: { rule } });
      await step();
      await setClock(at('2026-03-16 11:00'));
      await until('2026-05-01 00:00');
      expect((await decided()).slice(2)).toEqual(log);
    }
  });

  it('from the moment at which the hold ended by itself, though no step waited for that', async () => {
    await until(HELD);
    await hold({
      expiresAt: new Date(at('2026-03-07 00:00')).toISOString(),
      resume: { rule: 'restart' },
    });
    await until('2026-03-07 12:00');
    expect((await decided()).slice(2)).toEqual([
      '2 2026-03-07 00:00 ahead too_late',
      '2 2026-03-07 10:00 soft email',
    ]);
  });

  it('and enrolled again goes on in the last run, of which it repeats nothing', async () => {
    await until(HELD);
    const id = await hold({ resume: { rule: 'restart' } });
    await until('2026-03-07 12:00');
    await world.run((scope) => releaseHold(scope, id));
    await until('2026-03-07 12:00');
    await world.rows(`update enrolment set state = 'ended', ended_reason = 'stopped', ended_at = now()`);
    await enrol();
    await until('2026-05-01 00:00');
    const sent = (await decided())
      .filter((line) => line.endsWith('email'))
      .map((line) => line.slice(0, 1) + line.slice(18));
    expect(sent).toEqual(['1 ahead email', '1 soft email', '2 soft email', '2 firm email', '2 last email']);
  });
});

const RACES = 60;
const STRIDE = 3;

describe('a hold that is placed while a step is carried out', () => {
  const after = async (turns: number): Promise<void> => {
    for (let n = 0; n < turns; n += 1) await turn();
  };
  const placeOn = (invoiceExternalId: string): Promise<number> =>
    world.run(async (scope) => {
      const placed = await placeHold(scope, { kind: 'manual', invoiceExternalId });
      if (!('id' in placed)) throw new Error(JSON.stringify(placed));
      const [row] = await scope.manager.query<{ version: number }[]>(
        `select c.facts_version as version from customer c join hold h on h.customer_id = c.id where h.id = $1`,
        [placed.id],
      );
      return row?.version ?? 0;
    });

  it('leaves no message that was decided at its version or after, whoever is first', async () => {
    const dates = { prefix: 'race', issuedOn: '2026-02-01', dueOn: '2026-03-01' };
    const invoiceIds = await seedInvoices(world.app, world.organisationId, { ...dates, count: RACES });
    const versionId = await seedCampaign(world.app, world.organisationId, CAMPAIGN, 'race');
    await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds }));
    const names = new Map(
      (await world.rows<{ id: string; external_id: string }>('select id, external_id from invoice')).map(
        (row) => [row.id, row.external_id],
      ),
    );
    let [sent, lead] = [0, 0];
    for (const id of invoiceIds) {
      const ref = { organisationId: world.organisationId, invoiceId: id };
      const [version] = await Promise.all([
        after(-lead).then(() => placeOn(names.get(id) ?? '')),
        after(lead).then(() => executeStep(deps, ref, Date.now())),
      ]);
      const contacts = await world.rows<{ facts_version: number }>(
        'select facts_version from contact where invoice_id = $1',
        id,
      );
      sent += contacts.length;
      // Whoever lost is ahead by more the next time, so that the races close in on the moment at which either may win.
      lead += contacts.length > 0 ? STRIDE : -STRIDE;
      expect(contacts.filter((contact) => contact.facts_version >= version)).toEqual([]);
    }
    // A race that one side always wins shows nothing.
    expect(sent).toBeGreaterThan(RACES / 20);
    expect(sent).toBeLessThan(RACES - RACES / 20);
  });
});
