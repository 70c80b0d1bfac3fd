import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sendgridWebhook, TWILIO_TOKEN, twilioWebhook } from '#test/support/providers/index.js';
import { during } from './bench-process.js';
import type { BenchStack } from './bench-stack.js';
import { endAll } from './measure.js';
import type { BenchOptions } from './options.js';
import { oneMessageEach, type Sent } from './outreach.js';
import { type Figures, medianOf, rounds, type Turn } from './rounds.js';
import { tell } from './tell.js';

const MESSAGES = 200;
/** Of one call of SendGrid's; Twilio makes a call of each. */
const EVENTS = 20;
/** At once, to the API and to PostgreSQL. */
const CONNECTIONS = 8;
/** Of each kind, before anything is measured. */
const WARM_UP_CALLS = 100;

/**
 * Receipts that are verified and stored, by the API alone: no worker runs that would apply them. Beside them the same
 * rows, as many a transaction, by PostgreSQL's driver into a table that has the same indexes and nothing else: no
 * signature, no tenant, no message that they belong to.
 */
export async function webhooksStored(stack: BenchStack, options: BenchOptions): Promise<Figures> {
  const ledger = await during([stack.startKindly], () => oneMessageEach(stack, MESSAGES, 'email'));
  await endAll(stack);
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: CONNECTIONS });
  try {
    return await during([stack.startApi], async () => {
      const world = { stack, pool, ...ledger };
      await rounds(1, turnsOf(world, WARM_UP_CALLS));
      await stack.owner.query('analyze');
      return figuresOf(await rounds(options.rounds, turnsOf(world, options.calls)));
    });
  } finally {
    await pool.end();
    // The next worker would apply them, beside what is measured of it.
    await stack.owner.query('truncate receipt, bare_receipt');
  }
}

type Rates = Record<'batches' | 'bareBatches' | 'singles' | 'bareSingles', number>;

const figuresOf = (all: readonly Rates[]): Figures => ({
  webhooksRatio: medianOf(all, ({ batches, bareBatches }) => batches / bareBatches),
  webhookCallsRatio: medianOf(all, ({ singles, bareSingles }) => singles / bareSingles),
  webhookReceiptsPerSecond: medianOf(all, ({ batches }) => batches, 0),
  bareReceiptsPerSecond: medianOf(all, ({ bareBatches }) => bareBatches, 0),
  webhookCallsPerSecond: medianOf(all, ({ singles }) => singles, 0),
  bareCallsPerSecond: medianOf(all, ({ bareSingles }) => bareSingles, 0),
});

interface World {
  stack: BenchStack;
  pool: pg.Pool;
  organisationId: string;
  sent: readonly Sent[];
}

/** Receipts a second, of `calls` calls that tell of twenty each, or of one each. */
function turnsOf(world: World, calls: number): Record<keyof Rates, Turn> {
  const { pool, organisationId } = world;
  const bare = (events: number): Turn => {
    return () =>
      rateOf(
        events,
        callsOf(calls, () => rowsOf(world, events)),
        async (rows) => {
          const { rowCount } = await pool.query({ ...INSERT, values: [organisationId, rows] });
          return rowCount ?? 0;
        },
      );
  };
  return {
    batches: () =>
      rateOf(
        EVENTS,
        callsOf(calls, () => sendgridCall(world)),
        tell,
      ),
    bareBatches: bare(EVENTS),
    singles: () =>
      rateOf(
        1,
        callsOf(calls, () => twilioCall(world)),
        tell,
      ),
    bareSingles: bare(1),
  };
}

/** Made, and signed, before the clock runs. */
const callsOf = <Call>(count: number, make: () => Call): Call[] => Array.from({ length: count }, make);

/** @param store @returns how many receipts were new, which all of them must be */
async function rateOf<Call>(
  events: number,
  calls: readonly Call[],
  store: (call: Call) => Promise<number>,
): Promise<number> {
  const left = calls.values();
  const connection = async (): Promise<void> => {
    for (const call of left) {
      const stored = await store(call);
      if (stored !== events) throw new Error(`Of ${events} receipts ${stored} were stored.`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return ((events * calls.length) / (performance.now() - start)) * 1000;
}

const oneOf = (sent: readonly Sent[], index = Math.floor(Math.random() * sent.length)): string =>
  sent[index]?.contactId ?? '';

function sendgridCall({ stack, organisationId, sent }: World): ReturnType<typeof sendgridWebhook> {
  const now = Date.now();
  const events = Array.from({ length: EVENTS }, (_, index) => ({
    event: index % 2 ? 'open' : 'delivered',
    email: 'debtor@example.test',
    timestamp: Math.floor(now / 1_000),
    sg_event_id: randomUUID(),
    sg_message_id: `${randomUUID()}.filter0001`,
    useragent: 'Mozilla/5.0 (X11; Linux x86_64)',
    organisationId,
    contactId: oneOf(sent),
  }));
  return sendgridWebhook(events, now, `${stack.apiUrl}/webhooks/sendgrid`);
}

function twilioCall({ stack, organisationId, sent }: World): ReturnType<typeof twilioWebhook> {
  const url = `${stack.apiUrl}/webhooks/twilio?organisation=${organisationId}&contact=${oneOf(sent)}`;
  const sid = `SM${randomUUID().replaceAll('-', '')}`;
  const fields = { MessageSid: sid, MessageStatus: 'delivered', To: '+12015550101', From: '+12015550100' };
  return twilioWebhook(url, fields, TWILIO_TOKEN);
}

const INSERT = {
  name: 'bare-receipts',
  text: `insert into bare_receipt (organisation_id, contact_id, provider, event_key, provider_id, kind, effective_at)
    select $1, r.contact, 'bare', r.key, r.name, 'delivered', now()
    from jsonb_to_recordset($2) as r(contact uuid, key text, name text)`,
};

const rowsOf = ({ sent }: World, events: number): string =>
  JSON.stringify(
    Array.from({ length: events }, () => ({ contact: oneOf(sent), key: randomUUID(), name: randomUUID() })),
  );
