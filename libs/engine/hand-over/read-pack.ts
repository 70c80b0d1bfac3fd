import type { HandOverPack } from '#contracts/schemas/index.js';
import type { InboundReading } from '#domain/conversation.js';
import { formatInstant, type Instant, type LocalDate } from '#domain/instant.js';
import { localDateOf, localTimeOf } from '#domain/local-time.js';
import { breaksAt, type PlanFacts, planParts, stateOf } from '#domain/instalments.js';
import type { Medium } from '#domain/medium.js';
import { formatAmount } from '#domain/money.js';
import {
  contactSentence,
  type ContactFacts,
  messageSentence,
  taskSentence,
  type TaskFacts,
} from '../reading/sentences.js';
import { entryOf, type TimelineMoment } from '../reading/timeline.js';
import type { Scope } from '../scope.js';
import { PACK } from './pack-sql.js';

type Pack = HandOverPack;
type Timed<T> = Omit<T, 'at' | 'localTime'> & { at: Instant };
type Minor<T, Key extends keyof T> = Omit<T, Key> & Record<Key, number>;
type Of<Key extends keyof Pack> = Pack[Key] extends (infer Item)[] ? Item : never;

/** As the statement answers: instants in milliseconds, amounts in minor units. */
interface Row {
  organisation: string;
  creditor: Pack['creditor'];
  customer: Pack['customer'];
  invoice: Minor<
    Omit<Pack['invoice'], 'daysOverdue' | 'paid' | 'pending' | 'open' | 'parts'>,
    'net' | 'tax' | 'total' | 'disputed'
  > & {
    parts: (Minor<Omit<Pack['invoice']['parts'][number], 'open'>, 'amount' | 'paid' | 'pending'> & {
      completedAt: Instant | null;
    })[];
  };
  daysOverdue: number;
  campaigns: (Timed<Of<'campaigns'>> & { endedAt: Instant | null })[];
  money: (Minor<Timed<Of<'money'>>, 'amount'> & { takenBackAt: Instant | null })[];
  messages: (Omit<Timed<Of<'messages'>>, 'sentence' | 'receipts'> &
    Omit<ContactFacts, 'kind' | 'medium'> & {
      receipts: { at: Instant; kind: string; byMachine: boolean }[];
    })[];
  received: (Omit<Timed<Of<'received'>>, 'sentence'> & {
    reading: InboundReading;
    returnsOn: LocalDate | null;
  })[];
  tasks: (Omit<Timed<Of<'tasks'>>, 'sentence'> & { completedAt: Instant | null; stepKey: string | null })[];
  promises: (Omit<Minor<Timed<Of<'promises'>>, 'amount' | 'came'>, 'state'> & {
    cancelled: boolean;
    isOver: boolean;
  })[];
  plans: {
    at: Instant;
    plan: PlanFacts;
    zone: string;
    cancelledAt: Instant | null;
    evidence: Record<string, unknown> | null;
  }[];
  holds: (Omit<Timed<Of<'holds'>>, 'amount'> & {
    amount: number | null;
    expiresAt: Instant | null;
    releasedAt: Instant | null;
  })[];
  consents: Timed<Of<'consents'>>[];
  suppressions: (Timed<Of<'suppressions'>> & { liftedAt: Instant | null })[];
  history: TimelineMoment[];
}

const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/**
 * Everything said and paid about an invoice, as of one moment.
 *
 * @returns null when there is no such invoice
 */
export async function readPack(scope: Scope, invoiceId: string): Promise<HandOverPack | null> {
  const { manager, organisationId, now } = scope;
  const [invoice] = await manager.query<{ customer_id: string }[]>(
    'select customer_id from invoice where organisation_id = $1 and id = $2',
    [organisationId, invoiceId],
  );
  if (!invoice) return null;
  const [row] = await manager.query<Row[]>(PACK, [
    organisationId,
    invoiceId,
    invoice.customer_id,
    new Date(now),
  ]);
  return row ? packOf(row, now) : null;
}

