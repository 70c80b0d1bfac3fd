import { readReply } from '#replies/index.js';
import { htmlWithOptOut, OPT_OUT_LOCALES, textWithOptOut } from './opt-out.js';

const REPLY = { medium: 'sms', subject: null, headers: {}, sentAt: 0, locale: 'en' } as const;
const LINK = 'https://pay.northwind.example/u/1?a=1&b=2';

describe('how to get no more messages', () => {
  it.each(OPT_OUT_LOCALES)('is said once, by a word that is understood when they write it: %s', (locale) => {
    const said = textWithOptOut('Please pay.', locale, null);
    expect(said).toMatch(/^Please pay\. .+\.$/);
    expect(textWithOptOut(said, locale, null)).toBe(said);
    const [word] = said.match(/\p{Lu}{4,}/u) ?? [];
    expect(readReply({ ...REPLY, text: word ?? '' })).toMatchObject({ kind: 'stop' });
  });

  it('is said by a link where there is one, and not again', () => {
    const said = textWithOptOut('Please pay.', 'de-AT', LINK);
    expect(said).toBe(`Please pay.\n\nKeine solchen E-Mails mehr erhalten: ${LINK}`);
    expect(textWithOptOut(said, 'de-AT', LINK)).toBe(said);
    expect(textWithOptOut('Please pay.', 'xx', LINK)).toContain('no more of these e-mails');
  });

  it('is the last that an e-mail says, with its link as it has to be written there', () => {
    const page = '<html><body><p>Please pay.</p></body></html>';
    const said = htmlWithOptOut(page, 'en', LINK);
    expect(said).toMatch(/^<html><body><p>Please pay\.<\/p><p [^>]*>To get no more .*<\/p><\/body><\/html>$/);
    expect(said).toContain('href="https://pay.northwind.example/u/1?a=1&amp;b=2">pay.northwind.example</a>');
    expect(htmlWithOptOut(said, 'en', LINK)).toBe(said);
    expect(htmlWithOptOut(page, 'en', null)).toContain('reply STOP');
  });
});
