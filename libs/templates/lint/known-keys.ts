import type { MergeTagGroup } from '#domain/merge-tags.js';
import type { TemplatePurpose } from '../template.js';
import { AMOUNT, DUE_DATE, LINK_OR_TELEPHONE, type Requirement, WAY_TO_PAY } from './required.js';

/** What the linter knows of a template by its key, because the engine itself writes letters by it. */
export interface KnownKey {
  purpose: TemplatePurpose;
  /** Groups that may be `null` elsewhere and are always there in this letter. */
  given: readonly MergeTagGroup[];
  /** What it must say besides what its purpose demands. */
  email: readonly Requirement[];
  short: readonly Requirement[];
}

const PROMISED: readonly Requirement[] = [
  { what: 'the amount that was promised', anyOf: ['promise.amount'], how: 'always' },
  { what: 'the date that was promised', anyOf: ['promise.date'], how: 'always' },
];

const confirmation: KnownKey = { purpose: 'confirmation', given: [], email: [], short: [] };

const KNOWN_KEYS: ReadonlyMap<string, KnownKey> = new Map([
  ['thank-you', confirmation],
  ['agreement-confirmation', confirmation],
  ['promise-confirmation', { ...confirmation, given: ['promise'], email: PROMISED, short: PROMISED }],
  [
    'invoice-copy',
    { ...confirmation, email: [AMOUNT, DUE_DATE, WAY_TO_PAY], short: [AMOUNT, LINK_OR_TELEPHONE] },
  ],
]);

const ANY_KEY: KnownKey = { ...confirmation, purpose: 'reminder' };

export const knownKey = (key: string): KnownKey => KNOWN_KEYS.get(key) ?? ANY_KEY;
