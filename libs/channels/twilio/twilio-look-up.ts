import type twilio from 'twilio';
import type { LookUp, SentMessage } from '#channels/channel.js';
import type { TwilioHttpClient } from './twilio-http-client.js';

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
  { to, text, sentAt }: SentMessage,
): Promise<LookUp> {
  try {
    const listed = await api.messages.list({ to, pageSize: LISTED, limit: LISTED });
    const found = listed.find(
      ({ body, direction, dateCreated }) =>
        body === text && direction !== 'inbound' && dateCreated.getTime() >= sentAt - TOLERANCE_MS,
    );
    return found ? { kind: 'found', providerId: found.sid } : { kind: 'absent' };
  } catch (error) {
    const { answer } = http;
    if (answer === undefined) throw error;
    return {
      kind: 'unclear',
      code: answer.kind === 'failed' ? answer.code : `http_${String(answer.status)}`,
    };
  }
}
