import type { EntityManager } from 'typeorm';
import type { Outcome } from '#channels/channel.js';
import { afterCall, type Breaker, type CallSign, permission, probing } from '#domain/breaker.js';
import type { LimitLog } from '../deps.js';
import { BREAKER_FIELDS } from './limit-facts.js';

/** Not of the provider: ours, or of one sender alone (a 403 is about who is named as sender). */
const NOT_ITS_FAULT = new Set(['emergency_stop', 'lease_too_short', 'http_403']);
/** It answered, or it is not known whether it was asked. */
const SAYS_NOTHING = new Set(['lease_expired', 'unreadable_answer', 'answer_too_large', 'http_408']);
/** A refusal in the provider's own words, and not of the channel before it called. */
const ITS_OWN = /^(http_|smtp_|\d)/;

/** What an outcome says about the provider; null: nothing. */
export function callSign(outcome: Outcome): CallSign | null {
  switch (outcome.kind) {
    case 'accepted':
    case 'throttled':
      return 'success';
    case 'rejected':
      return ITS_OWN.test(outcome.code) ? 'success' : null;
    case 'not_reached':
      return NOT_ITS_FAULT.has(outcome.code) ? null : 'failure';
    case 'unknown':
      return SAYS_NOTHING.has(outcome.code) || outcome.code.startsWith('http_3') ? null : 'failure';
  }
}

/** Of several who see that a provider may be back one tries. @returns whether it is this one */
export async function claimProbe(manager: EntityManager, provider: string): Promise<boolean> {
  const breaker = await lock(manager, provider);
  if (permission(breaker, Date.now()).kind !== 'probe') return false;
  await write(manager, provider, probing(breaker, Date.now()));
  return true;
}

/** Counts a call that failed, or that went well after some that did not. */
export async function recordCall(
  manager: EntityManager,
  provider: string,
  sign: CallSign,
  log?: LimitLog,
): Promise<void> {
  await manager.query('insert into provider_breaker (provider) values ($1) on conflict do nothing', [
    provider,
  ]);
  const before = await lock(manager, provider);
  const after = afterCall(before, sign, Date.now());
  if (after === before) return;
  await write(manager, provider, after);
  if (after.openUntil !== before.openUntil)
    log?.(after.openUntil === null ? 'breaker_closed' : 'breaker_opened', {
      provider,
      failures: after.failures,
      opened: after.opened,
    });
}

/** Those that failed last time. @param manager of either role */
export async function readBreakers(manager: EntityManager): Promise<({ provider: string } & Breaker)[]> {
  const rows = await manager.query<{ breaker: { provider: string } & Breaker }[]>(
    `select json_build_object(${BREAKER_FIELDS}) as breaker from provider_breaker b where b.failures > 0 order by b.provider`,
  );
  return rows.map(({ breaker }) => breaker);
}

async function lock(manager: EntityManager, provider: string): Promise<Breaker> {
  const [row] = await manager.query<{ breaker: { provider: string } & Breaker }[]>(
    `select json_build_object(${BREAKER_FIELDS}) as breaker from provider_breaker b where b.provider = $1 for update`,
    [provider],
  );
  if (!row) throw new Error('A breaker that was read is gone.');
  return row.breaker;
}

const at = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));

async function write(manager: EntityManager, provider: string, breaker: Breaker): Promise<void> {
  const { failures, since, openUntil, opened, probeUntil } = breaker;
  await manager.query(
    `update provider_breaker set failures = $2, since = $3, open_until = $4, opened = $5, probe_until = $6
     where provider = $1`,
    [provider, failures, at(since), at(openUntil), opened, at(probeUntil)],
  );
}
