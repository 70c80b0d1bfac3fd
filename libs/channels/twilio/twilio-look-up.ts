import type twilio from 'twilio';
import type { LookUp, Poll, SentMessage } from '#channels/channel.js';
import type { HttpAnswer } from '#channels/http/http-call.js';
import { at, jsonOf } from '#channels/http/http-outcome.js';
import { BAD_NUMBERS } from './twilio-codes.js';
import type { TwilioHttpClient } from './twilio-http-client.js';
import { KINDS } from './twilio-webhook.js';

/** Of one recipient; more than anybody was sent since the message in question. */
const LISTED = 100;
/** Clocks of ours and Twilio's may differ. */
const TOLERANCE_MS = 60_000;
/** A lease, and the difference of the clocks. */
const CALLED_WITHIN_MS = 120_000 + TOLERANCE_MS;

const UNREADABLE = { kind: 'unclear', code: 'unreadable_answer' } as const;

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
    const { instances: listed, nextPageUrl } = await api.messages.page({ to, pageSize: LISTED });
    if (!isListing(http.answer)) return UNREADABLE;
    const isSince = ({ dateCreated }: { dateCreated: Date }): boolean =>
      dateCreated.getTime() >= sentAt - TOLERANCE_MS;
    const unexplained = listed.filter(
      (message) => !others.includes(message.sid) && message.direction !== 'inbound' && isSince(message),
    );
    const inTime = unexplained.filter(
      ({ dateCreated }) => dateCreated.getTime() <= sentAt + CALLED_WITHIN_MS,
    );
    const found = inTime.find(({ body }) => body === text);
    if (found) return { kind: 'found', providerId: found.sid };
    // Twilio may have changed it (Smart Encoding, a trial account's prefix): then it is not known to be another.
    if (inTime.length > 0) return { kind: 'unclear', code: 'other_text' };
    // Later than a call begins, unless the process was frozen right before it, or the clocks differ by more.
    if (unexplained.some(({ body }) => body === text)) return { kind: 'unclear', code: 'other_time' };
    // The newest come first: where even the last of them is new enough, it may be one that was not listed.
    const isCutShort = nextPageUrl !== undefined && listed.every(isSince);
    return isCutShort ? { kind: 'unclear', code: 'too_many' } : { kind: 'absent' };
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

/** The library takes any list for one of messages, and whatever is in it for a message. */
function isListing(answer: HttpAnswer | undefined): boolean {
  const messages = answer?.kind === 'answered' ? at(jsonOf(answer), 'messages') : undefined;
  return Array.isArray(messages) && messages.every((message) => typeof at(message, 'sid') === 'string');
}

/** @throws the error itself where nothing was asked: then it is a bug */
function unclear({ answer }: TwilioHttpClient, error: unknown): { kind: 'unclear'; code: string } {
  if (answer === undefined) throw error;
  if (answer.kind === 'failed') return { kind: 'unclear', code: answer.code };
  return answer.status === 200 ? UNREADABLE : { kind: 'unclear', code: `http_${String(answer.status)}` };
}
