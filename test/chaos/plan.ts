import { type Random, randomOf } from '#test/support/random.js';

export const PARTS = ['worker-1', 'worker-2', 'api', 'postgres', 'temporal'] as const;
export type Part = (typeof PARTS)[number];

/** Those in whose hands a message is while its provider has it. */
const SENDING_PARTS: readonly Part[] = ['worker-1', 'worker-2'];

export const SENDERS = ['sendgrid', 'smtp', 'twilio', 'telegram'] as const;
export type Sender = (typeof SENDERS)[number];

/** A part is killed at a moment and started again after it has ended and a while. Milliseconds from the beginning. */
export interface Kill {
  at: number;
  part: Part;
  downMs: number;
}

/** A provider takes no connections for a while. */
export interface Refusal {
  at: number;
  sender: Sender;
  forMs: number;
}

/** Something that somebody records, by number of the invoice or customer. `after`: the fact it takes back. */
export type PlannedFact = { at: number; key: string } & (
  | { kind: 'pay'; invoice: number; percent: number; pending: boolean }
  | { kind: 'post'; invoice: number; after: string }
  | { kind: 'reverse'; after: string }
  | {
      kind: 'hold';
      hold: 'dispute' | 'promise' | 'manual';
      invoice: number;

      forMs: number | null;
    }
  | { kind: 'release'; after: string }
  | { kind: 'suppress'; customer: number; point: 'email' | 'phone' | 'telegram' }
  | { kind: 'cancel' | 'write-off'; invoice: number }
  | { kind: 'reinstate'; invoice: number; after: string }
);

/** An emergency stop of the organisation, and its release. */
export interface PlannedStop {
  at: number;
  forMs: number;
}

export interface ChaosPlan {
  stops: PlannedStop[];
  customers: number;
  kills: Kill[];
  refusals: Refusal[];
  facts: PlannedFact[];
}

export interface Size {
  seed: number;
  minutes: number;
  invoices: number;
  /** A product with a fault in it: what trips it is killed more often. */
  broken?: unknown;
}

const MINUTE = 60_000;
/** Invoices of a customer. */
const EACH = 5;

/** All that happens, from the seed alone: the same seed and size give the same plan. */
export function planOf({ seed, minutes, invoices, broken }: Size): ChaosPlan {
  const lastsMs = minutes * MINUTE;
  const customers = Math.max(1, Math.round(invoices / EACH));
  return {
    customers,
    stops: stopsOf(randomOf(seed, 'stops'), lastsMs),
    kills: killsOf(randomOf(seed, 'kills'), lastsMs, broken ? SENDING_PARTS : PARTS),
    refusals: refusalsOf(randomOf(seed, 'refusals'), lastsMs),
    facts: factsOf(randomOf(seed, 'facts'), lastsMs, invoices, customers),
  };
}

/** Each part once in a round, in another order every time, some seconds apart. */
function killsOf(random: Random, lastsMs: number, parts: readonly Part[]): Kill[] {
  const kills: Kill[] = [];
  let round: Part[] = [];
  for (let at = random.between(3_000, 7_000); at < lastsMs; at += random.between(6_000, 14_000)) {
    if (round.length === 0) round = random.shuffle(parts);
    const part = round.pop() as Part;
    kills.push({ at, part, downMs: random.chance(0.5) ? 0 : random.between(200, 4_000) });
  }
  return kills;
}

/** Short, and in the first half: a step that met one waits a minute for its next try, and five after the second. */
function refusalsOf(random: Random, lastsMs: number): Refusal[] {
  const count = Math.max(1, Math.round(lastsMs / (2 * MINUTE)));
  return random
    .shuffle(SENDERS)
    .slice(0, count)
    .map((sender) => ({
      at: random.between(2_000, Math.max(2_000, lastsMs / 2)),
      sender,
      forMs: random.between(1_000, 4_000),
    }))
    .sort((one, other) => one.at - other.at);
}

/** One, in the middle of it all. */
const stopsOf = (random: Random, lastsMs: number): PlannedStop[] => [
  { at: Math.round(lastsMs * (0.35 + random.next() / 4)), forMs: random.between(3_000, 7_000) },
];

/** How many in a hundred invoices meet it. */
const SHARES = { pay: 16, part: 8, bounce: 5, pending: 3, dispute: 5, promise: 4, manual: 3, close: 3 };

function factsOf(random: Random, lastsMs: number, invoices: number, customers: number): PlannedFact[] {
  const facts: PlannedFact[] = [];
  for (const invoice of Array.from({ length: invoices }, (_, index) => index)) {
    const at = random.between(1_000, Math.max(1_000, lastsMs * 0.85));
    facts.push(...invoiceFacts(random, invoice, at, at + random.between(2_000, 20_000)));
  }
  for (const customer of Array.from({ length: customers }, (_, index) => index)) {
    if (!random.chance(0.06)) continue;
    const point = random.pick(['email', 'phone', 'telegram'] as const);
    const at = random.between(1_000, Math.max(1_000, lastsMs * 0.85));
    facts.push({ at, key: `suppress-${customer}`, kind: 'suppress', customer, point });
  }
  return facts.sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1));
}

function invoiceFacts(random: Random, invoice: number, at: number, later: number): PlannedFact[] {
  const roll = random.next() * 100;
  const keys = Object.keys(SHARES) as (keyof typeof SHARES)[];
  let sum = 0;
  const what = keys.find((key) => roll < (sum += SHARES[key]));
  const key = `${what ?? 'none'}-${invoice}`;
  const undone = { at: later, key: `${key}-undone`, after: key };
  const pay = { at, key, kind: 'pay', invoice, pending: false } as const;
  const hold = (kind: 'dispute' | 'promise' | 'manual', forMs: number | null): PlannedFact => ({
    at,
    key,
    kind: 'hold',
    hold: kind,
    invoice,
    forMs,
  });
  switch (what) {
    case 'pay':
      return [{ ...pay, percent: 100 }];
    case 'part':
      return [{ ...pay, percent: random.between(10, 60) }];
    case 'bounce':
      return [
        { ...pay, percent: 100 },
        { ...undone, kind: 'reverse' },
      ];
    case 'pending':
      return [
        { ...pay, percent: 100, pending: true },
        { ...undone, kind: 'post', invoice },
      ];
    case 'dispute':
      return [
        hold('dispute', null),
        ...(random.chance(0.5) ? [{ ...undone, kind: 'release' as const }] : []),
      ];
    case 'promise':
      return [hold('promise', random.between(5_000, 20_000))];
    case 'manual':
      return [hold('manual', null), { ...undone, kind: 'release' }];
    case 'close':
      return random.chance(0.5)
        ? [{ at, key, kind: 'cancel', invoice }]
        : [
            { at, key, kind: 'write-off', invoice },
            { ...undone, kind: 'reinstate', invoice },
          ];
    case undefined:
      return [];
  }
}
