import { DEFAULT_REPLY_PAUSE, type InboundReading, type InboundState } from '#domain/conversation.js';
import { POINT_OF } from '#domain/medium.js';
import type { Scope } from '../scope.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';

/** Readings that say whether an address wants messages, and those that say whether a chat is open. */
const WORDS: readonly (readonly InboundReading[])[] = [
  ['stop', 'start', 'opt_in'],
  ['blocked', 'unblocked'],
];
const WANTING: readonly InboundReading[] = ['start', 'opt_in', 'unblocked'];

interface Row {
  reading: InboundReading | null;
  said_at: Date | null;
  confirmed: Date[] | null;
  pause: string | null;
  zone: string;
}

const READ = `
  select w.reading, w.effective_at as said_at, o.settings ->> 'replyPause' as pause, coalesce(c.zone, o.zone) as zone,
    (select array_agg(a.effective_at) from answer_request a
      join contact_point t on t.organisation_id = a.organisation_id and t.id = a.point_id
      where a.organisation_id = $1 and a.inbound_id is not null and a.medium = $2 and t.kind = $4 and t.normalised = $3
        and a.effective_at > $7) as confirmed
  from organisation o
  left join lateral (
    select m.reading, m.effective_at from inbound_message m
    where m.organisation_id = $1 and m.medium = $2 and m.sender = $3 and m.reading = any ($5) and m.applied_at is not null
    order by m.effective_at desc, m.reading = any ($6) limit 1) w on true
  left join customer c on c.organisation_id = $1 and c.id = $8
  where o.id = $1`;

const WEEK_MS = 7 * 86_400_000;

/** What the effects of a message depend on, read under its customer's lock. */
export async function readInboundState(
  { manager, organisationId, now }: Scope,
  message: Pick<InboundRow, 'medium' | 'sender' | 'effectiveAt'>,
  reading: InboundReading,
  match: Match | null,
): Promise<Omit<InboundState, 'saysMore'>> {
  const [row] = await manager.query<Row[]>(READ, [
    organisationId,
    message.medium,
    message.sender,
    POINT_OF[message.medium],
    WORDS.find((words) => words.includes(reading)) ?? [],
    WANTING,
    new Date(now - WEEK_MS),
    match?.customerId ?? null,
  ]);
  if (!row) throw new Error('An organisation vanished while its messages were applied.');
  return {
    now,
    at: message.effectiveAt.getTime(),
    isMatched: match !== null,
    lastWord:
      row.reading && row.said_at ? { wants: WANTING.includes(row.reading), at: row.said_at.getTime() } : null,
    confirmedAt: (row.confirmed ?? []).map((at) => at.getTime()),
    pause: row.pause ?? DEFAULT_REPLY_PAUSE,
    zone: row.zone,
  };
}
