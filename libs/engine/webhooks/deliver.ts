import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import type { DataSource, EntityManager } from 'typeorm';
import type { WebhookActivities, WebhookDeliveryInput } from '#contracts/engine.js';
import { formatInstant } from '#domain/instant.js';
import { withOrganisation } from '#store/with-organisation.js';
import { post, type PostResult } from './post.js';
import { MAX_TRIES, retryDelayMs } from './retry-schedule.js';

export interface WebhookDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Deliver to private and loopback addresses, and by plain http: only for installations that trust their tenants. */
  allowPrivate: boolean;
  /** When to try again; the schedule of `retry-schedule.ts` unless given. @param tries so far, from 1 */
  retryDelayMs?: (tries: number) => number;
}

/** The longest one call may take; shorter than the activity's own timeout. */
const CALL_TIMEOUT_MS = 10_000;

/** The endpoint says that it is gone for good (Standard Webhooks, "Delivery attempts and the success criteria"). */
const GONE = 410;

interface Delivery {
  id: string;
  endpointId: string;
  type: string;
  payload: Record<string, unknown>;
  effectiveAt: Date;
  tries: number;
  url: string;
  secret: string;
}

type Verdict = 'delivered' | 'gone' | 'retry' | 'given_up';

export const createWebhookActivities = (deps: WebhookDeps): WebhookActivities => ({
  deliverNext: (input) => deliverNext(deps, input),
});

/**
 * Sends the oldest waiting event of a subject to its endpoint. One that was tried in vain for too long is given up, and
 * the next one is sent instead.
 *
 * @throws ApplicationFailure naming ids and codes only, with the time of the next try
 */
async function deliverNext(deps: WebhookDeps, input: WebhookDeliveryInput): Promise<'delivered' | 'empty'> {
  for (;;) {
    const delivery = await inOrganisation(deps, input, (manager) => oldestWaiting(manager, input));
    if (!delivery) return 'empty';
    const result = await send(deps, delivery);
    const verdict = verdictOf(result, delivery.tries + 1);
    await inOrganisation(deps, input, (manager) =>
      record(manager, input.organisationId, delivery, result, verdict),
    );
    if (verdict === 'delivered') return 'delivered';
    if (verdict === 'gone') return 'empty';
    if (verdict === 'retry') throw notDelivered(deps, delivery, result);
  }
}

const inOrganisation = <T>(
  { dataSource }: WebhookDeps,
  { organisationId }: WebhookDeliveryInput,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> => withOrganisation(dataSource, organisationId, work, { retry: true });

async function oldestWaiting(
  manager: EntityManager,
  { organisationId, endpointId, subjectId }: WebhookDeliveryInput,
): Promise<Delivery | undefined> {
  const [row] = await manager.query<Delivery[]>(
    `select d.id, d.endpoint_id as "endpointId", d.event_type as type, d.payload, d.effective_at as "effectiveAt", d.tries,
       e.url, e.secret
     from webhook_delivery d
     join webhook_endpoint e on e.organisation_id = d.organisation_id and e.id = d.endpoint_id
     where d.organisation_id = $1 and d.endpoint_id = $2 and d.subject_id = $3 and d.state = 'waiting' and e.state = 'active'
     order by d.sequence limit 1`,
    [organisationId, endpointId, subjectId],
  );
  return row;
}

function send({ allowPrivate }: WebhookDeps, delivery: Delivery): Promise<PostResult> {
  const { id, type, payload, effectiveAt, url, secret } = delivery;
  const body = JSON.stringify({ type, timestamp: formatInstant(effectiveAt.getTime()), data: payload });
  // Receivers refuse what is older than some minutes, so this time is real whatever the organisation's clock says.
  const sentAt = new Date();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Kindly-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
  };
  return post({ url, headers, body, timeoutMs: CALL_TIMEOUT_MS, allowPrivate });
}

function verdictOf(result: PostResult, tries: number): Verdict {
  if (result.kind === 'answered') {
    if (result.status >= 200 && result.status < 300) return 'delivered';
    if (result.status === GONE) return 'gone';
  }
  return tries >= MAX_TRIES ? 'given_up' : 'retry';
}

const statusOf = (result: PostResult): string =>
  result.kind === 'answered' ? `http_${result.status}` : result.code;

const STATE_AFTER: Record<Verdict, string> = {
  delivered: 'delivered',
  // Kept for when somebody sets the endpoint to work again.
  gone: 'waiting',
  retry: 'waiting',
  given_up: 'failed',
};

async function record(
  manager: EntityManager,
  organisationId: string,
  { id, endpointId }: Delivery,
  result: PostResult,
  verdict: Verdict,
): Promise<void> {
  await manager.query(
    `update webhook_delivery set state = $3, tries = tries + 1, last_status = $4,
       delivered_at = case when $3 = 'delivered' then now() end
     where organisation_id = $1 and id = $2 and state = 'waiting'`,
    [organisationId, id, STATE_AFTER[verdict], statusOf(result)],
  );
  if (verdict === 'gone') await pause(manager, organisationId, endpointId, false);
  if (verdict === 'given_up') await pause(manager, organisationId, endpointId, true);
}

/** @param onlyIfDead spare an endpoint that took other events while this one was being tried */
const pause = (
  manager: EntityManager,
  organisationId: string,
  endpointId: string,
  onlyIfDead: boolean,
): Promise<unknown> =>
  manager.query(
    `update webhook_endpoint set state = 'paused' where organisation_id = $1 and id = $2
     and not ($3 and exists (select from webhook_delivery d where d.organisation_id = $1 and d.endpoint_id = $2
       and d.delivered_at > now() - interval '3 days'))`,
    [organisationId, endpointId, onlyIfDead],
  );

const notDelivered = (deps: WebhookDeps, { id, tries }: Delivery, result: PostResult): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'webhook_not_delivered',
    message: `delivery ${id}: ${statusOf(result)}`,
    nextRetryDelay: (deps.retryDelayMs ?? retryDelayMs)(tries + 1),
  });
