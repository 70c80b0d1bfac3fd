import type { Outcome } from '#channels/channel.js';
import { failureCode } from '#channels/failure.js';
import type { SmtpFailure } from '#channels/smtp/smtp-session.js';

/** Failures that nodemailer finds before it says anything of the message to the server; trying again changes nothing. */
const REFUSED_HERE = new Set(['EENVELOPE', 'EMESSAGE']);
/** The relay and this account cannot agree on a login: the message was never offered. */
const NO_LOGIN = new Set(['EAUTH', 'ENOAUTH']);
/** RFC 4954, 6: authentication required, said instead of taking the message. */
const LOGIN_REQUIRED = 530;
/** RFC 3463: bad mailbox, bad domain, bad syntax, moved, no such recipient by policy (5.1.10, RFC 7505), disabled. */
export const BAD_MAILBOX: ReadonlySet<string> = new Set([
  '5.1.1',
  '5.1.2',
  '5.1.3',
  '5.1.6',
  '5.1.10',
  '5.2.1',
]);
/** RFC 5321, 4.2.3: no such mailbox, not local, name not allowed. Without an enhanced code these mean the mailbox. */
const BAD_MAILBOX_REPLIES = new Set([550, 551, 553]);

/**
 * SMTP answers every stage, so an answer is definite wherever it comes: 5yz refuses for good, 4yz for now (greylisting,
 * busy; nothing was taken, RFC 5321, 4.2.1). Without an answer it depends on whether the body had begun.
 * @throws the error itself when it is neither a reply nor a failed connection.
 */
export function outcomeOfSmtp(error: unknown, bodyStarted: boolean, throttleWaitMs: number): Outcome {
  const failure = error as SmtpFailure;
  const reply = failure.responseCode ?? 0;
  if (failure.code === 'ETLS' && !bodyStarted) return { kind: 'not_reached', code: 'ETLS' };
  if (isLoginRefused(failure, reply) && !bodyStarted) return { kind: 'not_reached', code: 'EAUTH' };
  if (reply >= 500 && reply < 600) return rejected(failure, reply);
  if (reply >= 400 && reply < 500) {
    return { kind: 'throttled', code: replyCode(failure, reply), retryAfterMs: throttleWaitMs };
  }
  const code = failureCode(error);
  if (bodyStarted) return { kind: 'unknown', code: systemCode(failure, code) };
  if (REFUSED_HERE.has(code)) return { kind: 'rejected', code, addressIsBad: false };
  return { kind: 'not_reached', code: systemCode(failure, code) };
}

/** A 4yz to the login is no refusal of it (RFC 4954: a temporary failure): that is waited for like any other. */
const isLoginRefused = ({ code }: SmtpFailure, reply: number): boolean =>
  reply === LOGIN_REQUIRED || (NO_LOGIN.has(code ?? '') && !(reply >= 400 && reply < 500));

function rejected(failure: SmtpFailure, reply: number): Outcome {
  const enhanced = enhancedCode(failure);
  const aboutRecipient = failure.command === 'RCPT TO' || failure.command === 'DATA';
  const byReply = failure.command === 'RCPT TO' && BAD_MAILBOX_REPLIES.has(reply);
  const addressIsBad = aboutRecipient && (enhanced === undefined ? byReply : BAD_MAILBOX.has(enhanced));
  return { kind: 'rejected', code: replyCode(failure, reply), addressIsBad };
}

const enhancedCode = ({ response }: SmtpFailure): string | undefined =>
  /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];

/** `smtp_550_5.1.1`, or `smtp_550` from a server without enhanced codes. */
const replyCode = (failure: SmtpFailure, reply: number): string =>
  ['smtp', reply, enhancedCode(failure)].filter((part) => part !== undefined).join('_');

const systemCode = (failure: SmtpFailure, code: string): string =>
  /^[A-Z][A-Z0-9_]+$/.test(failure.originalCode ?? '') ? (failure.originalCode ?? code) : code;
