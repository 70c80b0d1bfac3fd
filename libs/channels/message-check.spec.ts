import fc from 'fast-check';
import { composeEmail } from '#channels/email/compose-email.js';
import { aMessage } from '#test/support/providers/index.js';
import { refusalOf } from './message-check.js';

const CHANNEL = { provider: 'any', media: ['email'] } as const;

/** Text as an attacker or a spreadsheet would have it: line breaks, quotes and every kind of Unicode. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'x\r\nBcc: thief@example.com',
    'x\u2028y',
    '"a" <b@c>, d',
    '=?utf-8?Q?=0D=0ABcc:_x?=',
    'x\u0085y',
  ),
);

const HEADERS = [
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'subject',
  'to',
  'x-ref',
];

function headersOf(raw: Buffer): string[] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  const lines = head.split('\r\n').filter((line) => !/^[ \t]/.test(line));
  return lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort();
}

describe('what is sent', () => {
  it('never has a header that the message was not to have, whatever its texts are', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, hostile, async (subject, name, replyName, header) => {
        const message = aMessage('email', {
          subject,
          html: undefined,
          to: { address: 'debtor@example.com', name },
          replyTo: { address: 'answers@creditor.example', name: replyName },
          headers: { 'X-Ref': header },
        });
        if (refusalOf(message, CHANNEL) !== undefined) return;
        const allowed = headersOf(await composeEmail(message)).filter((key) => !HEADERS.includes(key));
        expect(allowed).toEqual([]);
      }),
    );
  });

  it('is never refused for letters of any script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const refusal = refusalOf(
          aMessage('email', { subject: `Invoice ${text}`, text: `Pay ${text}` }),
          CHANNEL,
        );
        expect(refusal).toBeUndefined();
      }),
    );
  });

  it.each([
    'debtor@example.com',
    'd.e+tag@sub.example.com',
    "o'neil@example.com",
    'почта@пример.рф',
    'a@xn--e1afmkfd.example',
  ])('may go to %s', (address) => {
    expect(refusalOf(aMessage('email', { to: { address } }), CHANNEL)).toBeUndefined();
  });

  it('is refused with more attached than mail servers take, whatever it is spread over', () => {
    const file = (bytes: number) => ({
      filename: 'scan.pdf',
      contentType: 'application/pdf',
      content: Buffer.alloc(bytes),
    });
    const refusalWith = (...sizes: number[]) =>
      refusalOf(aMessage('email', { attachments: sizes.map(file) }), CHANNEL);
    const tooLarge = { kind: 'rejected', code: 'attachments_too_large', addressIsBad: false };
    expect(refusalWith(30_000_000)).toEqual(tooLarge);
    expect(refusalWith(10_000_000, 10_000_001)).toEqual(tooLarge);
    expect(refusalWith(10_000_000, 10_000_000)).toBeUndefined();
  });

  it.each([
    '',
    'a@b@c',
    'x@example.com, thief@example.com',
    'x@example.com\r\nBcc: thief@example.com',
    '<x@example.com>',
  ])('is refused with a copy to %j', (address) => {
    const code = 'invalid_cc';
    expect(refusalOf(aMessage('email', { cc: [{ address }] }), CHANNEL)).toMatchObject({ code });
  });

  it('is refused with a line break in the name of a copy', () => {
    const cc = [{ address: 'owner@example.com', name: 'Olga\r\nBcc: thief@example.com' }];
    expect(refusalOf(aMessage('email', { cc }), CHANNEL)).toMatchObject({ code: 'line_break_in_header' });
  });
});
