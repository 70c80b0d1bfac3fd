import { formatDate } from '../format.js';
import { compileTemplate } from '../compile.js';
import { render } from '../render.js';
import { sampleStatement, sampleTags, type MergeTagOverrides } from '../sample-tags.js';
import { smsParts } from '../sms.js';
import type { CompiledTemplate, Rendered } from '../template.js';
import { shippedTemplates } from './index.js';

const REMINDERS = ['heads-up', 'due-today', 'overdue', 'second-notice', 'final-notice'];
const CONFIRMATIONS = ['thank-you', 'promise-confirmation', 'agreement-confirmation', 'invoice-copy'];
const OF_MESSAGES = ['stop-confirmation', 'start-confirmation', 'telegram-greeting', 'consent-confirmation'];
const KEYS = [...REMINDERS, ...CONFIRMATIONS, ...OF_MESSAGES, 'statement'];
const LATE = ['overdue', 'second-notice', 'final-notice'];
const LOCALES = ['en', 'ru'];

const compiled = new Map<string, CompiledTemplate>();

beforeAll(async () => {
  for (const source of shippedTemplates) {
    const result = await compileTemplate(source);
    if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
    expect(result.warnings).toEqual([]);
    compiled.set(`${source.key}/${source.locale}`, result.template);
  }
});

function message(key: string, locale: string, overrides: MergeTagOverrides = {}): Rendered {
  const template = compiled.get(`${key}/${locale}`);
  if (!template) throw new Error(`No template ${key} in ${locale}`);
  const statement = key === 'statement' ? sampleStatement(locale) : null;
  return render(template, sampleTags(locale, { statement, ...overrides }));
}

const pairs = (keys: string[]): [string, string][] =>
  keys.flatMap((key) => LOCALES.map((locale): [string, string] => [key, locale]));

const partlyPaid: MergeTagOverrides = { invoice: { is_partly_paid: true, paid: 'PAID', amount_due: 'REST' } };
const settled: MergeTagOverrides = {
  invoice: { amount_due: 'ZERO', amount_due_minor: 0, is_partly_paid: false },
};
const nothingKnown: MergeTagOverrides = {
  contact: { name: null, given_name: null, family_name: null, salutation: null },
  creditor: {
    address: null,
    vat_id: null,
    bank_name: null,
    iban: null,
    bic: null,
    account_number: null,
    website: null,
  },
  payment: { link: null },
  preferences: { link: null, page: null },
};

it('ships six messages, three letters, what is said of messages and a statement, in English and in Russian', () => {
  expect(shippedTemplates.map(({ key, locale }) => [key, locale])).toEqual(
    LOCALES.flatMap((locale) => KEYS.map((key) => [key, locale])),
  );
});

describe.each(pairs(OF_MESSAGES))('%s in %s', (key, locale) => {
  it('names who writes and nothing of what is owed, in every part', () => {
    const tags = sampleTags(locale, { invoice: { number: 'NUMBER', amount_due: 'DUE', total: 'TOTAL' } });
    const { subject, html, text, direct, sms } = message(key, locale, {
      invoice: { number: 'NUMBER', amount_due: 'DUE', total: 'TOTAL' },
    });
    for (const part of [html, text, direct, sms]) expect(part).toContain(tags.creditor.name);
    for (const part of [subject, html, text, direct, sms]) expect(part).not.toMatch(/NUMBER|DUE|TOTAL/);
  });

  it('fits into one or two parts of an SMS', () => {
    expect(smsParts(message(key, locale).sms).segments).toBeLessThanOrEqual(2);
  });
});

describe.each(pairs(REMINDERS))('%s in %s', (key, locale) => {
  it('names amount, due date, ways to pay and a person with a telephone number in every part', () => {
    const tags = sampleTags(locale);
    const { html, text, direct, sms } = message(key, locale);
    const account = tags.creditor.iban ?? tags.creditor.account_number ?? 'none';
    for (const part of [html, text]) {
      const expected = [tags.invoice.amount_due, tags.invoice.due_date, tags.payment.link, account, tags.payment.reference, tags.account_manager.name, tags.account_manager.phone]; // prettier-ignore
      for (const value of expected) expect(part).toContain(value);
    }
    expect(direct).toContain(tags.invoice.amount_due);
    expect(sms).toContain(tags.payment.link);
    expect(sms).toContain(tags.creditor.name);
  });

  it('still says how to pay and whom to call when hardly anything is known', () => {
    const { html, text, sms } = message(key, locale, nothingKnown);
    for (const part of [html, text, sms]) expect(part).toContain(sampleTags(locale).account_manager.phone);
    expect(html).not.toContain('href=""');
    expect(`${text}${sms}`).not.toMatch(/null|undefined|: *\n/);
  });

  it('says what was received and what remains of a partly paid invoice', () => {
    const { html, text, direct } = message(key, locale, partlyPaid);
    for (const part of [html, text, direct]) expect(part).toMatch(/PAID[\s\S]*REST/);
  });

  it('shows an offer only when there is one', () => {
    const offer = { amount_off: 'SAVED', amount_to_pay: 'LESS', valid_until: 'SOON' };
    for (const part of ['html', 'text', 'direct'] as const) {
      expect(message(key, locale, { offer })[part]).toMatch(/LESS[\s\S]*SAVED|SAVED[\s\S]*LESS/);
      expect(message(key, locale)[part]).not.toContain('SAVED');
    }
  });

  it('has a line for those who have paid', () => {
    expect(message(key, locale).text).toMatch(/Already paid\?|Уже оплатили\?/);
  });
});

