import type { ChannelCheck } from '#channels/channel.js';

/** A folder of mail that the installation reads: how mail comes in where no provider calls a webhook. */
export interface Mailbox {
  /** Which one, for logs and for what is remembered of it: user, host and folder, no secret. */
  readonly name: string;
  /** Whose mail all of it is; null where it is the whole installation's. */
  readonly organisationId: string | null;
  /**
   * @param signal ends the connection, at whatever it is
   * @throws Error when it cannot be reached, or its password is wrong
   */
  open(signal: AbortSignal): Promise<OpenMailbox>;
  /** For the doctor: never throws. */
  check(): Promise<ChannelCheck>;
}

/** A connection to it. Every method throws once that is lost. */
export interface OpenMailbox {
  /** Numbers of mails are comparable only while this stays the same (RFC 3501, 2.3.1.1). */
  readonly uidValidity: number;
  /** Mails that were there when it was opened have smaller numbers. */
  readonly uidNext: number;
  /** Mails after this one. @returns their numbers, ascending */
  after(uid: number): Promise<number[]>;
  /**
   * Mails that came on this day or later, as the server counts days.
   * @param onlyUnseen without those that somebody read elsewhere
   * @returns their numbers, ascending
   */
  since(day: Date, onlyUnseen: boolean): Promise<number[]>;
  /**
   * @returns the whole of it as it came; `too_large`, unread; `unreadable` when the server cannot give it; `gone` when somebody
   *   deleted it meanwhile
   */
  read(uid: number): Promise<Buffer | 'too_large' | 'unreadable' | 'gone'>;
  /** Marks it as seen. @returns false when the mailbox may only be read */
  markTaken(uid: number): Promise<boolean>;
  /** Flags it and leaves it unseen, for a person to look at. @returns false when the mailbox may only be read */
  putAside(uid: number): Promise<boolean>;
  /** Resolves when mail comes, the connection is lost, or the time is over, whichever is first. */
  news(signal: AbortSignal, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}
