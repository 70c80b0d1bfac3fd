import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Listener } from './listener.js';
import {
  FaultPlan,
  NOBODY,
  TruthLog,
  type AcceptedMessage,
  type Fault,
  type Provider,
  type ReceivedMessage,
  type WrittenMessage,
} from './provider.js';

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** What a vendor's protocol is over HTTP; the faults, the log and the server are the same for all. */
export interface HttpDialect {
  name: string;
  /** The message a request carries; an answer when it carries none or is not allowed to. */
  read(request: IncomingMessage, body: string): WrittenMessage | HttpAnswer;
  /** The answer to a request that asks for messages taken before; undefined for any other. */
  lookUp?(
    request: IncomingMessage,
    accepted: readonly AcceptedMessage[],
    body: string,
  ): HttpAnswer | undefined;
  /** A new name for a message, as the vendor makes them. */
  id(ordinal: number): string;
  accepted(message: AcceptedMessage): HttpAnswer;
  /** The body of a 429; the header Retry-After is added to it. */
  throttled(retryAfter: string | undefined): HttpAnswer;
  rejected(fault: Extract<Fault, { kind: 'reject' }>): HttpAnswer;
}

export class HttpProvider implements Provider {
  readonly faults = new FaultPlan();
  readonly lookUpFaults = new FaultPlan();
  received = 0;
  private readonly log: TruthLog;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly listener: Listener;

  private constructor(private readonly dialect: HttpDialect) {
    this.log = new TruthLog(dialect.name);
    this.listener = new Listener(
      createServer((request, response) => {
        void this.serve(request, response);
      }),
    );
  }

  static async start(dialect: HttpDialect): Promise<HttpProvider> {
    const provider = new HttpProvider(dialect);
    await provider.listener.listen();
    return provider;
  }

  get name(): string {
    return this.dialect.name;
  }

  get port(): number {
    return this.listener.port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get accepted(): readonly AcceptedMessage[] {
    return this.log.all;
  }

  onAccept(heard: (message: AcceptedMessage) => void): void {
    this.log.onAppend(heard);
  }

  refuse(): Promise<void> {
    return this.listener.close();
  }

  restore(): Promise<void> {
    return this.listener.listen();
  }

  stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    return this.listener.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const found = this.dialect.lookUp?.(request, this.log.all, body);
    if (found) {
      this.misbehave(this.lookUpFaults.take(NOBODY), response, () => found);
      return;
    }
    const read = this.dialect.read(request, body);
    if ('status' in read) {
      answer(response, read);
      return;
    }
    this.received += 1;
    this.misbehave(this.faults.take(read), response, () => this.accept({ ...read, receivedAt }));
  }

  /** @param serve does what was asked for, and says how that is answered properly */
  private misbehave(fault: Fault, response: ServerResponse, serve: () => HttpAnswer): void {
    if (fault.kind === 'silence') return;
    if (fault.kind === 'reset') reset(response);
    else if (fault.kind === 'throttle') answer(response, this.throttled(fault.retryAfter));
    else if (fault.kind === 'reject') answer(response, this.dialect.rejected(fault));
    else if (fault.kind === 'answer') answer(response, fault);
    else this.failAfter(fault, response, serve());
  }

  private accept(received: ReceivedMessage): HttpAnswer {
    return this.dialect.accepted(this.log.append(this.dialect.id(this.log.all.length + 1), received));
  }

  private throttled(retryAfter: string | undefined): HttpAnswer {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
    return { headers, ...this.dialect.throttled(retryAfter) };
  }

  private failAfter(fault: Fault, response: ServerResponse, proper: HttpAnswer): void {
    if (fault.kind === 'accept') answer(response, proper);
    else if (fault.kind === 'accept_then_reset') reset(response);
    else if (fault.kind === 'accept_then_5xx') answer(response, { status: fault.status ?? 503, body: '' });
    else if (fault.kind === 'accept_then_half_answer') halfAnswer(response, proper);
    else if (fault.kind === 'accept_slowly') this.later(fault.delayMs, response, proper);
  }

  private later(delayMs: number, response: ServerResponse, proper: HttpAnswer): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      answer(response, proper);
    }, delayMs);
    this.timers.add(timer);
  }
}

function answer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
}

const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy();
};

/** The head of the answer and the first half of a body it announced, then nothing more. */
function halfAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const whole = body === '' ? '{"message":"success"}' : body;
  const half = whole.slice(0, Math.floor(whole.length / 2));
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(whole) });
  response.write(half, () => response.socket?.destroy());
}
