import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { zoneFor } from '#domain/country-zones.js';
import type { Instant } from '#domain/instant.js';
import { localDateOf, localTimeOf, startOfDay } from '#domain/local-time.js';
import { Play } from '#engine/play/play.js';
import { readDecisions } from '#engine/play/read-decisions.js';
import { type DecisionRecord, inLedgerOrder } from '#engine/play/decision-record.js';
import type { Scenario, ScenarioInvoice } from '#engine/play/scenario.js';
import { readConfig } from '#config/config.js';
import { openDataSource } from '#store/data-source.js';
import { reportTable } from '../print-report.js';
import { readScenario } from '../scenario-files.js';
import { createSampleOrganisation, type SampleOrganisation } from '../sample-organisation.js';
import { calendarFor } from './simulate.js';

/** The clock's pace: a day a second. */
const MS_A_DAY = 1_000;
const DAY = 86_400_000;

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const sample = (name: string): string => `${root}samples/${name}`;
const rememberedFile = `${root}.kindly/sample.json`;

interface Remembered extends SampleOrganisation {
  summary: string;
}

const say = (line = ''): void => console.log(line);

/** Loads the sample organisation and plays its campaign line by line; once, unless asked again. */
export async function demo({ again }: { again?: boolean }): Promise<void> {
  const known = again ? null : await remembered();
  const organisation = known ?? (await present());
  say();
  say('The sample organisation is yours to try things on:');
  say(`  export KINDLY=${organisation.apiUrl} KEY=${organisation.key}`);
  say('  curl -s $KINDLY/v1/invoices -H "Authorization: Bearer $KEY"');
  if (known) say(`\n${known.summary}\n\nTo see it played again: npm run kindly -- demo --again`);
}

/** What the first start made; null before it, or when its servers' data are gone. */
async function remembered(): Promise<Remembered | null> {
  const text = await readFile(rememberedFile, 'utf8').catch(() => null);
  if (text === null) return null;
  const known = JSON.parse(text) as Remembered;
  const apiUrl = apiUrlOf();
  const answer = await fetch(`${apiUrl}/v1/organisations/current`, {
    headers: { authorization: `Bearer ${known.key}` },
  }).catch(() => null);
  return answer?.ok ? { ...known, apiUrl } : null;
}

const apiUrlOf = (): string => readConfig().api.publicUrl;

async function present(): Promise<SampleOrganisation> {
  const { database, api } = readConfig();
  const scenario = await readScenario({
    customers: sample('customers.csv'),
    invoices: sample('invoices.csv'),
    campaign: sample('standard-reminders.yaml'),
  });
  const organisation = await createSampleOrganisation(api);
  const app = await openDataSource({ url: database.appUrl, role: 'app' });
  const system = await openDataSource({ url: database.systemUrl, role: 'system' });
  try {
    const calendar = await calendarFor(scenario.document);
    const teller = new Teller(scenario);
    const playing = await Play.prepare({ app, system, appUrl: database.appUrl, calendar }, scenario, {
      organisationId: organisation.id,
      creditor: organisation.creditor,
      onMoment: async (at) => teller.tell(await readDecisions(app, organisation.id), at),
    });
    say(`Playing "${scenario.document.name}" for ${scenario.invoices.length} invoices, a day a second:`);
    const { report, records } = await playing.run();
    await teller.tell(records, Infinity);
    await playing.close();
    const summary = reportTable(report);
    say(`\n${summary}`);
    await mkdir(`${root}.kindly`, { recursive: true });
    await writeFile(rememberedFile, JSON.stringify({ ...organisation, summary }), { mode: 0o600 });
    return organisation;
  } finally {
    await Promise.all([app.destroy(), system.destroy()]);
  }
}

function wordsOf({ decision, contact, channel, reasons }: DecisionRecord): string {
  if (decision === 'sent') return contact === 'accepted' ? `sent by ${channel}` : `${channel}: ${contact}`;
  return decision === 'task' ? 'call task' : `held back: ${reasons.join(', ')}`;
}

/** Something to tell, at its moment. */
interface Line {
  at: Instant;
  text: string;
}

/** Tells decisions and payments as they fall, in time with the clock. */
class Teller {
  private told = 0;
  private began: { clock: Instant; real: number } | undefined;
  private readonly zones: Map<string, string>;
  private readonly names: Map<string, string>;
  private readonly payments: Line[];

  constructor(scenario: Scenario) {
    this.zones = new Map(
      scenario.customers.map((each) => [each.externalId, zoneFor(each, scenario.zone).zone]),
    );
    this.names = new Map(scenario.customers.map((each) => [each.externalId, each.name]));
    this.payments = scenario.invoices.flatMap((invoice) => this.payment(invoice));
  }

  /** Says what has happened before a moment, then waits until it is time for it. */
  async tell(records: DecisionRecord[], at: Instant): Promise<void> {
    const lines = [
      ...[...records].sort(inLedgerOrder).map((record) => this.decision(record)),
      ...this.payments,
    ];
    const past = lines.filter((line) => line.at < at).sort((a, b) => a.at - b.at);
    for (const { text } of past.slice(this.told)) say(text);
    this.told = past.length;
    if (at === Infinity) return;
    this.began ??= { clock: at, real: Date.now() };
    const due = this.began.real + ((at - this.began.clock) / DAY) * MS_A_DAY;
    if (due > Date.now()) await sleep(due - Date.now());
  }

  private decision(record: DecisionRecord): Line {
    return this.line(record.at, record.customer, record.invoice, record.step, wordsOf(record));
  }

  private payment({ input, settlement }: ScenarioInvoice): Line[] {
    if (!settlement) return [];
    const { customerExternalId: customer, externalId } = input;
    const at = startOfDay(settlement.paidOn, this.zones.get(customer) ?? 'UTC');
    return [this.line(at, customer, externalId, 'paid', 'its outreach ends')];
  }

  private line(at: Instant, customer: string, invoice: string, step: string, what: string): Line {
    const zone = this.zones.get(customer) ?? 'UTC';
    const when = `${localDateOf(at, zone)} ${localTimeOf(at, zone)} ${zone}`.padEnd(46);
    const text = `  ${when} ${step.padEnd(13)} ${what.padEnd(28)} ${invoice}  ${this.names.get(customer) ?? customer}`;
    return { at, text };
  }
}
