import type { DataSource } from 'typeorm';
import type { ChannelRegistry } from '#channels/registry.js';
import type { Instant } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import { POLLS_MS } from '#domain/reconciliation.js';
import { withOrganisation, withSystem } from '#store/with-organisation.js';
import type { Snapshot } from '../letter.js';
import { storeReceipts } from './store-receipts.js';

export interface PollDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: which organisations have messages that nobody told of. */
  system: DataSource;
  channels: ChannelRegistry;
}

export interface Polled {
  asked: number;
  /** Receipts that were new. */
  learnt: number;
}

/** One question; a round of them stays shorter than the distance between rounds would be if none was answered. */
const POLL_MS = 5_000;
const ORGANISATIONS = 20;

const UNTOLD = `o.state = 'accepted' and (o.delivery is null or o.delivery in ('accepted', 'deferred'))
  and o.provider = any ($1::text[]) and o.provider_id is not null
  and o.recorded_at > $2::timestamptz - make_interval(secs => ($3::float8[])[array_length($3::float8[], 1)] * 2)
  and o.recorded_at + make_interval(secs => ($3::float8[])[o.polls + 1]) <= $2::timestamptz`;

const ORGANISATIONS_WITH = `
  select o.organisation_id from contact o where ${UNTOLD}
  group by o.organisation_id order by min(o.recorded_at) limit ${ORGANISATIONS}`;

/** Counted before it is asked: another replica takes others, and one that cannot be asked is not asked for ever. */
const CLAIM = `
  with due as (
    select o.id from contact o where o.organisation_id = $4 and ${UNTOLD}
    order by o.recorded_at limit $5 for update skip locked
  )
  update contact o set polls = o.polls + 1 from due where o.organisation_id = $4 and o.id = due.id
  returning o.id, o.medium, o.provider, o.provider_id, o.snapshot, o.recorded_at`;

interface Untold {
  id: string;
  medium: MessageMedium;
  provider: string;
  provider_id: string;
  snapshot: Snapshot;
  recorded_at: Date;
}

/**
 * Asks providers what became of messages that they took and told nothing final of, in widening distances, and stores what they
 * say as the receipts that did not come. After the last distance nobody asks any more.
 *
 * @param limit the most messages that are asked for in this round
 * @param now real time
 */
export async function pollReceipts(deps: PollDeps, limit: number, now: Instant): Promise<Polled> {
  const polled: Polled = { asked: 0, learnt: 0 };
  const providers = deps.channels.channels
    .filter((channel) => channel.poll !== undefined)
    .map(({ provider }) => provider);
  if (providers.length === 0) return polled;
  const criteria = [providers, new Date(now), POLLS_MS.map((ms) => ms / 1_000)];
  const organisations = await withSystem(deps.system, (manager) =>
    manager.query<{ organisation_id: string }[]>(ORGANISATIONS_WITH, criteria),
  );
  for (const { organisation_id: organisationId } of organisations) {
    const left = limit - polled.asked;
    if (left <= 0) break;
    // TypeORM answers an UPDATE … RETURNING with [rows, count].
    const [contacts] = await withOrganisation(deps.dataSource, organisationId, (manager) =>
      manager.query<[Untold[], number]>(CLAIM, [...criteria, organisationId, left]),
    );
    for (const contact of contacts) polled.learnt += await askFor(deps, organisationId, contact, now);
    polled.asked += contacts.length;
  }
  return polled;
}

async function askFor(
  { channels, dataSource }: PollDeps,
  organisationId: string,
  { id: contactId, medium, provider, provider_id: providerId, snapshot, recorded_at: recordedAt }: Untold,
  now: Instant,
): Promise<number> {
  const channel = channels.channels.find((each) => each.provider === provider && each.media.includes(medium));
  const sent = { contactId, to: snapshot.to.address, text: snapshot.text, sentAt: recordedAt.getTime() };
  const poll = await channel?.poll?.({ ...sent, providerId }, POLL_MS);
  if (poll?.kind !== 'told') return 0;
  const { stored } = await storeReceipts(dataSource, provider, [
    {
      eventKey: `poll/${providerId}/${poll.status}`,
      organisationId,
      contactId,
      providerId,
      byMachine: false,
      ...poll.receipt,
      effectiveAt: now,
    },
  ]);
  return stored;
}
