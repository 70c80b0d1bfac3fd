import { clientOf } from '#test/support/api.js';
import { randomOf } from '#test/support/random.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { PatientClient } from './client.js';
import type { ChaosPlan } from './plan.js';
import { ROOT_KEY } from './stack.js';

const BATCH = 250;
/** Invoices enrolled by one request. */
const ENROLLED = 50;
const CAMPAIGN = 'chaos';
export const CURRENCY = 'EUR';

/** Steps of the ladder, in order. Each has a template of its own, so that no two messages about an invoice read alike. */
export const LADDER_KEYS = ['first', 'second', 'third', 'call', 'last'] as const;

const LADDER = `kindly: 1
policy: none
name: A ladder of seconds
whenExhausted: task
steps:
  - key: first
    at: { anchor: issue_date, offset: PT1S }
    send: [email, sms]
    template: heads-up
  - key: second
    at: { anchor: previous_step, offset: PT5S }
    send: [preferred, sms, email]
    unlessDelivered: PT3S
    waitFor: PT5S
    template: due-today
  - key: third
    at: { anchor: previous_step, offset: PT5S }
    send: [telegram, sms, email]
    template: overdue
  - key: call
    at: { anchor: previous_step, offset: PT5S }
    task: call
    waitFor: PT6S
  - key: last
    at: { anchor: previous_step, offset: PT5S }
    send: [email, telegram, sms]
    template: final-notice
`;

export const invoiceName = (index: number): string => `I-${String(index + 1).padStart(5, '0')}`;
const customerName = (index: number): string => `C-${String(index + 1).padStart(4, '0')}`;

/** Cents: all different, so that a mix-up would show. */
export const totalOf = (invoice: number): number => 10_000 + invoice * 7;
export const amountOf = (cents: number): string => (cents / 100).toFixed(2);

/** Where a customer can be written to; some lack one or the other, some share an address. Reserved names and numbers only. */
export function pointsOf(
  seed: number,
  customer: number,
): { email?: string; phone?: string; telegram?: string } {
  const random = randomOf(seed, 'points', customer);
  const holder = customer % 25 === 24 ? customer - 1 : customer;
  const phone = `+1${201 + Math.floor(customer / 100)}55501${String(customer % 100).padStart(2, '0')}`;
  return {
    ...(random.chance(0.92) ? { email: `debtor-${holder}@example.com` } : {}),
    ...(random.chance(0.75) ? { phone } : {}),
    ...(random.chance(0.5) ? { telegram: String(4_200_000 + customer) } : {}),
  };
}

export interface World {
  organisationId: string;
  client: PatientClient;
}

/** Founds a live organisation, loads its books and publishes its campaign. */
export async function found(url: string, seed: number, signal: AbortSignal): Promise<World> {
  const root = new PatientClient(url, ROOT_KEY, signal);
  const { organisation, apiKey } = await root.taken<{
    organisation: { id: string };
    apiKey: { token: string };
  }>(
    '/v1/organisations',
    { externalId: `chaos-${seed}`, name: 'Chaos Ltd', kind: 'live', zone: 'UTC' },
    'found',
  );
  const client = new PatientClient(url, apiKey.token, signal);
  const creditor = {
    externalId: 'MAIN',
    name: 'Chaos Ltd',
    phone: '+442079460000',
    email: 'ar@chaos.example',
  };
  await client.taken('/v1/creditors', creditor, 'creditor');
  const imported = await clientOf(url, apiKey.token).post<{ number: number }>(
    `/v1/campaigns/import?externalId=${CAMPAIGN}`,
    LADDER,
    { 'content-type': 'application/yaml' },
  );
  if (imported.status !== 201) throw new Error(`The campaign was refused: ${JSON.stringify(imported.body)}`);
  await client.taken(`/v1/campaigns/ext:${CAMPAIGN}/versions/${imported.body.number}/publish`, {}, 'publish');
  return { organisationId: organisation.id, client };
}

export async function loadBooks(
  { client }: World,
  seed: number,
  { customers }: ChaosPlan,
  invoices: number,
): Promise<void> {
  await inBatches(client, '/v1/customers/batch', 'customers', indexes(customers), (index) =>
    customerInput(seed, index),
  );
  const today = localDateOf(Date.now(), 'UTC');
  await inBatches(client, '/v1/invoices/batch', 'invoices', indexes(invoices), (index) => ({
    externalId: invoiceName(index),
    customerExternalId: customerName(index % customers),
    total: amountOf(totalOf(index)),
    currency: CURRENCY,
    issuedOn: today,
    dueOn: addDays(today, 30),
  }));
}

function customerInput(seed: number, index: number): object {
  const { email, phone, telegram } = pointsOf(seed, index);
  const preferred = randomOf(seed, 'preferred', index).pick([
    undefined,
    undefined,
    'sms',
    'telegram',
    'email',
    'call',
  ]);
  return {
    externalId: customerName(index),
    name: `Customer ${index + 1}`,
    zone: 'UTC',
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(telegram === undefined
      ? {}
      : {
          telegramChatId: telegram,
          telegramConsent: { how: 'opened the chat', at: '2025-01-01T00:00:00Z' },
        }),
    ...(preferred === undefined ? {} : { preferredMedium: preferred }),
  };
}

/** Over some time, so that there is something to interrupt from the first kill to the last. */
export async function enrolAll({ client }: World, invoices: number, overMs: number): Promise<void> {
  const all = indexes(invoices);
  const started = Date.now();
  for (let from = 0; from < invoices; from += ENROLLED) {
    const names = all.slice(from, from + ENROLLED).map((index) => `ext:${invoiceName(index)}`);
    await client.taken('/v1/enrolments', { campaign: `ext:${CAMPAIGN}`, invoices: names }, `enrol-${from}`);
    const due = started + (overMs * (from + ENROLLED)) / invoices;
    await client.pause(due - Date.now());
  }
}

const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function inBatches(
  client: PatientClient,
  path: string,
  name: string,
  all: readonly number[],
  input: (index: number) => object,
): Promise<void> {
  for (let from = 0; from < all.length; from += BATCH) {
    const items = all.slice(from, from + BATCH).map(input);
    const { refused, results } = await client.taken<{ refused: number; results: unknown[] }>(
      path,
      { [name]: items },
      `${name}-${from}`,
    );
    if (refused > 0)
      throw new Error(`${refused} ${name} were refused: ${JSON.stringify(results).slice(0, 500)}`);
  }
}
