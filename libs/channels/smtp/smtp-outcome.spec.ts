import type { SmtpFailure } from './smtp-session.js';
import { outcomeOfSmtp } from './smtp-outcome.js';

const failure = (fields: Partial<SmtpFailure>): SmtpFailure =>
  Object.assign(new Error('of nodemailer'), fields);

describe('the outcome of an SMTP conversation', () => {
  it.each<[string, Partial<SmtpFailure>]>([
    ['ENOTFOUND', { code: 'EDNS', originalCode: 'ENOTFOUND' }],
    ['ECONNREFUSED', { code: 'ESOCKET', originalCode: 'ECONNREFUSED' }],
    ['ETIMEDOUT', { code: 'ETIMEDOUT' }],
    ['ECONNECTION', { code: 'ECONNECTION' }],
  ])('that broke off with %s depends on whether the body had begun', (code, fields) => {
    expect(outcomeOfSmtp(failure(fields), false, 1)).toEqual({ kind: 'not_reached', code });
    expect(outcomeOfSmtp(failure(fields), true, 1)).toEqual({ kind: 'unknown', code });
  });

  it('is a refusal when the relay takes no message of this size', () => {
    const tooLarge = failure({ code: 'EMESSAGE', command: 'MAIL FROM' });
    expect(outcomeOfSmtp(tooLarge, false, 1)).toEqual({
      kind: 'rejected',
      code: 'EMESSAGE',
      addressIsBad: false,
    });
  });

  it.each<Partial<SmtpFailure>>([
    { code: 'EAUTH', command: 'API' },
    { code: 'ENOAUTH', command: 'API' },
    { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no', command: 'AUTH PLAIN' },
  ])('has reached nobody where the account is at fault: %j', (fields) => {
    expect(outcomeOfSmtp(failure(fields), false, 1)).toEqual({ kind: 'not_reached', code: 'EAUTH' });
  });

  it('asks again later for a login that is refused for now', () => {
    const busy = failure({ code: 'EAUTH', responseCode: 454, response: '454 4.7.0 busy', command: 'AUTH' });
    expect(outcomeOfSmtp(busy, false, 1)).toMatchObject({ kind: 'throttled', code: 'smtp_454_4.7.0' });
  });

  it('reads the enhanced code of a reply in several lines', () => {
    const response = '550-5.1.1 The account <debtor@example.com> does not exist\n550 5.1.1 try again';
    const outcome = outcomeOfSmtp(failure({ responseCode: 550, response, command: 'RCPT TO' }), false, 1);
    expect(outcome).toEqual({ kind: 'rejected', code: 'smtp_550_5.1.1', addressIsBad: true });
  });

  it('has not reached a relay whose STARTTLS failed, whatever it answered', () => {
    const refused = failure({
      code: 'ETLS',
      responseCode: 454,
      response: '454 TLS not available',
      command: 'STARTTLS',
    });
    expect(outcomeOfSmtp(refused, false, 1)).toEqual({ kind: 'not_reached', code: 'ETLS' });
  });

  it('leaves a bug a bug', () => {
    expect(() => outcomeOfSmtp(new TypeError('x is undefined'), true, 1)).toThrow(TypeError);
  });
});
