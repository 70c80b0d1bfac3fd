import type { MergeTagPath } from '#domain/merge-tags.js';
import type { Template } from 'liquidjs';
import type { TemplatePurpose } from '../template.js';
import { alwaysPrints, sometimesPrints } from './tag-use.js';

/** Something a message has to say; any one of the tags says it. */
export interface Requirement {
  what: string;
  anyOf: readonly MergeTagPath[];
  /** `always`: whatever the facts. `somewhere`: it may depend on a condition, for the fact may be missing. */
  how: 'always' | 'somewhere';
}

export const AMOUNT: Requirement = { what: 'the amount due', anyOf: ['invoice.amount_due'], how: 'always' };
export const DUE_DATE: Requirement = { what: 'the due date', anyOf: ['invoice.due_date'], how: 'always' };
export const CREDITOR: Requirement = { what: 'who writes', anyOf: ['creditor.name'], how: 'always' };
const NUMBER: Requirement = { what: 'the invoice number', anyOf: ['invoice.number'], how: 'always' };
export const WAY_TO_PAY: Requirement = {
  what: 'a way to pay',
  anyOf: ['payment.link', 'creditor.iban', 'creditor.account_number', 'payment.reference'],
  how: 'somewhere',
};
export const TELEPHONE: Requirement = {
  what: 'a telephone number to ask at',
  anyOf: ['account_manager.phone', 'creditor.phone'],
  how: 'always',
};
export const CONSENT_LINK: Requirement = {
  what: 'where the consent is confirmed',
  anyOf: ['consent.link'],
  how: 'always',
};
/** Of several invoices at once. */
export const STATEMENT_TOTAL: Requirement = {
  what: 'what is owed in all',
  anyOf: ['statement.total'],
  how: 'always',
};
export const STATEMENT_LIST: Requirement = {
  what: 'which invoices it is about',
  anyOf: ['statement.list'],
  how: 'always',
};
export const LINK_OR_TELEPHONE: Requirement = {
  what: 'a link or a telephone number',
  anyOf: ['payment.link', 'account_manager.phone', 'creditor.phone'],
  how: 'always',
};

/** What each purpose must say, in the e-mail (HTML and text alike) and in the short parts (SMS, direct message). */
export const requiredTags: Record<
  TemplatePurpose,
  { email: readonly Requirement[]; short: readonly Requirement[] }
> = {
  reminder: {
    email: [AMOUNT, DUE_DATE, NUMBER, WAY_TO_PAY, TELEPHONE],
    short: [AMOUNT, NUMBER, LINK_OR_TELEPHONE],
  },
  confirmation: { email: [NUMBER, TELEPHONE], short: [NUMBER] },
};

export function missingIn(templates: Template[], requirements: readonly Requirement[]): Requirement[] {
  return requirements.filter(({ anyOf, how }) =>
    how === 'always' ? !alwaysPrints(templates, anyOf) : !sometimesPrints(templates, anyOf),
  );
}
