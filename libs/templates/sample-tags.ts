import type { MergeTags } from '#domain/merge-tags.js';
import { formatDate, formatMoney } from './format.js';

type Whole =
  | 'offer'
  | 'promise'
  | 'broken_promise'
  | 'part'
  | 'broken_plan'
  | 'returned_payment'
  | 'statement'
  | 'consent';

/** Groups of merge tags, each with only the values to change; `offer`, the promises, `statement` and `consent` are given whole. */
export type MergeTagOverrides = {
  [G in keyof Omit<MergeTags, Whole>]?: Partial<MergeTags[G]>;
} & Partial<Pick<MergeTags, Whole>>;

/**
 * Made-up but likely values for previews and tests: an invoice of 558.90 EUR that was due fourteen days ago and was
 * promised to be paid within eight.
 * @param locale `ru` gets Russian names, anything else English ones
 */
export function sampleTags(locale: string, overrides: MergeTagOverrides = {}): MergeTags {
  const base = locale.startsWith('ru') ? russianSample(locale) : englishSample(locale);
  return {
    customer: { ...base.customer, ...overrides.customer },
    contact: { ...base.contact, ...overrides.contact },
    invoice: { ...base.invoice, ...overrides.invoice },
    creditor: { ...base.creditor, ...overrides.creditor },
    account_manager: { ...base.account_manager, ...overrides.account_manager },
    payment: { ...base.payment, ...overrides.payment },
    offer: overrides.offer === undefined ? base.offer : overrides.offer,
    promise: overrides.promise === undefined ? base.promise : overrides.promise,
    broken_promise: overrides.broken_promise ?? null,
    part: overrides.part ?? null,
    broken_plan: overrides.broken_plan ?? null,
    returned_payment: overrides.returned_payment ?? null,
    statement: overrides.statement === undefined ? base.statement : overrides.statement,
    organisation: { ...base.organisation, ...overrides.organisation },
    preferences: { ...base.preferences, ...overrides.preferences },
    consent: overrides.consent === undefined ? base.consent : overrides.consent,
  };
}

const sampleInvoice = (locale: string, currency: string): MergeTags['invoice'] => ({
  number: '611365',
  issue_date: formatDate('2013-01-02', locale),
  due_date: formatDate('2013-01-29', locale),
  due_on: '2013-01-29',
  total: formatMoney(55_890, currency, locale, 2),
  amount_due: formatMoney(55_890, currency, locale, 2),
  amount_due_minor: 55_890,
  paid: formatMoney(0, currency, locale, 2),
  is_partly_paid: false,
  disputed: null,
  currency,
  days_overdue: 14,
  days_until_due: -14,
  has_document: false,
  document_link: null,
});

const samplePromise = (locale: string, currency: string): MergeTags['promise'] => ({
  amount: formatMoney(55_890, currency, locale, 2),
  date: formatDate('2013-02-20', locale),
});

function englishSample(locale: string): MergeTags {
  return {
    customer: { name: 'Harbour Street Bakery Ltd', external_id: '0379-NEVHP', kind: 'company' },
    contact: { name: 'Anna Smith', given_name: 'Anna', family_name: 'Smith', salutation: 'Dear Ms Smith' },
    invoice: sampleInvoice(locale, 'EUR'),
    creditor: {
      name: 'Northwind Supplies Ltd',
      phone: '+44 20 7946 0000',
      email: 'accounts@northwind.example',
      address: '1 Harbour Street, London E1 6AN, United Kingdom',
      vat_id: 'GB999999973',
      bank_name: 'Example Bank',
      iban: 'GB33BUKB20201555555555',
      bic: 'BUKBGB22',
      account_number: null,
      website: 'https://northwind.example/',
      colour: '#0b5d66',
      logo_url: null,
    },
    account_manager: { name: 'Tom Baker', phone: '+44 20 7946 0001', email: 'tom.baker@northwind.example' },
    payment: { link: 'https://pay.northwind.example/i/q7Rk2', reference: '611365' },
    offer: null,
    promise: samplePromise(locale, 'EUR'),
    broken_promise: null,
    part: null,
    broken_plan: null,
    returned_payment: null,
    statement: null,
    organisation: { name: 'Northwind Supplies' },
    preferences: {
      link: 'https://pay.northwind.example/u/q7Rk2',
      page: 'https://pay.northwind.example/p/q7Rk2',
    },
    consent: { link: 'https://pay.northwind.example/c/q7Rk2' },
  };
}

function russianSample(locale: string): MergeTags {
  return {
    customer: { name: 'ООО «Булочная на набережной»', external_id: '0379-NEVHP', kind: 'company' },
    contact: {
      name: 'Анна Петрова',
      given_name: 'Анна',
      family_name: 'Петрова',
      salutation: 'Уважаемая Анна Сергеевна',
    },
    invoice: sampleInvoice(locale, 'RUB'),
    creditor: {
      name: 'ООО «Северный ветер»',
      phone: '+7 495 000-00-00',
      email: 'buh@severveter.example',
      address: '101000, Москва, ул. Примерная, д. 1',
      vat_id: '7700000000',
      bank_name: 'АО «Банк Пример»',
      iban: null,
      bic: '044525000',
      account_number: '40702810000000000001',
      website: 'https://severveter.example/',
      colour: '#8a2f4f',
      logo_url: null,
    },
    account_manager: {
      name: 'Олег Иванов',
      phone: '+7 495 000-00-01',
      email: 'oleg.ivanov@severveter.example',
    },
    payment: { link: 'https://pay.severveter.example/i/q7Rk2', reference: 'Счёт № 611365' },
    offer: null,
    promise: samplePromise(locale, 'RUB'),
    broken_promise: null,
    part: null,
    broken_plan: null,
    returned_payment: null,
    statement: null,
    organisation: { name: 'Северный ветер' },
    preferences: {
      link: 'https://pay.severveter.example/u/q7Rk2',
      page: 'https://pay.severveter.example/p/q7Rk2',
    },
    consent: { link: 'https://pay.severveter.example/c/q7Rk2' },
  };
}

/** The same for a template of this key: one about several invoices gets some. */
export const sampleTagsFor = (key: string, locale: string): MergeTags =>
  sampleTags(locale, key === 'statement' ? { statement: sampleStatement(locale) } : {});

/** Three invoices of 1,204.40 EUR in all: one overdue, one of today, one to come. */
export function sampleStatement(locale: string): NonNullable<MergeTags['statement']> {
  const currency = locale.startsWith('ru') ? 'RUB' : 'EUR';
  const row = (number: string, dueOn: string, daysOverdue: number, minor: number) => ({
    number,
    due_date: formatDate(dueOn, locale),
    days_overdue: daysOverdue,
    amount: formatMoney(minor, currency, locale, 2),
  });
  return {
    count: 3,
    total: formatMoney(120_440, currency, locale, 2),
    pending: null,
    list: {
      sections: [
        { stage: 'overdue', rows: [row('611365', '2013-01-29', 14, 55_890)] },
        { stage: 'due_today', rows: [row('611402', '2013-02-12', 0, 21_550)] },
        { stage: 'coming_due', rows: [row('611498', '2013-02-20', -8, 43_000)] },
      ],
    },
  };
}