function packOf(row: Row, now: Instant): HandOverPack {
  const { currency } = row.invoice;
  const { zone } = row.customer;
  const money = (minor: number): string => formatAmount(minor, currency);
  const timed = <T extends { at: Instant }>({ at, ...rest }: T) => ({
    at: formatInstant(at),
    localTime: `${localDateOf(at, zone)} ${localTimeOf(at, zone)}`,
    ...rest,
  });
  return {
    asOf: formatInstant(now),
    organisation: row.organisation,
    creditor: row.creditor,
    customer: row.customer,
    invoice: invoiceOf(row),
    campaigns: row.campaigns.map((each) => ({ ...timed(each), endedAt: iso(each.endedAt) })),
    money: row.money.map((each) => ({
      ...timed(each),
      amount: money(each.amount),
      takenBackAt: iso(each.takenBackAt),
    })),
    messages: row.messages.map(({ outcomeCode, delivery, resolution, receipts, ...each }) => ({
      ...timed(each),
      sentence: contactSentence({
        ...each,
        outcomeCode,
        delivery,
        resolution,
        medium: each.medium as Medium,
      }),
      receipts: receipts.map(({ at, ...receipt }) => ({ at: formatInstant(at), ...receipt })),
    })),
    received: row.received.map(({ reading, returnsOn, ...each }) => ({
      ...timed(each),
      sentence: messageSentence(each.medium as Medium, reading, returnsOn),
    })),
    tasks: row.tasks.map(({ stepKey, ...each }) => ({
      ...timed(each),
      completedAt: iso(each.completedAt),
      sentence: taskSentence({ ...each, stepKey } as TaskFacts),
    })),
    promises: row.promises.map(({ cancelled, isOver, ...each }) => ({
      ...timed(each),
      amount: money(each.amount),
      came: money(each.came),
      state: cancelled
        ? ('cancelled' as const)
        : each.came >= each.amount
          ? ('kept' as const)
          : isOver
            ? ('broken' as const)
            : ('standing' as const),
    })),
    plans: row.plans.map(({ at, plan, zone, cancelledAt, evidence }) => {
      const state = cancelledAt === null ? stateOf(plan, zone, now) : 'cancelled';
      const endedAt = cancelledAt ?? (state === 'broken' ? breaksAt(plan, zone) : null);
      const parts = planParts(plan).map(({ dueOn, amount, open }) => ({
        dueOn: dueOn ?? '',
        amount: money(amount),
        open: money(open),
      }));
      return { ...timed({ at }), parts, state, endedAt: iso(endedAt), evidence };
    }),
    holds: row.holds.map((each) => ({
      ...timed(each),
      amount: each.amount === null ? null : money(each.amount),
      expiresAt: iso(each.expiresAt),
      releasedAt: iso(each.releasedAt),
    })),
    consents: row.consents.map(timed),
    suppressions: row.suppressions.map((each) => ({ ...timed(each), liftedAt: iso(each.liftedAt) })),
    history: row.history.map((moment) => {
      const { kind, sentence } = entryOf(moment, now);
      return { ...timed({ at: moment.at }), kind, sentence };
    }),
  };
}

function invoiceOf({ invoice, daysOverdue }: Row): Pack['invoice'] {
  const { currency, parts, net, tax, total, disputed, ...rest } = invoice;
  const money = (minor: number): string => formatAmount(minor, currency);
  const sum = (of: 'paid' | 'pending'): number => parts.reduce((all, part) => all + part[of], 0);
  return {
    ...rest,
    currency,
    daysOverdue,
    net: money(net),
    tax: money(tax),
    total: money(total),
    paid: money(sum('paid')),
    pending: money(sum('pending')),
    open: money(total - sum('paid')),
    disputed: money(Math.min(disputed, total - sum('paid'))),
    parts: parts.map((part) => ({
      ...part,
      amount: money(part.amount),
      paid: money(part.paid),
      pending: money(part.pending),
      open: money(part.amount - part.paid),
      completedAt: iso(part.completedAt),
    })),
  };
}
