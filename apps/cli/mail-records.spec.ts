import { describe, expect, it } from '@jest/globals';
import { type ResolveTxt, checkMailRecords } from './mail-records.js';
import { domainOf } from './sender-domains.js';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A DNS with these TXT records and no others, which notes what it was asked. */
const dns = (records: Record<string, string[][]>, asked: string[] = []): ResolveTxt => {
  return (name) => {
    asked.push(name);
    const found = records[name];
    return found ? Promise.resolve(found) : Promise.reject(failure('ENOTFOUND'));
  };
};

describe('the records of a domain that mail is sent as', () => {
  it('are those of the full domain, and a record may come in chunks', async () => {
    const resolve = dns({
      'mail.example.co.uk': [['other'], ['v=spf1 include:', 'sendgrid.net -all']],
      '_dmarc.mail.example.co.uk': [['v=DMARC1; p=reject']],
    });
    expect(await checkMailRecords('mail.example.co.uk', resolve)).toEqual([
      {
        what: 'SPF of mail.example.co.uk',
        state: 'ok',
        detail: 'v=spf1 include:sendgrid.net -all',
        remedy: null,
      },
      { what: 'DMARC of mail.example.co.uk', state: 'ok', detail: 'v=DMARC1; p=reject', remedy: null },
    ]);
  });

  it('are, for DMARC and not for SPF, those of the organisational domain where it has none', async () => {
    const resolve = dns({
      'example.co.uk': [['v=spf1 -all']],
      '_dmarc.example.co.uk': [['v=DMARC1; p=none; sp=quarantine']],
    });
    expect(await checkMailRecords('mail.example.co.uk', resolve)).toMatchObject([
      { state: 'warning', remedy: expect.stringContaining('TXT record to mail.example.co.uk') },
      { state: 'ok', detail: 'v=DMARC1; p=none; sp=quarantine (of example.co.uk)' },
    ]);
  });

  it('are not those of a public suffix, nor of a top-level domain', async () => {
    const asked: string[] = [];
    const resolve = dns({ '_dmarc.gov.uk': [['v=DMARC1; p=reject; psd=y']] }, asked);
    const [, dmarc] = await checkMailRecords('council.gov.uk', resolve);
    expect(dmarc).toMatchObject({ state: 'warning', detail: 'no record found' });
    expect(asked).toEqual(['council.gov.uk', '_dmarc.council.gov.uk', '_dmarc.gov.uk']);
  });

  it('are not called missing by a DNS that does not answer, nor found in a record of another version', async () => {
    const silent = await checkMailRecords('example.com', () => Promise.reject(failure('ETIMEOUT')));
    expect(silent.map(({ detail }) => detail)).toEqual(Array(2).fill('the DNS did not answer (ETIMEOUT)'));
    const [spf] = await checkMailRecords('example.com', dns({ 'example.com': [['v=spf10 -all']] }));
    expect(spf).toMatchObject({ detail: 'no record found' });
  });
});

describe('the domain of an address', () => {
  it('is all after the @, in small letters', () => {
    expect(domainOf('Billing@Mail.Example.co.uk')).toBe('mail.example.co.uk');
  });

  it.each(['example.com', 'a@b', 'a b@example.com', '@example.com'])('is not read from "%s"', (address) => {
    expect(() => domainOf(address)).toThrow('is no e-mail address; write it like');
  });
});
