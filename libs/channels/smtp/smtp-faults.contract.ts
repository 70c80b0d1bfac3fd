import type { Outcome } from '#channels/channel.js';
import {
  COMMON,
  NOT_TAKEN,
  TAKEN,
  unknownBy,
  type FaultTable,
  type Meeting,
} from '#channels/faults.contract.js';
import type { Fault, SmtpStage } from '#test/support/providers/index.js';

type Refusal = Exclude<Outcome, { kind: 'accepted' }>;

const rejected = (code: string): Refusal => ({ kind: 'rejected', code, addressIsBad: false });
const bad = (code: string): Refusal => ({ kind: 'rejected', code, addressIsBad: true });
const throttled = (code: string): Refusal => ({ kind: 'throttled', code, retryAfterMs: 300_000 });
const noLogin: Refusal = { kind: 'not_reached', code: 'EAUTH' };

/** What a reply means at the stage at which it comes. */
const REPLIES: Readonly<Record<SmtpStage, readonly [status: number, text: string, outcome: Refusal][]>> = {
  connect: [
    [554, 'go away', rejected('smtp_554')],
    [421, 'too busy', throttled('smtp_421')],
  ],
  auth: [
    [535, '5.7.8 wrong password', noLogin],
    [534, '5.7.9 mechanism too weak', noLogin],
    [530, '5.7.0 use TLS first', noLogin],
    [454, '4.7.0 cannot check it now', throttled('smtp_454_4.7.0')],
    [421, '4.3.2 closing', throttled('smtp_421_4.3.2')],
  ],
  mail: [
    [550, '5.1.8 bad sender', rejected('smtp_550_5.1.8')],
    [550, '5.1.1 sender unknown', rejected('smtp_550_5.1.1')],
    [552, 'too large', rejected('smtp_552')],
    [530, '5.7.0 log in first', noLogin],
    [452, '4.3.1 no space', throttled('smtp_452_4.3.1')],
    [421, 'closing', throttled('smtp_421')],
  ],
  rcpt: [
    [550, '5.1.1 <debtor@example.com> User unknown', bad('smtp_550_5.1.1')],
    [550, '5.1.2 no such domain', bad('smtp_550_5.1.2')],
    [553, '5.1.3 bad syntax', bad('smtp_553_5.1.3')],
    [551, '5.1.6 has moved', bad('smtp_551_5.1.6')],
    [550, '5.1.10 recipient refuses all mail', bad('smtp_550_5.1.10')],
    [550, '5.2.1 mailbox disabled', bad('smtp_550_5.2.1')],
    [550, 'no such user', bad('smtp_550')],
    [551, 'not local', bad('smtp_551')],
    [553, 'mailbox name not allowed', bad('smtp_553')],
    [550, '5.7.1 relaying denied', rejected('smtp_550_5.7.1')],
    [552, '5.2.2 mailbox full', rejected('smtp_552_5.2.2')],
    [554, 'transaction failed', rejected('smtp_554')],
    [530, '5.7.0 log in first', noLogin],
    [450, 'try later', throttled('smtp_450')],
    [452, '4.2.2 mailbox full', throttled('smtp_452_4.2.2')],
    [421, 'closing', throttled('smtp_421')],
  ],
  data: [
    [554, '5.7.1 looks like spam', rejected('smtp_554_5.7.1')],
    [550, '5.1.1 unknown', bad('smtp_550_5.1.1')],
    [550, 'we do not like this', rejected('smtp_550')],
    [552, '5.3.4 too large', rejected('smtp_552_5.3.4')],
    [451, '4.7.1 try later', throttled('smtp_451_4.7.1')],
    [421, '4.3.2 closing', throttled('smtp_421_4.3.2')],
  ],
};

const rejects = Object.entries(REPLIES).flatMap(([stage, replies]) =>
  replies.map(([status, text, outcome]): Meeting<Fault & { kind: 'reject' }> => ({
    fault: { kind: 'reject', stage: stage as SmtpStage, status, text },
    outcome,
    taken: 0,
    arrived: stage === 'data' ? 1 : 0,
  })),
);

/** What becomes of a message that meets each fault, by SMTP. */
export const SMTP_FAULTS: FaultTable = {
  ...COMMON,
  accept_then_5xx: [{ fault: { kind: 'accept_then_5xx' }, outcome: unknownBy('ECONNRESET'), ...TAKEN }],
  accept_then_half_answer: [
    { fault: { kind: 'accept_then_half_answer' }, outcome: unknownBy('ECONNECTION'), ...TAKEN },
  ],
  throttle: [{ fault: { kind: 'throttle' }, outcome: throttled('smtp_451_4.7.1'), taken: 0, arrived: 0 }],
  reject: rejects,
  // The end of a message is answered by 2yz, 4yz or 5yz (RFC 5321, 4.3.2): whatever else comes is no answer to it.
  answer: [199, 354, 600, 999].map((status) => ({
    fault: { kind: 'answer', status, body: 'what?' },
    outcome: unknownBy('EMESSAGE'),
    ...NOT_TAKEN,
  })),
};
