import type { MergeTagGroup } from '#domain/merge-tags.js';
import type { TemplatePurpose } from '../template.js';
import {
  AMOUNT,
  CONSENT_LINK,
  CREDITOR,
  DUE_DATE,
  LINK_OR_TELEPHONE,
  type Requirement,
  STATEMENT_LIST,
  STATEMENT_TOTAL,
  TELEPHONE,
  WAY_TO_PAY,
} from './required.js';

/** What the linter knows of a template by its key, because the engine itself writes letters by it. */
export interface KnownKey {
  purpose: TemplatePurpose;
  /** Groups that may be `null` elsewhere and are always there in this letter. */
  given: readonly MergeTagGroup[];
  /** What it must say besides what its purpose demands. */
  email: readonly Requirement[];
  short: readonly Requirement[];
  /** It is about no single invoice, and need not say what its purpose demands of one. */
  isAboutNone?: true;
  /** It is about several invoices, of which none is the one. */
  isAboutSeveral?: true;
}

const PROMISED: readonly Requirement[] = [
  { what: 'the amount that was promised', anyOf: ['promise.amount'], how: 'always' },
  { what: 'the date that was promised', anyOf: ['promise.date'], how: 'always' },
];

const confirmation: KnownKey = { purpose: 'confirmation', given: [], email: [], short: [] };

/** Confirms what a person said of messages; of what they owe it says nothing (47 CFR 64.1200(a)(12)). */
const ofMessages: KnownKey = { ...confirmation, email: [CREDITOR], short: [CREDITOR], isAboutNone: true };

/** Asks the owner of an address whether a consent is theirs. */
const ofConsent: KnownKey = {
  ...ofMessages,
  given: ['consent'],
  email: [CREDITOR, CONSENT_LINK],
  short: [CREDITOR, CONSENT_LINK],
};

/** The total and the list are always there; which invoice `invoice` would be, nobody could say. */
const ofSeveral: KnownKey = {
  purpose: 'reminder',
  given: ['statement'],
  email: [STATEMENT_TOTAL, STATEMENT_LIST, WAY_TO_PAY, TELEPHONE],
  short: [STATEMENT_TOTAL, LINK_OR_TELEPHONE],
  isAboutNone: true,
  isAboutSeveral: true,
};

const KNOWN_KEYS: ReadonlyMap<string, KnownKey> = new Map([
  ['statement', ofSeveral],
  ['thank-you', confirmation],
  ['stop-confirmation', ofMessages],
  ['start-confirmation', ofMessages],
  ['telegram-greeting', ofMessages],
  ['consent-confirmation', ofConsent],
  ['agreement-confirmation', confirmation],
  ['promise-confirmation', { ...confirmation, given: ['promise'], email: PROMISED, short: PROMISED }],
  [
    'invoice-copy',
    { ...confirmation, email: [AMOUNT, DUE_DATE, WAY_TO_PAY], short: [AMOUNT, LINK_OR_TELEPHONE] },
  ],
]);

const ANY_KEY: KnownKey = { ...confirmation, purpose: 'reminder' };

export const knownKey = (key: string): KnownKey => KNOWN_KEYS.get(key) ?? ANY_KEY;
