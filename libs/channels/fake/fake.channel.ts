import { setTimeout as wait } from 'node:timers/promises';
import { MESSAGE_MEDIA, type MessageMedium } from '#domain/medium.js';
import type { Rate } from '#domain/limits.js';
import type { Channel, LookUp, Message, Outcome, SentMessage } from '#channels/channel.js';
import { refusalOf } from '#channels/message-check.js';

/**
 * What the fake does with one message. `delivered` is the truth that an `unknown` outcome hides: whether the recipient
 * got it all the same. Unless told, an accepted message is delivered and no other is.
 */
export interface FakeAnswer {
  outcome: Outcome;
  delivered?: boolean;
  /** Real milliseconds before the answer; past the caller's budget the outcome becomes `unknown`, code `timeout`. */
  delayMs?: number;
}

/** An answer, an outcome alone, an exception to throw, or whatever is to be decided from the message. */
export type FakeScript =
  FakeAnswer | Outcome | Error | ((message: Message) => FakeAnswer | Outcome | Promise<Outcome>);

export interface FakeOptions {
  provider?: string;
  media?: readonly MessageMedium[];
  external?: boolean;
  /** Of each sender; none unless given. */
  rate?: Rate;
  /** What is answered where no script says otherwise; `accepted` with the contact's id unless told. */
  otherwise?: FakeScript;
}

/** A channel that fails on demand, for tests of everything above it. Keeps every call and what was delivered. */
export class FakeChannel implements Channel {
  readonly provider: string;
  readonly media: readonly MessageMedium[];
  readonly external: boolean;
  /** Every message that `send` was called with, refused ones too, in order. */
  readonly calls: Message[] = [];
  /** The truth: the messages that reached their recipient, in order. */
  readonly delivered: Message[] = [];
  readonly rateOf: () => Rate | null;
  closed = false;
  private readonly queue: FakeScript[] = [];
  private readonly byAddress = new Map<string, FakeScript[]>();
  private otherwise: FakeScript | undefined;

  constructor(options: FakeOptions = {}) {
    this.provider = options.provider ?? 'fake';
    this.media = options.media ?? MESSAGE_MEDIA;
    this.external = options.external ?? false;
    this.rateOf = () => options.rate ?? null;
    this.otherwise = options.otherwise;
  }

  /** Scripts the next calls, whomever they are to; they go before any script of an address. */
  next(...scripts: FakeScript[]): this {
    this.queue.push(...scripts);
    return this;
  }

  /** Scripts the next calls to one address; the last of them stays in force. */
  to(address: string, ...scripts: FakeScript[]): this {
    this.byAddress.set(address, scripts);
    return this;
  }

  /** Scripts every call that nothing else speaks for. */
  always(script: FakeScript | undefined): this {
    this.otherwise = script;
    return this;
  }

  async send(message: Message, timeoutMs: number): Promise<Outcome> {
    this.calls.push(message);
    const refusal = refusalOf(message, this);
    if (refusal) return refusal;
    const { outcome, delivered, delayMs } = await this.answerTo(message);
    if (delivered ?? outcome.kind === 'accepted') this.delivered.push(message);
    if (delayMs === undefined) return outcome;
    await wait(Math.min(delayMs, timeoutMs));
    return delayMs > timeoutMs ? { kind: 'unknown', code: 'timeout' } : outcome;
  }

  /** Finds what was delivered, whatever was answered. */
  lookUp({ to, text, others = [] }: SentMessage): Promise<LookUp> {
    const found = this.delivered.find(
      (message) => message.to.address === to && message.text === text && !others.includes(message.contactId),
    );
    return Promise.resolve(
      found ? { kind: 'found', providerId: `found-${found.contactId}` } : { kind: 'absent' },
    );
  }

  check(): ReturnType<Channel['check']> {
    return Promise.resolve({ ok: true, detail: 'a fake: nothing leaves this process' });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private async answerTo(message: Message): Promise<FakeAnswer> {
    const script = this.queue.shift() ?? this.scriptOf(message.to.address) ?? this.otherwise;
    if (script instanceof Error) throw script;
    const said = typeof script === 'function' ? await script(message) : script;
    if (said === undefined) return { outcome: { kind: 'accepted', providerId: message.contactId } };
    return 'outcome' in said ? said : { outcome: said };
  }

  private scriptOf(address: string): FakeScript | undefined {
    const scripts = this.byAddress.get(address);
    return scripts && scripts.length > 1 ? scripts.shift() : scripts?.[0];
  }
}
