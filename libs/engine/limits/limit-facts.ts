import type { Breaker } from '#domain/breaker.js';

/** What of the limits is worth knowing before a message is begun: read along with the facts, so that where none is set none is asked for. */
export interface LimitFacts {
  /** Messages a day of the organisation; null: any number. */
  ceiling: number | null;
  /** The organisation's. */
  zone: string;
  /** Senders that their provider told to wait; null when there are none. */
  blocked: { provider: string; sender: string }[] | null;
  /** Providers that failed last time; null when there are none. */
  breakers: ({ provider: string } & Breaker)[] | null;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/** Of a row of `provider_breaker b`, as JSON builds it. */
export const BREAKER_FIELDS = `'provider', b.provider, 'failures', b.failures, 'since', ${ms('b.since')}, 'openUntil', ${ms('b.open_until')},
  'opened', b.opened, 'probeUntil', ${ms('b.probe_until')}`;

/** Of organisation $1. */
export const LIMITS = `(select json_build_object('ceiling', l.daily_ceiling, 'zone', l.zone,
    'blocked', (select json_agg(json_build_object('provider', r.provider, 'sender', r.sender))
       from sending_rate r where r.organisation_id = $1 and r.blocked_until > clock_timestamp()),
    'breakers', (select json_agg(json_build_object(${BREAKER_FIELDS})) from provider_breaker b where b.failures > 0))
  from organisation l where l.id = $1)`;
