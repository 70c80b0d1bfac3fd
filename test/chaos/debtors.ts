import { setTimeout as pause } from 'node:timers/promises';
import type { WebhookRequest } from '#channels/receipt.js';
import {
  type AcceptedMessage,
  type Provider,
  telegramWebhook,
  TWILIO_TOKEN,
  twilioWebhook,
} from '#test/support/providers/index.js';
import { type Random, randomOf } from '#test/support/random.js';

export const TELEGRAM_SECRET = 'a-secret-of-the-chaos-suite';

/** Something that a debtor did, and whether Kindly took it. */
export interface Deed {
  provider: string;
  /** The provider's name of it; null for a link that was followed. */
  key: string | null;
  kind: DeedKind;
  medium: string;
  address: string;
  isTaken: boolean;
}

type DeedKind = 'stop' | 'reply' | 'automatic' | 'block' | 'unsubscribe';
/** How Kindly is called outside, and where it listens in fact. */
interface Where {
  publicUrl: string;
  apiUrl: string;
  organisationId: string;
}

type Call = Omit<WebhookRequest, 'body'> & { body: Uint8Array };
type Doing = (message: AcceptedMessage, key: string, at: Where) => Call | null;

const said =
  (text: string): Doing =>
  (message, key, at) =>
    message.provider === 'twilio'
      ? sms(message, key, text, at)
      : telegram(message, key, chatOf(message, text), at);

/** What a debtor may do with a message; how often in a thousand. A new deed is a line here. */
const DEEDS: readonly [number, DeedKind, readonly string[], Doing][] = [
  [30, 'stop', ['twilio', 'telegram'], said('STOP')],
  [30, 'reply', ['twilio', 'telegram'], said('I will look into it on Friday, Ann')],
  [15, 'automatic', ['twilio'], said('Out of office: I am away until Monday. This is an automatic reply.')],
  [15, 'block', ['telegram'], (message, key, at) => telegram(message, key, blockOf(message), at)],
  [25, 'unsubscribe', ['sendgrid', 'smtp'], (message) => oneClick(message)],
];

const RETRY_MS = 1_000;

/** People who answer, say stop, block the bot or unsubscribe, some of them twice; the seed says who, at which message. */
export class Debtors {
  readonly deeds: Deed[] = [];
  private readonly counts = new Map<string, number>();
  private readonly doing = new Set<Promise<void>>();

  constructor(
    private readonly seed: number,
    private readonly at: Where,
    private readonly signal: AbortSignal,
  ) {}

  watch(provider: Provider): void {
    provider.onAccept((message) => this.consider(message));
  }

  /** Waits until everything that was done was taken. */
  async drain(): Promise<void> {
    while (this.doing.size > 0) await Promise.all(this.doing);
  }

  private consider(message: AcceptedMessage): void {
    const address = `${message.provider}/${message.to}`;
    const ordinal = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, ordinal);
    const random = randomOf(this.seed, 'debtors', address, ordinal);
    for (const [weight, kind, providers, does] of DEEDS) {
      if (!providers.includes(message.provider) || !random.chance(weight / 1_000)) continue;
      const key = keyOf(message, random);
      const call = does(message, key, this.at);
      if (call) this.begin(message, { kind, key: kind === 'unsubscribe' ? null : key }, call, random);
      return;
    }
  }

  private begin(
    message: AcceptedMessage,
    what: Pick<Deed, 'kind' | 'key'>,
    call: Call,
    random: Random,
  ): void {
    const medium =
      message.provider === 'twilio' ? 'sms' : message.provider === 'telegram' ? 'telegram' : 'email';
    const deed: Deed = { ...what, provider: message.provider, medium, address: message.to, isTaken: false };
    this.deeds.push(deed);
    const times = random.chance(0.2) ? 2 : 1;
    const done = this.untilTaken(deed, call, random.between(100, 3_000), times).finally(() =>
      this.doing.delete(done),
    );
    this.doing.add(done);
  }

  private async untilTaken(
    deed: Deed,
    { url, headers, body }: Call,
    delay: number,
    times: number,
  ): Promise<void> {
    await pause(delay);
    const address = url.replace(this.at.publicUrl, this.at.apiUrl);
    const init = { method: 'POST', headers: headers as Record<string, string>, body: new Uint8Array(body) };
    for (let taken = 0; taken < times && !this.signal.aborted;) {
      const response = await fetch(address, { ...init, signal: AbortSignal.timeout(10_000) }).catch(
        () => null,
      );
      await response?.arrayBuffer().catch(() => undefined);
      if (response?.ok) {
        deed.isTaken = true;
        taken += 1;
      } else await pause(RETRY_MS);
    }
  }
}

/** As the vendor makes them: a SID, or the number of an update. */
const keyOf = ({ provider }: AcceptedMessage, random: Random): string =>
  provider === 'telegram'
    ? String(random.between(1, 2_000_000_000))
    : `SM${Array.from({ length: 4 }, () => random.between(0x10000000, 0xefffffff).toString(16)).join('')}`;

const sms = ({ from, to }: AcceptedMessage, key: string, text: string, at: Where): Call =>
  twilioWebhook(
    `${at.publicUrl}/webhooks/twilio?organisation=${at.organisationId}`,
    { MessageSid: key, SmsStatus: 'received', From: to, To: from, Body: text },
    TWILIO_TOKEN,
  );

const telegram = (_: AcceptedMessage, key: string, update: object, at: Where): Call => ({
  ...telegramWebhook({ update_id: Number(key), ...update }, TELEGRAM_SECRET),
  url: `${at.publicUrl}/webhooks/telegram?organisation=${at.organisationId}`,
});

const partiesOf = ({ to }: AcceptedMessage): object => ({
  date: Math.floor(Date.now() / 1_000),
  chat: { id: Number(to), type: 'private' },
  from: { id: Number(to), is_bot: false, first_name: 'Ann' },
});

const chatOf = (message: AcceptedMessage, text: string): object => ({
  message: { message_id: Number(message.id) + 100_000, ...partiesOf(message), text },
});

const blockOf = (message: AcceptedMessage): object => ({
  my_chat_member: {
    ...partiesOf(message),
    old_chat_member: { status: 'member', user: { id: 1, is_bot: true, first_name: 'Bot' } },
    new_chat_member: { status: 'kicked', user: { id: 1, is_bot: true, first_name: 'Bot' } },
  },
});

/** RFC 8058: what a mailbox's button does. Null for a message that offers none. */
function oneClick({ headers }: AcceptedMessage): Call | null {
  const offered = Object.entries(headers).find(([name]) => name.toLowerCase() === 'list-unsubscribe')?.[1];
  const url = /<(https:[^>]+)>/.exec(offered ?? '')?.[1];
  if (url === undefined) return null;
  return {
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from('List-Unsubscribe=One-Click'),
  };
}