describe.each(pairs(['overdue', 'second-notice', 'final-notice']))('%s in %s', (key, locale) => {
  it('says so where a promise was not kept, with what came of it, and where a part is disputed', () => {
    const broken_promise = { amount: 'PROMISED', date: 'THEN', paid: 'CAME' };
    const said = message(key, locale, { broken_promise, invoice: { disputed: 'DISPUTED' } });
    for (const part of ['html', 'text', 'direct'] as const) {
      for (const word of ['PROMISED', 'THEN', 'CAME', 'DISPUTED']) expect(said[part]).toContain(word);
      expect(message(key, locale)[part]).not.toMatch(/noted that|записали, что|not right|вызывает вопросы/);
    }
    const nothingCame = message(key, locale, { broken_promise: { ...broken_promise, paid: null } });
    expect(nothingCame.text).not.toMatch(/Of that, |Из них /);
  });
});

describe.each(pairs(REMINDERS))('%s in %s', (key, locale) => {
  it('says of which part it is, what is done and what remains, in whole sentences', () => {
    const part = { number: 2, count: 3, name: 'STAGE', amount: 'ASKED', done: 1, rest: 'LEFT' };
    const said = message(key, locale, { part });
    for (const form of ['html', 'text', 'direct'] as const)
      for (const word of ['STAGE', 'ASKED', 'LEFT']) expect(said[form]).toContain(word);
    expect(said.text).toMatch(/LEFT( remains)?\./);
    expect(message(key, locale, { part: { ...part, name: null, done: null, rest: null } }).text).not.toMatch(
      /STAGE|LEFT|Paid so far|Уже оплачено/,
    );
  });
});

describe.each(pairs([...REMINDERS, ...CONFIRMATIONS]))('%s in %s', (key, locale) => {
  it('names the invoice and whom to call in every part', () => {
    const { invoice, account_manager } = sampleTags(locale);
    const { html, text, sms, direct } = message(key, locale, nothingKnown);
    for (const part of [html, text, sms, direct]) expect(part).toContain(invoice.number);
    for (const part of [html, text, direct]) expect(part).toContain(account_manager.phone);
  });
});

describe.each(pairs(KEYS))('%s in %s', (key, locale) => {
  it('threatens with nothing', () => {
    const said = Object.values(message(key, locale))
      .join(' ')
      .replaceAll(/<style[\s\S]*?<\/style>/g, '');
    expect(said).not.toMatch(
      /legal|court|lawyer|solicitor|bailiff|credit (rating|score)|penalt|late fee|\bdebt|collection/i,
    );
    expect(said).not.toMatch(/суд[аеу]?\b|юрист|взыскан|коллектор|штраф|пен[яию]|долг|задолженност|пристав/i);
  });

  it('leaves no gap of blank lines, no trailing space and no double full stop', () => {
    const attached: MergeTagOverrides = { invoice: { has_document: true } };
    const broken: MergeTagOverrides = {
      broken_promise: { amount: '1', date: formatDate('2026-05-02', locale), paid: null },
    };
    for (const overrides of [{}, partlyPaid, settled, attached, nothingKnown, broken]) {
      const { text, direct, sms, subject } = message(key, locale, overrides);
      for (const part of [text, direct, sms, subject]) {
        expect(part.replaceAll('-- \n', '')).not.toMatch(/\n{3}|[ \t]\n|\.\.| {2}|^\s|\s$/);
      }
    }
  });

  it('fits an SMS into at most three parts', () => {
    expect(smsParts(message(key, locale).sms).segments).toBeLessThanOrEqual(3);
    if (locale === 'en') expect(smsParts(message(key, locale).sms).encoding).toBe('GSM-7');
  });

  it('is accessible: language, title, alternative text, layout tables marked, colour schemes', () => {
    const { html, subject } = message(key, locale, { creditor: { logo_url: 'https://x.example/logo.png' } });
    expect(html).toContain(`<html lang="${locale}"`);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('prefers-color-scheme: dark');
    for (const [image] of html.matchAll(/<img [^>]*>/g)) expect(image).toMatch(/alt="[^"]+"/);
    for (const [table] of html.matchAll(/<table[^>]*>(?!\s*<caption)/g))
      expect(table).toContain('role="presentation"');
  });

  it('names the creditor with address, tax number and telephone in the footer', () => {
    const { creditor } = sampleTags(locale);
    for (const part of ['html', 'text'] as const) {
      const said = message(key, locale)[part];
      for (const value of [creditor.name, creditor.address, creditor.vat_id, creditor.phone])
        expect(said).toContain(value);
    }
  });
});

