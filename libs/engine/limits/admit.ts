import type { Channel } from '#channels/channel.js';
import { permission } from '#domain/breaker.js';
import type { LimitRule, Reason } from '#domain/gate.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { holdsSlot, nextDayFor, type Rate, type Slot } from '#domain/limits.js';
import { localDateOf } from '#domain/local-time.js';
import type { MessageMedium } from '#domain/medium.js';
import type { EngineDeps } from '../deps.js';
import type { LoadedEnrolment } from '../load-enrolment.js';
import type { LockedScope } from '../lock-invoice.js';
import { claimProbe } from './breakers.js';
import { countMessage, uncountMessage } from './ceiling.js';
import type { LimitFacts } from './limit-facts.js';
import { takeSlot } from './sending-rate.js';

/** A message that everything else speaks for. */
export interface Applicant {
  medium: MessageMedium;
  /** Address it is sent from. */
  sender: string;
  /** Of the creditor's settings; the provider's own unless given. */
  rate: Rate | undefined;
  dueAt: Instant;
  /** Its place in a line, from an earlier try. */
  slot: Slot | null | undefined;
  /** A provider that was not reached with it the last time: another goes first. */
  avoid: string | null;
}

/** What has to be put right afterwards. */
export interface Admitted {
  sender: string;
  /** The day it was counted on; null where there is no ceiling. */
  countedOn: LocalDate | null;
  /** Its provider failed the last time. */
  isSuspect: boolean;
}

export type Admission =
  | { kind: 'go'; channel: Channel; admitted: Admitted | null }
  | { kind: 'wait'; until: Instant; slot: Slot | undefined; reasons: [Reason<LimitRule>] };

/** How fast a line moves on that had to wait, where no rate says otherwise: so that not all come at once. */
const RESUMING: Rate = { perSecond: 10 };

const TEXT: Record<LimitRule, string> = {
  rate_limit: 'Its sender may send only so fast; it goes out in its turn.',
  daily_ceiling: "The organisation's messages of the day are used up; it goes out on the next.",
  provider_down: 'Its provider fails; it goes out when that is back.',
};

/**
 * Whether a message may go out now by the limits, and by whom; in this order, so that the next is not used up where the one before says
 * no: a provider that works, room in the day, the sender's turn. Under the customer's lock, right before the ledger's row.
 */
export async function admit(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  applicant: Applicant,
): Promise<Admission> {
  const { limits } = loaded;
  const candidates = deps.channels.candidates(scope.kind, applicant.medium);
  if (!limits) throw new Error('Limits are loaded with what a message says.');
  const channel = await chooseChannel(scope, limits, candidates, applicant.avoid);
  if (!channel) return inLine(scope, candidates, limits, applicant);
  const counted = await count(scope, limits);
  if (!counted) return nextDay(scope, loaded, limits, applicant);
  const countedOn = counted.day;
  const turn = channel.external ? await takeTurn(scope, limits, channel, applicant) : null;
  if (turn) {
    if (countedOn) await uncountMessage(scope, countedOn);
    return waiting('rate_limit', turn.at, turn);
  }
  if (!channel.external && !countedOn) return { kind: 'go', channel, admitted: null };
  const isSuspect = limits.breakers?.some(({ provider }) => provider === channel.provider) ?? false;
  return { kind: 'go', channel, admitted: { sender: applicant.sender, countedOn, isSuspect } };
}

const waiting = (rule: LimitRule, until: Instant, slot?: Slot): Admission => ({
  kind: 'wait',
  until,
  slot,
  reasons: [{ rule, text: TEXT[rule] }],
});

/** The first that works, one that may be back included where nobody else is trying it; null when none does. */
async function chooseChannel(
  { manager }: LockedScope,
  { breakers }: LimitFacts,
  candidates: readonly Channel[],
  avoid: string | null,
): Promise<Channel | null> {
  const inOrder = [
    ...candidates.filter(({ provider }) => provider !== avoid),
    ...candidates.filter(({ provider }) => provider === avoid),
  ];
  for (const channel of inOrder) {
    const breaker = channel.external && breakers?.find(({ provider }) => provider === channel.provider);
    if (!breaker) return channel;
    const may = permission(breaker, Date.now());
    if (may.kind === 'yes') return channel;
    if (may.kind === 'probe' && (await claimProbe(manager, channel.provider))) return channel;
  }
  return null;
}

/** Nobody works: the line of the first moves on when it may be tried again. */
async function inLine(
  scope: LockedScope,
  candidates: readonly Channel[],
  { breakers }: LimitFacts,
  applicant: Applicant,
): Promise<Admission> {
  const now = Date.now();
  const waits = candidates.map(({ provider }) => {
    const breaker = breakers?.find((each) => each.provider === provider);
    const may = breaker && permission(breaker, now);
    // Somebody else claimed its probe just now.
    return { provider, until: may?.kind === 'no' ? may.until : now + 1_000 };
  });
  const [first] = waits.sort((one, other) => one.until - other.until);
  if (!first) throw new Error('No channel carries the medium.');
  const by = { organisationId: scope.organisationId, provider: first.provider, sender: applicant.sender };
  const at = (await takeSlot(scope.manager, by, RESUMING, first.until)) ?? first.until;
  return waiting('provider_down', at, { by: lineOf(first.provider, applicant.sender), at });
}

/** @returns the day it was counted on, if days are counted; null when this one is full */
async function count(
  scope: LockedScope,
  { ceiling, zone }: LimitFacts,
): Promise<{ day: LocalDate | null } | null> {
  if (ceiling === null) return { day: null };
  const day = localDateOf(scope.now, zone);
  return (await countMessage(scope, day, ceiling)) ? { day } : null;
}

function nextDay(
  { now }: LockedScope,
  { facts }: LoadedEnrolment,
  { zone }: LimitFacts,
  { dueAt }: Applicant,
): Admission {
  const seed = facts.invoice.externalId;
  const customerZone = facts.customer.zone;
  return waiting('daily_ceiling', nextDayFor({ now, organisationZone: zone, customerZone, dueAt, seed }));
}

/** @returns null when it is its turn now */
async function takeTurn(
  scope: LockedScope,
  { blocked }: LimitFacts,
  channel: Channel,
  { sender, rate, slot }: Applicant,
): Promise<Slot | null> {
  const { provider } = channel;
  const isBlocked = blocked?.some((each) => each.provider === provider && each.sender === sender) ?? false;
  const own = rate ?? channel.rateOf?.(sender) ?? null;
  const by = lineOf(provider, sender);
  if (!isBlocked && (own === null || holdsSlot(slot, by, scope.now))) return null;
  const { organisationId, manager } = scope;
  const at = await takeSlot(manager, { organisationId, provider, sender }, own ?? RESUMING);
  return at === null ? null : { by, at };
}

export const lineOf = (provider: string, sender: string): string => `${provider} ${sender}`;
