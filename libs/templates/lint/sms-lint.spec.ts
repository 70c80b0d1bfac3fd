import type { CompiledTemplate } from '../template.js';
import { lintSms } from './sms-lint.js';

const lint = (sms: string, locale = 'en'): string[] => {
  const parts = { subject: '', html: '', text: '', direct: '' };
  const template: CompiledTemplate = { key: 'reminder', locale, ...parts, sms, tags: [] };
  return lintSms(template);
};

describe('the lint of an SMS', () => {
  it('has nothing to say of three parts, whatever the language', () => {
    expect(lint(`{{ invoice.number }} ${'a'.repeat(452)}`)).toEqual([]);
    expect(
      lint('Счёт № {{ invoice.number }}: {{ invoice.amount_due }}. Оплатите, пожалуйста.', 'ru'),
    ).toEqual([]);
  });

  it('counts the parts of the sample when there are more than three', () => {
    expect(lint(`{{ invoice.number }} ${'a'.repeat(453)}`)).toEqual([
      'has 4 parts for a made-up customer (GSM-7, 460 characters): each is billed; shorten it to 3 parts',
    ]);
  });

  it('says what is cut of one that no provider would take, and blames nobody for the ellipsis', () => {
    expect(lint(`😀${'a'.repeat(1_600)}`)).toEqual([
      expect.stringContaining('(1602 characters for a made-up customer, at most 1600): 24 parts go out'),
      expect.stringContaining('“😀” makes it'),
    ]);
  });

  it('names what a customer would not see', () => {
    expect(lint(`${'a'.repeat(1_590)} please pay {{ invoice.amount_due }}.`)[0]).toMatch(
      /without what follows from “pay €558\.90\.” on/,
    );
  });

  it.each([
    ['You’ll find it', "“’” makes it 70 characters a part instead of 160; write '"],
    ['“Pay”', '“”” makes it 70 characters a part instead of 160; write "'],
    ['Due – now', '“–” makes it 70 characters a part instead of 160; write -'],
    ['Wait…', '“…” makes it 70 characters a part instead of 160; write ...'],
    ['Ça, ç', '“ç” makes it 70 characters a part instead of 160; write c'],
    ['Cafe\u0301', '“e\u0301” makes it 70 characters a part instead of 160; write é'],
    ['Thanks 👨‍👩‍👧', '“👨‍👩‍👧” makes it 70 characters a part instead of 160; leave it out'],
    ['zero\u200Bwidth', 'U+200B makes it 70 characters a part instead of 160; leave it out'],
    ['wide\u3000space', 'U+3000 makes it 70 characters a part instead of 160; write a plain space'],
  ])('names what makes UCS-2 of it, and what to write: %s', (sms, warning) => {
    expect(lint(sms)).toContain(warning);
  });

  it('names each of a few characters once', () => {
    expect(lint('‘Pay’ ‘now’')).toHaveLength(2);
  });

  it('names none of a language that needs them', () => {
    expect(
      lint('Prosimy o zapłatę: należność była płatna do końca ubiegłego miesiąca, prosimy zapłacić ją dziś'),
    ).toEqual([]);
  });
});
