import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TWILIO_TOKEN, twilioWebhook } from '#test/support/providers/index.js';
import { during } from './bench-process.js';
import type { BenchStack } from './bench-stack.js';
import { endAll, until } from './measure.js';
import type { BenchOptions } from './options.js';
import { oneMessageEach, type Sent } from './outreach.js';
import { type Figures, median, percentile, rounded } from './rounds.js';
import { tell } from './tell.js';

/** Not measured. */
const WARM_UP = 20;
/** Between one reaction and the next message, so that what the one leaves to do is no part of the other. */
const PACE_MS = 50;
/** A reaction is seen so much too late at most, and the time of one read by its key. */
const POLL_MS = 5;

/**
 * From the call that brings a person's reply by SMS until the invoice's workflow has planned anew: the API stored it, a
 * worker read it and paused the outreach, the relay signalled, the workflow woke and stored its plan.
 */
export async function inboundReaction(stack: BenchStack, { messages }: BenchOptions): Promise<Figures> {
  const times = await during([stack.startKindly, stack.startApi], async () => {
    const { organisationId, sent } = await oneMessageEach(stack, WARM_UP + messages, 'sms');
    await stack.owner.query('analyze');
    const all: number[] = [];
    for (const each of sent) {
      all.push(await reactionTo(stack, organisationId, each));
      await sleep(PACE_MS);
    }
    return all.slice(WARM_UP);
  });
  await endAll(stack);
  return {
    inboundReactionMedianMs: rounded(median(times), 1),
    inboundReactionP99Ms: rounded(percentile(times, 99), 1),
  };
}

/** An enrolment's planned version follows that of its facts when its workflow has stored the plan of them. */
const PLANNED = `select planned_version as version from enrolment where organisation_id = $1 and invoice_id = $2`;

async function reactionTo(
  { owner, apiUrl }: BenchStack,
  organisationId: string,
  { invoiceId, address }: Sent,
): Promise<number> {
  const planned = async (): Promise<number> => {
    const [row] = await owner.query<{ version: number }[]>(PLANNED, [organisationId, invoiceId]);
    return row?.version ?? 0;
  };
  const next = (await planned()) + 1;
  const reply = replyFrom(address, `${apiUrl}/webhooks/twilio?organisation=${organisationId}`);
  const start = performance.now();
  await tell(reply);
  return until(planned, next, start, POLL_MS);
}

const replyFrom = (address: string, url: string): ReturnType<typeof twilioWebhook> =>
  twilioWebhook(
    url,
    {
      MessageSid: `SM${randomUUID().replaceAll('-', '')}`,
      SmsStatus: 'received',
      From: address,
      To: '+12015550199',
      Body: 'I will look into it on Friday, Ann',
    },
    TWILIO_TOKEN,
  );