it.each(pairs(LATE))('%s in %s offers time and instalments and says how late it is', (key, locale) => {
  const { text } = message(key, locale, { invoice: { days_overdue: 2 } });
  expect(text).toMatch(/instalments|частями/);
  expect(text.replaceAll('\u00A0', ' ')).toMatch(/2 days|2 дня/);
});

it('does not say “today” when the day has passed, nor “in 0 days”', () => {
  for (const locale of LOCALES) {
    const late = message('due-today', locale, { invoice: { days_overdue: 2, days_until_due: -2 } });
    expect(Object.values(late).join(' ')).not.toMatch(/today|сегодня/i);
    const today = message('due-today', locale, { invoice: { days_overdue: 0, days_until_due: 0 } });
    for (const part of [today.subject, today.text, today.sms]) expect(part).toMatch(/today|сегодня/i);
    const note = message('heads-up', locale, { invoice: { days_overdue: 0, days_until_due: 0 } });
    expect(note.text).not.toMatch(/0 days|0 дней/);
    expect(message('heads-up', locale, { invoice: { days_until_due: 1 } }).text).toMatch(/tomorrow|завтра/i);
  }
});

describe.each(LOCALES)('the letters that somebody asks for on the telephone, in %s', (locale) => {
  const promise = { amount: 'PROMISED', date: 'THAT DAY' };
  const parts = ['html', 'text', 'sms', 'direct'] as const;

  it('say what was promised by when, that reminders pause until then, and whom to call', () => {
    const written = message('promise-confirmation', locale, { promise });
    for (const part of parts) {
      expect(written[part]).toMatch(/PROMISED[\s\S]*THAT DAY|THAT DAY[\s\S]*PROMISED/);
      expect(written[part]).toMatch(/reminders[\s\S]*pause until|напоминания[\s\S]*приостановлены/);
      expect(written[part]).toContain(sampleTags(locale).account_manager.phone);
    }
    expect(written.html).not.toContain('class="pay"');
  });

  it('confirm a conversation without a word on what is owed', () => {
    const { invoice } = sampleTags(locale);
    const written = message('agreement-confirmation', locale, {
      invoice: { amount_due: 'OWED', due_date: 'DUE', total: 'TOTAL' },
    });
    for (const part of parts) {
      expect(written[part]).toContain(invoice.number);
      expect(written[part]).toMatch(/have noted what was said|записали, о чём шла речь/);
      expect(written[part]).not.toMatch(/OWED|DUE\b|PROMISED/);
    }
    expect(written.text).toMatch(/TOTAL/);
  });

  it('say that a copy is attached only when it is', () => {
    const attached = message('invoice-copy', locale, { invoice: { has_document: true } });
    for (const part of ['html', 'text'] as const) {
      expect(attached[part]).toMatch(/is attached|приложена/);
      expect(message('invoice-copy', locale)[part]).not.toMatch(/attached|приложена/);
    }
  });

  it('say with the copy of an invoice what to pay until when and how, while something is owed', () => {
    const { invoice, payment, creditor } = sampleTags(locale);
    const open = message('invoice-copy', locale);
    for (const part of parts)
      for (const said of [invoice.due_date, payment.link, invoice.amount_due])
        expect(open[part].replaceAll('\u00A0', ' ')).toContain(said?.replaceAll('\u00A0', ' '));
    for (const part of ['html', 'text'] as const)
      expect(open[part]).toContain(creditor.iban ?? creditor.account_number);
    const paid = message('invoice-copy', locale, settled);
    for (const part of parts) expect(paid[part]).not.toContain(payment.link);
    expect(paid.text).not.toContain(creditor.iban ?? creditor.account_number);
    for (const part of ['text', 'direct'] as const) expect(paid[part]).toMatch(/settled in full|закрыт/);
  });
});

it('thanks without asking for anything when the invoice is settled, and says what remains when it is not', () => {
  for (const locale of LOCALES) {
    const full = message('thank-you', locale, settled);
    expect(full.text).toMatch(/settled in full|закрыт/);
    expect(full.html).not.toContain('class="pay"');
    const partly = message('thank-you', locale, { invoice: { amount_due_minor: 5, ...partlyPaid.invoice } });
    expect(partly.text).toMatch(/PAID[\s\S]*REST/);
    expect(partly.text).not.toMatch(/settled in full|закрыт/);
  }
});
