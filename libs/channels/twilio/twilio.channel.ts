import twilio from 'twilio';
import type { Channel, Message, Outcome } from '#channels/channel.js';
import { baseUrlOf, httpUrlOf, limitsOf, type HttpTimeouts } from '#channels/http/http-channel.js';
import {
  at,
  jsonOf,
  outcomeOfHttp,
  refusedByStatus,
  throttled,
  type Answered,
  type HttpRules,
} from '#channels/http/http-outcome.js';
import { refusalOf } from '#channels/message-check.js';
import { BAD_NUMBERS } from './twilio-codes.js';
import { twilioRate } from './twilio-rate.js';
import { lookUpTwilio, pollTwilio } from './twilio-look-up.js';
import { TwilioHttpClient } from '#channels/twilio/twilio-http-client.js';

export interface TwilioConfig extends HttpTimeouts {
  /** `AC…` */
  accountSid: string;
  authToken: string;
  /** An API key `SK…` whose secret is `authToken`; the account's own token is used where it is absent. */
  apiKeySid?: string;
  /** Where Twilio reports what became of a message; the ids of organisation and contact are added as parameters `organisation` and `contact`. */
  statusCallbackUrl?: string;
  /** Twilio's edge and region, such as `dublin` and `ie1`. */
  edge?: string;
  region?: string;
  /** Origin that takes the place of `https://api.twilio.com`: a proxy of one's own, or a server of the tests. */
  baseUrl?: string;
  /** The wait after a 429, or a full queue, that names none; one minute unless told. */
  throttleWaitMs?: number;
}

/** The sender's queue is full: an HTTP 400 in form, a rate limit in meaning. */
const QUEUE_FULL = 21611;
const REMEDY = 'give TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN of one account, as its console shows them';

/** SMS through Twilio. `from.address` is a number, an alphanumeric sender, or a messaging service (`MG…`). */
export function createTwilioChannel(config: TwilioConfig): Channel {
  assertUsable(config);
  const channel = { provider: 'twilio', media: ['sms'], external: true } as const;
  return {
    ...channel,
    rateOf: twilioRate,
    send: async (message, timeoutMs) =>
      refusalOf(message, channel) ?? (await post(message, config, timeoutMs)),
    lookUp: (sent, timeoutMs) => {
      const { http, api } = connect(config, timeoutMs);
      return lookUpTwilio(api, http, sent);
    },
    poll: ({ providerId }, timeoutMs) => {
      const { http, api } = connect(config, timeoutMs);
      return pollTwilio(api, http, providerId);
    },
    check: () => checkAccount(config),
    close: () => Promise.resolve(),
  };
}

/** Now, not at the first message. @throws Error naming what is wrong: a URL, or an account that is none. */
function assertUsable(config: TwilioConfig): void {
  const { baseUrl, statusCallbackUrl } = config;
  if (baseUrl !== undefined) baseUrlOf('twilio', baseUrl, 'https://api.twilio.com');
  if (statusCallbackUrl !== undefined) {
    httpUrlOf('twilio: statusCallbackUrl', statusCallbackUrl, 'https://kindly.example/webhooks/twilio');
  }
  connect(config, 0);
}

function connect(config: TwilioConfig, timeoutMs: number): { http: TwilioHttpClient; api: twilio.Twilio } {
  const http = new TwilioHttpClient(config.baseUrl, limitsOf(config, timeoutMs));
  const { accountSid, edge, region } = config;
  const api = twilio(config.apiKeySid ?? accountSid, config.authToken, {
    accountSid,
    edge,
    region,
    httpClient: http,
  });
  return { http, api };
}

async function post(message: Message, config: TwilioConfig, timeoutMs: number): Promise<Outcome> {
  const { http, api } = connect(config, timeoutMs);
  try {
    await api.messages.create({
      to: message.to.address,
      ...senderOf(message.from.address),
      body: message.text,
      statusCallback: statusCallbackOf(message, config),
    });
  } catch (error) {
    // The library throws for every answer but a 2xx; what the answer means is decided below, from the answer itself.
    if (http.answer === undefined) throw error;
  }
  if (http.answer === undefined) throw new Error('Twilio’s library returned without calling its client');
  return outcomeOfHttp(http.answer, rulesOf(config));
}

const senderOf = (address: string): { from: string } | { messagingServiceSid: string } =>
  /^MG[0-9a-f]{32}$/i.test(address) ? { messagingServiceSid: address } : { from: address };

function statusCallbackOf(message: Message, config: TwilioConfig): string | undefined {
  if (config.statusCallbackUrl === undefined) return undefined;
  const url = new URL(config.statusCallbackUrl);
  url.searchParams.set('organisation', message.organisationId);
  url.searchParams.set('contact', message.contactId);
  return url.href;
}

function rulesOf(config: TwilioConfig): HttpRules {
  const defaultRetryAfterMs = config.throttleWaitMs ?? 60_000;
  return {
    providerId: (answer) => {
      const sid = at(jsonOf(answer), 'sid');
      return typeof sid === 'string' && sid !== '' ? sid : undefined;
    },
    refusal: (answer) => refusal(answer, defaultRetryAfterMs),
    defaultRetryAfterMs,
  };
}

function refusal(answer: Answered, defaultRetryAfterMs: number): Outcome {
  const code = Number(at(jsonOf(answer), 'code'));
  const known = Number.isInteger(code) && code >= 10_000 && code <= 99_999;
  if (!known || answer.status === 401 || answer.status === 403) return refusedByStatus(answer);
  if (code === QUEUE_FULL) return throttled(String(code), answer, { defaultRetryAfterMs });
  return { kind: 'rejected', code: String(code), addressIsBad: BAD_NUMBERS.has(code) };
}

async function checkAccount(config: TwilioConfig): ReturnType<Channel['check']> {
  const { http, api } = connect(config, config.checkTimeoutMs ?? 10_000);
  try {
    const { status } = await api.api.v2010.accounts(config.accountSid).fetch();
    if (status === 'active')
      return { ok: true, detail: 'Twilio accepts the credentials, and the account is active' };
    return {
      ok: false,
      detail: `the Twilio account is ${status}`,
      remedy: 'reactivate it in Twilio’s console',
    };
  } catch (error) {
    if (http.answer === undefined) throw error;
    return http.answer.kind === 'failed'
      ? {
          ok: false,
          detail: `Twilio gave no answer (${http.answer.code})`,
          remedy: 'let this host reach api.twilio.com',
        }
      : { ok: false, detail: `Twilio answered ${String(http.answer.status)}`, remedy: REMEDY };
  }
}
