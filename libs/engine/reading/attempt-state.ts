import type { Instant } from '#domain/instant.js';
import type { ContactState } from '#domain/transitions.js';

/**
 * What became of a step. Its decision is written before anybody is called, and so says of a message only that it was
 * to go out; whether it did is the contact's to say.
 */
export const ATTEMPT_STATES = [
  'sending', 'sent', 'not_delivered', 'rejected', 'unknown', 'task', 'deferred', 'merged', 'suppressed',
] as const; // prettier-ignore
export type AttemptState = (typeof ATTEMPT_STATES)[number];

const STATE_OF: Record<ContactState, AttemptState> = {
  attempting: 'sending',
  accepted: 'sent',
  rejected: 'rejected',
  not_reached: 'not_delivered',
  throttled: 'not_delivered',
  unknown: 'unknown',
};

const WHENS = Object.entries(STATE_OF).map(([contact, state]) => `when '${contact}' then '${state}'`);

/** The state of attempt `t` with its contact `o`, which may be missing; one that was merged is so as soon as its statement went out. */
export const ATTEMPT_STATE = `case when t.decision not in ('sent', 'merged') then t.decision
  when t.decision = 'merged' and o.state = 'accepted' then 'merged' else case o.state ${WHENS.join(' ')} else 'unknown' end end`;

/** When a step is tried again, for its sentence; null when it is not, or is due already. */
export const retryOf = (
  { retryAt, zone }: { retryAt: Instant | null; zone: string },
  now: Instant,
): { at: Instant; zone: string } | null => (retryAt !== null && retryAt > now ? { at: retryAt, zone } : null);

/**
 * Of attempt `t` of enrolment `e` with its contact `o`: not before when its step is tried again, in milliseconds since
 * 1970; null when it is not, or nobody knows yet.
 */
export const RETRY_AT = `case when e.state = 'open' and e.run_no = t.run_no and t.decision in ('sent', 'merged')
    and o.state in ('not_reached', 'throttled') then (
  select (tried ->> 'notBefore')::bigint
  from jsonb_array_elements(coalesce(e.cursor -> 'parked', '[]') || jsonb_build_array(e.cursor -> 'trying')) as tried
  where tried ->> 'stepKey' = t.step_key and (tried ->> 'occurrence')::int = t.occurrence) end`;
