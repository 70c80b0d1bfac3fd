/**
 * How a provider misbehaves with one message. Those that begin with `accept_` take the message and put it in the truth
 * log before they fail: what the caller sees of them must never be read as "not sent".
 */
export type Fault =
  | { kind: 'accept' }
  /** Takes it and never answers. */
  | { kind: 'accept_then_timeout' }
  /** Takes it and resets the connection. */
  | { kind: 'accept_then_reset' }
  /** Takes it and answers 5xx. SMTP has no such lie: its 5yz is a refusal, so there this resets the connection. */
  | { kind: 'accept_then_5xx'; status?: number }
  /** Takes it, writes half an answer and resets the connection. */
  | { kind: 'accept_then_half_answer' }
  /** Takes it and answers properly after a while. */
  | { kind: 'accept_slowly'; delayMs: number }
  /** 429, or 451 in SMTP; `retryAfter` as the header's text, seconds or a date. */
  | { kind: 'throttle'; retryAfter?: string }
  /** Refuses with the provider's own code: `status` of HTTP or SMTP, `code` and `text` as its answer carries them. */
  | { kind: 'reject'; status: number; code?: number | string; text?: string; stage?: SmtpStage }
  /** Reads the whole request, takes nothing, and resets the connection. */
  | { kind: 'reset' }
  /** Reads the whole request, takes nothing, and never answers. */
  | { kind: 'silence' }
  /** Answers with anything else, taking nothing: a redirect, a gateway's page. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body: string };

/** Where an SMTP server refuses; at the recipient unless told. */
export type SmtpStage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface AcceptedMessage {
  readonly provider: string;
  /** The provider's name for it. */
  readonly id: string;
  /** The contact it says it belongs to, where the protocol can carry one. */
  readonly contactId: string | undefined;
  readonly organisationId?: string | undefined;
  /** Where it wants to be told of, where the protocol lets a message say so. */
  readonly callbackUrl?: string | undefined;
  /** When its request began, real time in milliseconds. */
  readonly receivedAt: number;
  readonly from: string;
  readonly to: string;
  readonly toName?: string | undefined;
  /** Who gets a copy, where the protocol says so beside the message. */
  readonly cc?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly text: string;
  readonly html?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly { filename: string; contentType: string; content: Buffer }[];
}

/** What arrived, before it is decided what becomes of it. */
export type ReceivedMessage = Omit<AcceptedMessage, 'provider' | 'id'>;

/** What a request says of its message. */
export type WrittenMessage = Omit<ReceivedMessage, 'receivedAt'>;

/** A provider's server on 127.0.0.1 that speaks its real protocol, fails on demand, and remembers what it took. */
export interface Provider {
  readonly name: string;
  /** `http://127.0.0.1:<port>` or `smtp://127.0.0.1:<port>`; stays the same over `refuse` and `restore`. */
  readonly url: string;
  readonly port: number;
  readonly faults: FaultPlan;
  /** What requests that ask for messages taken before meet, each by itself; absent where the protocol has none. */
  readonly lookUpFaults?: FaultPlan;
  /** The truth: every message taken, in order. Only ever grows. */
  readonly accepted: readonly AcceptedMessage[];
  /** How many messages arrived whole, taken or not: more than one a call means that a client tried again by itself. */
  readonly received: number;
  /** Hears of every message as it is taken, before anything is answered. */
  onAccept(heard: (message: AcceptedMessage) => void): void;
  /** Stops listening, so that connections are refused. */
  refuse(): Promise<void>;
  restore(): Promise<void>;
  /** Closes the server and every connection. */
  stop(): Promise<void>;
}

type Decide = (received: Pick<ReceivedMessage, 'to' | 'contactId'>) => Fault | undefined;

/** Whom a request concerns that is about no message in particular. */
export const NOBODY = { to: '', contactId: undefined };

/** Which fault the next message meets: those queued by `next` first, then what `decide` says, else `accept`. */
export class FaultPlan {
  private readonly queue: Fault[] = [];
  private decision: Decide = () => undefined;

  next(...faults: Fault[]): this {
    this.queue.push(...faults);
    return this;
  }

  /** For seeded chaos, or a fault by address. */
  decide(decision: Decide): this {
    this.decision = decision;
    return this;
  }

  take(received: Pick<ReceivedMessage, 'to' | 'contactId'>): Fault {
    return this.queue.shift() ?? this.decision(received) ?? { kind: 'accept' };
  }

  /** The next queued fault, left in the queue: SMTP must know at the connection what a message will meet. */
  peek(): Fault | undefined {
    return this.queue[0];
  }
}

/** The truth log: what is in it stays in it, unchanged. */
export class TruthLog {
  private readonly messages: AcceptedMessage[] = [];
  private readonly hearing: ((message: AcceptedMessage) => void)[] = [];

  constructor(private readonly provider: string) {}

  get all(): readonly AcceptedMessage[] {
    return this.messages;
  }

  onAppend(heard: (message: AcceptedMessage) => void): void {
    this.hearing.push(heard);
  }

  append(id: string, received: ReceivedMessage): AcceptedMessage {
    const message = Object.freeze({ provider: this.provider, id, ...received });
    this.messages.push(message);
    for (const heard of this.hearing) heard(message);
    return message;
  }
}
