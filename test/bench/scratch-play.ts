import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { validateCampaign } from '#domain/campaign/validate.js';
import { weekendCalendar } from '#domain/working-days.js';
import { simulate } from '#engine/play/simulate.js';
import { Play } from '#engine/play/play.js';
import { toLedgerLine } from '#engine/play/decision-record.js';
import { startBenchStack } from './bench-stack.js';
const rows = (f: string) => parse(readFileSync(f), { columns: true }) as Record<string, string>[];
const date = (t: string) => {
  const [m, d, y] = t.split('/');
  return `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}`;
};
const customers = rows('../shared/data/ar-customers.csv').map((r) => ({
  externalId: r.customer_id!,
  name: r.name!,
  email: r.email || undefined,
  phone: r.phone || undefined,
  telegramChatId: r.telegram_chat_id || undefined,
  locale: r.locale,
  zone: r.timezone!,
  preferredMedium: r.preferred_channel as 'email',
  country: r.country,
}));
const limit = Number(process.argv[2] ?? 3000);
const send = (process.argv[3] ?? 'email').split(',') as 'email'[];
const invoices = rows('../shared/data/ar-invoices.csv')
  .slice(0, limit)
  .map((r) => ({
    input: {
      externalId: r.invoiceNumber!,
      customerExternalId: r.customerID!,
      total: r.InvoiceAmount!,
      currency: 'USD',
      issuedOn: date(r.InvoiceDate!),
      dueOn: date(r.DueDate!),
    },
    settlement: { paidOn: date(r.SettledDate!), amount: r.InvoiceAmount! },
  }));
const v = validateCampaign({
  kindly: 1,
  name: 't',
  steps: [
    {
      key: 'heads-up',
      at: { anchor: 'due_date', offset: '-P3D', time: '10:00' },
      send,
      template: 'heads-up',
    },
    { key: 'overdue', at: { anchor: 'due_date', offset: 'P1D', time: '10:00' }, send, template: 'overdue' },
    {
      key: 'second',
      at: { anchor: 'due_date', offset: 'P14D', time: '10:00' },
      send,
      template: 'second-notice',
    },
  ],
});
if (!v.ok) throw new Error(JSON.stringify(v));
const scenario = { document: v.document, customers, invoices, zone: 'UTC', answers: new Map() };
let t = performance.now();
const sim = await simulate(scenario as never, weekendCalendar);
console.error('simulate ms', performance.now() - t, JSON.stringify(sim.report));
if (process.argv[4] !== 'sim') {
  const stack = await startBenchStack();
  const worker = await stack.startKindly();
  try {
    t = performance.now();
    const play = await Play.prepare(
      { app: stack.app, system: stack.system, appUrl: stack.appUrl, calendar: weekendCalendar },
      scenario as never,
      { creditor: { externalId: 'main', name: 'Sample', phone: '+442079460000', email: 'a@sample.example' } },
    );
    console.error('loaded', performance.now() - t);
    t = performance.now();
    const r = await play.run().catch(async (e: unknown) => {
      console.error(String(e));
      const { withOrganisation } = await import('#store/with-organisation.js');
      await withOrganisation(stack.app, play.organisationId, async (m) => {
        console.error(
          await m.query(
            'select workflow_id, version, payload, claimed_until, tries, last_error, now() from outbox',
          ),
        );
        const un = await m.query(
          'select e.id, e.invoice_id, e.state, e.ended_reason, e.next_due_at, e.facts_version, e.planned_version, e.cursor, i.external_id from enrolment e join invoice i on i.id = e.invoice_id where planned_version < facts_version',
        );
        console.error(un);
        const id = un[0]?.invoice_id;
        if (id) {
          const h = await stack.temporal.workflow
            .getHandle('invoice/' + play.organisationId + '/' + id)
            .fetchHistory();
          for (const ev of h.events ?? [])
            console.error(
              String(ev.eventId),
              ev.eventType,
              String(ev.eventTime?.seconds) + '.' + ev.eventTime?.nanos,
              JSON.stringify(
                ev.workflowTaskFailedEventAttributes ??
                  ev.activityTaskFailedEventAttributes ??
                  ev.activityTaskScheduledEventAttributes?.activityType ??
                  ev.workflowTaskTimedOutEventAttributes ??
                  '',
              ),
            );
        }
      });
      throw e;
    });
    console.error('play ms', performance.now() - t, JSON.stringify(r.report));
    const a = sim.records.map((x) => JSON.stringify(toLedgerLine(x))).join('\n'),
      b = r.records.map((x) => JSON.stringify(toLedgerLine(x))).join('\n');
    console.error('equal', a === b, JSON.stringify(sim.report) === JSON.stringify(r.report));
    await play.close();
  } finally {
    await worker.stop();
    await stack.stop();
  }
}
