import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { CallFailure } from '#channels/failure.js';

/** What nodemailer attaches to an error that a server answered; `command` is the stage it happened in. */
export interface SmtpFailure extends Error {
  code?: string | undefined;
  /** Node's own code, where nodemailer put its word in the place of it. */
  originalCode?: string | undefined;
  /** The three digits of the reply; absent when there was none. */
  responseCode?: number | undefined;
  /** The whole reply. It quotes addresses: read codes out of it, keep nothing of it. */
  response?: string | undefined;
  command?: string | undefined;
}

type Done = (error?: Error | null) => void;

/** How long a server may take to say goodbye; the message's outcome does not wait for it. */
const GOODBYE = 1_000;

/**
 * One SMTP conversation over one connection, stage by stage, bounded as a whole. `bodyStarted` turns true with the first
 * byte after the server's 354: before that the server cannot have a message, after it only its reply can tell.
 */
export class SmtpSession {
  bodyStarted = false;
  private readonly connection: SMTPConnection;
  private readonly broken: Promise<never>;
  private readonly timer: NodeJS.Timeout;
  private fail: (error: Error) => void = () => undefined;

  constructor(options: SMTPConnectionOptions, timeoutMs: number) {
    this.connection = new SMTPConnection({ ...options, socketCloseTimeout: 0 });
    this.broken = new Promise((_resolve, reject) => {
      this.fail = reject;
    });
    // Heard by whichever stage is under way; between and after the stages a broken connection is nobody's news.
    this.broken.catch(() => undefined);
    this.connection.on('error', this.fail);
    this.timer = setTimeout(() => {
      this.fail(new CallFailure('timeout'));
    }, timeoutMs);
  }

  /** Connects, secures where offered or required, and logs in where the server offers it. */
  async open(credentials?: { user: string; pass: string }): Promise<void> {
    await this.stage((done) => {
      this.connection.connect(done);
    });
    if (credentials === undefined || !this.connection.allowsAuth) return;
    await this.stage((done) => {
      this.connection.login({ credentials }, done);
    });
  }

  get secured(): boolean {
    return this.connection.secure;
  }

  async deliver(from: string, to: string[], raw: Buffer): Promise<void> {
    await this.stage((done) => {
      this.connection.send({ from, to, size: raw.length }, this.bodyOf(raw), done);
    });
  }

  /** Takes leave as RFC 5321, 4.1.1.10 asks, without anyone waiting for it. */
  quit(): void {
    clearTimeout(this.timer);
    this.connection.quit();
    setTimeout(() => {
      this.connection.close();
    }, GOODBYE).unref();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.fail(new CallFailure('closed'));
    this.connection.close();
  }

  private bodyOf(raw: Buffer): Readable {
    const startBody = (): void => {
      this.bodyStarted = true;
    };
    return new Readable({
      read() {
        startBody();
        this.push(raw);
        this.push(null);
      },
    });
  }

  private stage(run: (done: Done) => void): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      run((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return Promise.race([done, this.broken]);
  }
}
