import fc from 'fast-check';
import { linkProblem } from './public-link.js';

describe('a link in a letter', () => {
  it.each([
    'https://pay.example.com/{number}',
    'https://pay.example.com:8443/?invoice={number}#pay',
    'https://оплата.example/счёт/{number}',
    'HTTPS://PAY.EXAMPLE.COM',
  ])('may be %s', (link) => expect(linkProblem(link)).toBeNull());

  it.each([
    'http://pay.example.com',
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://pay.example.com',
    '//pay.example.com',
    'pay.example.com',
    'https://pay.example.com/a b',
    'https://pay.example.com/"onload="x',
    'https://pay.example.com\\@evil.example',
    '',
  ])('may not be %j: it is no web address', (link) =>
    expect(linkProblem(link)).toMatch(/^is no web address; /),
  );

  it.each([
    'https://user:secret@pay.example.com',
    'https://pay.example.com@evil.example/',
    'https://{number}.example.com/',
  ])('may not be %s: the host is not alone', (link) =>
    expect(linkProblem(link)).toMatch(/^has more than a host/),
  );

  it.each([
    'https://localhost/pay',
    'https://intranet/pay',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://127.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.8/',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://8.8.8.8/',
    'https://printer.local/',
    'https://metadata.google.internal./',
    'https://router.home.arpa/',
  ])('may not be %s: that is nowhere on the public internet', (link) =>
    expect(linkProblem(link)).toMatch(/^leads to no host of the public internet; /),
  );

  it('has an answer to whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => void linkProblem(`https://${text}`)));
  });
});
