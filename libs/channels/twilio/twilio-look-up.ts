import type twilio from 'twilio';
import type { LookUp, Poll, SentMessage } from '#channels/channel.js';
import { BAD_NUMBERS } from './twilio-codes.js';
import type { TwilioHttpClient } from './twilio-http-client.js';
import { KINDS } from './twilio-webhook.js';

/** Of one recipient; more than anybody was sent since the message in question. */
const LISTED = 100;
/** Clocks of ours and Twilio's may differ. */
const TOLERANCE_MS = 60_000;

/**
 * Looks for a message in Twilio's list of those to its recipient: the same text, made since it was sent. Not by the day it
 * was sent on, for one that is still queued has none.
 */
export async function lookUpTwilio(
  api: twilio.Twilio,
  http: TwilioHttpClient,
  { to, text, sentAt, others = [] }: SentMessage,
): Promise<LookUp> {
  try {
    const listed = await api.messages.list({ to, pageSize: LISTED, limit: LISTED });
    const found = listed.find(
      ({ sid, body, direction, dateCreated }) =>
        body === text &&
        !others.includes(sid) &&
        direction !== 'inbound' &&
        dateCreated.getTime() >= sentAt - TOLERANCE_MS,
    );
    return found ? { kind: 'found', providerId: found.sid } : { kind: 'absent' };
  } catch (error) {
    return unclear(http, error);
  }
}

/** What has become of a message, as its status callback would have told. */
export async function pollTwilio(api: twilio.Twilio, http: TwilioHttpClient, sid: string): Promise<Poll> {
  try {
    const { status, errorCode } = await api.messages(sid).fetch();
    const kind = Object.hasOwn(KINDS, status) ? KINDS[status] : undefined;
    if (!kind) return { kind: 'nothing' };
    const code = Number.isInteger(errorCode) ? String(errorCode) : null;
    const addressIsBad = kind === 'failed' && BAD_NUMBERS.has(Number(code));
    return { kind: 'told', status, receipt: { kind, addressIsBad, code } };
  } catch (error) {
    const { answer } = http;
    return answer?.kind === 'answered' && answer.status === 404 ? { kind: 'nothing' } : unclear(http, error);
  }
}

/** @throws the error itself where nothing was asked: then it is a bug */
function unclear({ answer }: TwilioHttpClient, error: unknown): { kind: 'unclear'; code: string } {
  if (answer === undefined) throw error;
  return {
    kind: 'unclear',
    code: answer.kind === 'failed' ? answer.code : `http_${String(answer.status)}`,
  };
}
