import { randomBytes } from 'node:crypto';
import type { WebhookRequest } from '#channels/receipt.js';
import type { ReceiptKind } from '#domain/delivery.js';
import type { Random } from '#test/support/random.js';
import type { AcceptedMessage } from './provider.js';
import { TWILIO_TOKEN } from './twilio-provider.js';
import { sendgridWebhook, twilioWebhook } from './webhooks.js';

/** Something a provider has to tell of a message it took. */
export interface Telling {
  provider: string;
  /** The provider's own name of the event, as Kindly keeps it. */
  key: string;
  contactId: string;
  kind: ReceiptKind;
  /** What the vendor's format says besides, such as why it bounced. */
  fields: Readonly<Record<string, string | number | boolean>>;
  message: AcceptedMessage;
  /** Told by somebody else, with a signature that is not the provider's. */
  isForged: boolean;
}

/** What becomes of a message, and what of it is told; the numbers are how often, in a thousand messages. */
const FATES: readonly [number, readonly Word[]][] = [
  [640, ['accepted', 'delivered']],
  [130, ['accepted', 'delivered', 'opened']],
  [40, ['accepted', 'delivered', 'opened', 'clicked']],
  [40, ['accepted', 'delivered', 'scanned']],
  [45, ['accepted', 'deferred', 'blocked']],
  [10, ['accepted', 'bounced']],
  [4, ['accepted', 'delivered', 'unsubscribed']],
  [3, ['accepted', 'delivered', 'complained']],
  [88, []],
];

export type Word = ReceiptKind | 'scanned' | 'blocked';

/** In the order in which they happen; how they are told is another matter. */
export function fateOf(random: Random): readonly Word[] {
  let left = random.between(0, FATES.reduce((sum, [weight]) => sum + weight, 0) - 1);
  return FATES.find(([weight]) => (left -= weight) < 0)?.[1] ?? [];
}

type Said = Pick<Telling, 'kind' | 'fields'>;

/** What a vendor can say, in its own words; what is left out it has no word for. */
const VOCABULARY: Record<string, Partial<Record<Word, Said>>> = {
  sendgrid: {
    accepted: { kind: 'accepted', fields: { event: 'processed' } },
    deferred: { kind: 'deferred', fields: { event: 'deferred', response: '451 4.7.1 later' } },
    delivered: { kind: 'delivered', fields: { event: 'delivered' } },
    opened: { kind: 'opened', fields: { event: 'open', useragent: 'Mozilla/5.0 (X11; Linux x86_64)' } },
    scanned: { kind: 'opened', fields: { event: 'open', sg_machine_open: true } },
    clicked: { kind: 'clicked', fields: { event: 'click', useragent: 'Mozilla/5.0 (X11; Linux x86_64)' } },
    blocked: { kind: 'bounced', fields: { event: 'bounce', type: 'blocked', status: '5.7.1' } },
    bounced: { kind: 'bounced', fields: { event: 'bounce', type: 'bounce', status: '5.1.1' } },
    unsubscribed: { kind: 'unsubscribed', fields: { event: 'unsubscribe' } },
    complained: { kind: 'complained', fields: { event: 'spamreport' } },
  },
  twilio: {
    accepted: { kind: 'accepted', fields: { MessageStatus: 'sent' } },
    delivered: { kind: 'delivered', fields: { MessageStatus: 'delivered' } },
    opened: { kind: 'opened', fields: { MessageStatus: 'read' } },
    blocked: { kind: 'failed', fields: { MessageStatus: 'undelivered', ErrorCode: 30003 } },
    bounced: { kind: 'failed', fields: { MessageStatus: 'undelivered', ErrorCode: 30005 } },
  },
};

/** Whether a provider tells anything of its messages. */
export const tells = (provider: string): boolean => provider in VOCABULARY;

/** What a provider will tell of a message. @param random of this message */
export const tellingsOf = (message: AcceptedMessage, random: Random): Telling[] =>
  fateOf(random).flatMap((word) => tellingOf(message, word));

/** One thing told of a message; none where it names no contact, or its provider has no word for it. */
export function tellingOf(message: AcceptedMessage, word: Word): Telling[] {
  const said = VOCABULARY[message.provider]?.[word];
  const { contactId, provider } = message;
  if (!said || contactId === undefined) return [];
  const key =
    provider === 'twilio' ? `${message.id}/${String(said.fields['MessageStatus'])}` : `${message.id}/${word}`;
  return [{ ...said, provider, key, contactId, message, isForged: false }];
}

/** The same as somebody would tell it who has not got the provider's key: of an event that never was. */
export const forged = (telling: Telling): Telling => ({
  ...telling,
  key: telling.provider === 'twilio' ? telling.key.replace(/^SM0/, 'SMf') : `${telling.key}-forged`,
  isForged: true,
});

/** The calls that tell: SendGrid takes many events into one, Twilio makes one of each. @param url of SendGrid's webhook */
export function callsOf(
  tellings: readonly Telling[],
  url: string,
  now: number,
): [WebhookRequest, Telling[]][] {
  const events = tellings.filter(({ provider }) => provider === 'sendgrid');
  const [own, others] = [events.filter((each) => !each.isForged), events.filter((each) => each.isForged)];
  return [
    ...[own, others].filter(({ length }) => length > 0).map((batch) => sendgridCall(batch, url, now)),
    ...tellings.filter(({ provider }) => provider === 'twilio').map(twilioCall),
  ];
}

function sendgridCall(batch: Telling[], url: string, now: number): [WebhookRequest, Telling[]] {
  const events = batch.map(({ key, fields, message }) => ({
    ...fields,
    email: message.to,
    timestamp: Math.floor(now / 1_000),
    sg_event_id: key,
    sg_message_id: `${message.id}.filter0001`,
    contactId: message.contactId,
    organisationId: message.organisationId,
  }));
  const call = sendgridWebhook(events, now, url);
  if (!batch[0]?.isForged) return [call, batch];
  const signature = randomBytes(64).toString('base64');
  return [
    { ...call, headers: { ...call.headers, 'x-twilio-email-event-webhook-signature': signature } },
    batch,
  ];
}

function twilioCall(telling: Telling): [WebhookRequest, Telling[]] {
  const { fields, message, isForged, key } = telling;
  const [sid = ''] = key.split('/');
  const texts = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
  const body = {
    MessageSid: sid,
    To: message.to,
    From: message.from,
    ...Object.fromEntries(texts),
  };
  const token = isForged ? 'not-the-token' : TWILIO_TOKEN;
  return [twilioWebhook(message.callbackUrl ?? '', body, token), [telling]];
}
