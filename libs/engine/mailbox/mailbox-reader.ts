import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallFailure, codeIn } from '#channels/failure.js';
import type { Mailbox, OpenMailbox } from '#channels/mail/index.js';
import type { InboundSources } from '../inbound/index.js';
import { nameOf } from '../work-loop.js';
import { endTurn, hasOwner, type MailboxPosition, takeTurn } from './mailbox-position.js';
import { takeMail } from './take-mail.js';

export interface MailboxReaderOptions extends InboundSources {
  mailbox: Mailbox;
  log: (message: string, detail: Record<string, unknown>) => void;
  /** Milliseconds until the mailbox is looked into when nothing told of mail; a minute unless told. */
  pollMs?: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Until it is asked again whether another worker still reads. */
const OTHERS_TURN_MS = 20_000;
/** The turn is taken anew no more often than this. */
const KEEP_TURN_MS = 30_000;

/** Reads a mailbox for as long as the process runs: told of mail by the server, by looking now and then, with patience. */
export class MailboxReader {
  private readonly stopping = new AbortController();
  private readonly reader = randomUUID();
  private loop: Promise<void> | undefined;
  private pause = FIRST_PAUSE_MS;
  private turnAt = 0;

  constructor(private readonly options: MailboxReaderOptions) {}

  start(): void {
    this.loop ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { mailbox, log } = this.options;
    while (!this.stopping.signal.aborted) {
      try {
        const isOurs = (await this.takeTurn()) !== null;
        if (isOurs) await this.readUntilItEnds();
        else await this.rest(OTHERS_TURN_MS);
      } catch (error) {
        if (this.stopping.signal.aborted) break;
        const { pause } = this;
        log('The mailbox could not be read; nothing is lost, it tries again.', {
          mailbox: mailbox.name,
          // Never a server's own sentence, which may quote a person.
          error: codeIn(error) ?? nameOf(error),
          pause,
        });
        this.pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        await this.rest(pause);
      }
    }
    await endTurn(this.options.system, mailbox.name, this.reader).catch(() => undefined);
  }

  /** On one connection, until that or the turn is lost, or all is stopped. */
  private async readUntilItEnds(): Promise<void> {
    const { mailbox, system, pollMs = LONGEST_PAUSE_MS } = this.options;
    const { signal } = this.stopping;
    // Else all that customers write would be set aside as nobody's.
    if (!(await hasOwner(system, mailbox.organisationId))) throw new CallFailure('unknown_organisation');
    const open = await mailbox.open(signal);
    try {
      while (!signal.aborted) {
        const position = await this.takeTurn();
        if (!position) return;
        await this.take(open, position);
        this.pause = FIRST_PAUSE_MS;
        await open.news(signal, pollMs);
      }
    } finally {
      await open.close();
    }
  }

  private async take(open: OpenMailbox, position: MailboxPosition): Promise<void> {
    const { mailbox, log } = this.options;
    const { name } = mailbox;
    const result = await takeMail(this.options, mailbox, open, position, () => this.keepTurn());
    const { aside, unflagged, unmarked } = result;
    if (aside > unflagged.length)
      log('Mail that cannot be read, or belongs to nobody here, was flagged in the mailbox for a person.', {
        mailbox: name,
        aside: aside - unflagged.length,
      });
    if (unflagged.length > 0)
      log('Mail that cannot be read, or belongs to nobody here, is for a person, and could not be flagged.', {
        mailbox: name,
        uids: unflagged,
      });
    if (unmarked > 0)
      log('The mailbox lets nobody mark what was taken as seen; that does no harm.', {
        mailbox: name,
        unmarked,
      });
  }

  private takeTurn(): Promise<MailboxPosition | null> {
    this.turnAt = Date.now();
    return takeTurn(this.options.system, this.options.mailbox.name, this.reader);
  }

  /** @throws when stopped, or the turn was lost: the next reader goes on with the next mail */
  private async keepTurn(): Promise<void> {
    this.stopping.signal.throwIfAborted();
    if (Date.now() - this.turnAt < KEEP_TURN_MS) return;
    if (!(await this.takeTurn())) throw new Error('Another worker reads the mailbox.');
  }

  private async rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
