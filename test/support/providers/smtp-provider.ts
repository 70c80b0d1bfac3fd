import { simpleParser, type AddressObject } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { Listener } from './listener.js';
import {
  FaultPlan,
  NOBODY,
  TruthLog,
  type AcceptedMessage,
  type Fault,
  type Provider,
  type ReceivedMessage,
  type SmtpStage,
} from './provider.js';

export const SMTP_USER = 'kindly';
export const SMTP_PASSWORD = 'test-password';

export interface SmtpProviderOptions {
  /** Offers STARTTLS, with a certificate nobody trusts. */
  tls?: boolean;
  /** Takes the envelope in one go (RFC 2920); true unless told. */
  pipelining?: boolean;
  /** Offers AUTH and takes `SMTP_USER` with `SMTP_PASSWORD`. */
  auth?: boolean;
}

type Callback = (error?: Error | null) => void;

/** An SMTP reply as smtp-server wants it: an error with the reply's code. */
class Reply extends Error {
  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
  }
}

/** smtp-server holds its greeting back for 100 ms to catch early talkers, a hundred times too long for a test. */
class PromptServer extends SMTPServer {
  override connect(...args: Parameters<SMTPServer['connect']>): void {
    super.connect(...args);
    const connection = [...this.connections].at(-1);
    if (connection === undefined) return;
    const greet = connection.connectionReady.bind(connection);
    connection.connectionReady = () => undefined;
    greet();
  }
}

/**
 * A mail relay. A fault is taken when the message arrives, but those that concern an earlier stage are looked at when
 * that stage comes: so one message, one connection, as the channel does it.
 */
export class SmtpProvider implements Provider {
  readonly name = 'smtp';
  readonly faults = new FaultPlan();
  received = 0;
  private readonly log = new TruthLog('smtp');
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly server: PromptServer;
  private readonly listener: Listener;

  private constructor(options: SmtpProviderOptions) {
    this.server = new PromptServer({
      logger: false,
      disableReverseLookup: true,
      authOptional: true,
      allowInsecureAuth: true,
      hideSTARTTLS: !options.tls,
      hidePIPELINING: options.pipelining === false,
      disabledCommands: [...(options.auth ? [] : ['AUTH']), ...(options.tls ? [] : ['STARTTLS'])],
      onConnect: (_session, done) => this.stage('connect', done),
      onAuth: ({ username, password }, _session, done) =>
        this.stage('auth', (refusal) =>
          refusal || username !== SMTP_USER || password !== SMTP_PASSWORD
            ? done(refusal ?? new Reply(535, '5.7.8 Authentication credentials invalid'))
            : done(null, { user: SMTP_USER }),
        ),
      onMailFrom: (_address, _session, done) => this.stage('mail', done),
      onRcptTo: (_address, _session, done) => this.stage('rcpt', done),
      onData: (stream, session, done) => void this.take(stream, session, done),
    });
    this.server.on('error', () => undefined);
    this.listener = new Listener(this.server.server);
  }

  static async start(options: SmtpProviderOptions = {}): Promise<SmtpProvider> {
    const provider = new SmtpProvider(options);
    await provider.listener.listen();
    return provider;
  }

  get port(): number {
    return this.listener.port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
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

  /** Refuses here when the next fault says so. */
  private stage(stage: SmtpStage, done: Callback): void {
    const fault = this.faults.peek();
    if (fault === undefined || stageOf(fault) !== stage) {
      done();
      return;
    }
    this.faults.take(NOBODY);
    done(replyOf(fault));
  }

  private async take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: Callback,
  ): Promise<void> {
    // A client that goes away in the middle of its message has sent none.
    const received = await parse(stream, session).catch(() => null);
    if (!received) return;
    this.received += 1;
    const fault = this.faults.take(received);
    const socket = this.listener.socketFrom(session.remotePort);
    if (fault.kind === 'silence') return;
    if (fault.kind === 'reset') socket?.resetAndDestroy();
    else if (fault.kind === 'reject' || fault.kind === 'throttle') done(replyOf(fault));
    else if (fault.kind === 'answer') socket?.write(`${String(fault.status)} ${fault.body}\r\n`);
    else {
      this.log.append(received.headers['message-id'] ?? '', received);
      this.afterAccepting(fault, done, session.remotePort);
    }
  }

  private afterAccepting(fault: Fault, done: Callback, remotePort: number): void {
    const socket = this.listener.socketFrom(remotePort);
    if (fault.kind === 'accept') done();
    else if (fault.kind === 'accept_slowly') this.timers.add(setTimeout(done, fault.delayMs));
    else if (fault.kind === 'accept_then_half_answer') socket?.write('25', () => socket.destroy());
    else if (fault.kind !== 'accept_then_timeout') socket?.resetAndDestroy();
  }
}

export const startSmtp = (options?: SmtpProviderOptions): Promise<SmtpProvider> =>
  SmtpProvider.start(options);

const stageOf = (fault: Fault): SmtpStage | undefined =>
  fault.kind === 'throttle' ? 'rcpt' : fault.kind === 'reject' ? (fault.stage ?? 'rcpt') : undefined;

/** The text quotes the recipient, as real servers do. */
function replyOf(fault: Fault): Reply {
  if (fault.kind === 'reject')
    return new Reply(fault.status, fault.text ?? '5.1.1 <debtor@example.com> User unknown');
  return new Reply(451, '4.7.1 Greylisted, please try again in 300 seconds');
}

async function parse(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<ReceivedMessage> {
  const receivedAt = Date.now();
  const mail = await simpleParser(stream);
  const { mailFrom, rcptTo } = session.envelope;
  const to = mail.to as AddressObject | undefined;
  const headers = mail.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()] as const);
  return {
    contactId: /^<([^@.]+)\.[^@]+@/.exec(mail.messageId ?? '')?.[1],
    receivedAt,
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map((recipient) => recipient.address).join(','),
    toName: to?.value[0]?.name,
    subject: mail.subject,
    text: (mail.text ?? '').replace(/\n$/, ''),
    html: mail.html === false ? undefined : mail.html,
    headers: Object.fromEntries(headers),
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      filename: filename ?? '',
      contentType,
      content,
    })),
  };
}
