import { isDeepStrictEqual } from 'node:util';
import type { CreditorInput, UpsertResult } from '#contracts/schemas/index.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { AGAIN, inRounds } from './rounds.js';

/** A creditor as stored, with every field. */
type CreditorState = { [K in keyof CreditorInput]-?: Exclude<CreditorInput[K], undefined> };

/**
 * Creates or updates creditors by their external ids. What an input leaves out stays as it is. No plan
 * depends on a creditor, so nothing is announced: a letter says what holds when it is written.
 *
 * @returns one result an input, in their order
 */
export const upsertCreditors = (scope: Scope, inputs: readonly CreditorInput[]): Promise<UpsertResult[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    async (round) => {
      const results: (UpsertResult | typeof AGAIN)[] = [];
      // An organisation has a handful: one at a time is plainer than a set.
      for (const input of round) results.push(await upsertOne(scope, input));
      return results;
    },
  );

async function upsertOne(scope: Scope, input: CreditorInput): Promise<UpsertResult | typeof AGAIN> {
  const { externalId } = input;
  const stored = await read(scope, externalId);
  if (!stored) {
    const id = await insert(scope, merge(DEFAULTS, input));
    return id === null ? AGAIN : { id, externalId, result: 'created' };
  }
  const { id, ...was } = stored;
  const next = merge(was, input);
  if (isDeepStrictEqual(next, was)) return { id, externalId, result: 'unchanged' };
  await change(scope, id, next);
  return { id, externalId, result: 'updated' };
}

const DEFAULTS: Partial<CreditorState> = {
  party: 'first',
  vatId: null,
  address: null,
  website: null,
  bankAccounts: [],
  brand: {},
  senders: {},
  mail: {},
  paymentLink: null,
  locale: 'en',
};

const merge = (was: Partial<CreditorState>, input: CreditorInput): CreditorState => ({
  ...was,
  ...(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as CreditorState),
});

async function read(scope: Scope, externalId: string): Promise<(CreditorState & { id: string }) | null> {
  const [row] = await scope.manager.query<(CreditorState & { id: string })[]>(
    `select id, external_id as "externalId", name, party, vat_id as "vatId", address, website, phone, email,
       bank_accounts as "bankAccounts", brand, senders, mail, payment_link as "paymentLink", locale
     from creditor where organisation_id = $1 and external_id = $2 for no key update`,
    [scope.organisationId, externalId],
  );
  return row ? { ...row } : null;
}

const values = (scope: Scope, creditor: CreditorState): unknown[] => [
  scope.organisationId,
  creditor.externalId,
  creditor.name,
  creditor.party,
  creditor.vatId,
  creditor.address,
  creditor.website,
  creditor.phone,
  creditor.email,
  JSON.stringify(creditor.bankAccounts),
  JSON.stringify(creditor.brand),
  JSON.stringify(creditor.senders),
  JSON.stringify(creditor.mail),
  creditor.paymentLink,
  creditor.locale,
];

/** @returns its id; null when another transaction created it meanwhile */
async function insert(scope: Scope, creditor: CreditorState): Promise<string | null> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into creditor (organisation_id, external_id, name, party, vat_id, address, website, phone, email,
                           bank_accounts, brand, senders, mail, payment_link, locale)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (organisation_id, external_id) do nothing returning id`,
    values(scope, creditor),
  );
  return row?.id ?? null;
}

async function change(scope: Scope, id: string, creditor: CreditorState): Promise<void> {
  await scope.manager.query(
    `update creditor set name = $3, party = $4, vat_id = $5, address = $6, website = $7, phone = $8, email = $9,
       bank_accounts = $10, brand = $11, senders = $12, mail = $13, payment_link = $14, locale = $15
     where organisation_id = $1 and external_id = $2`,
    values(scope, creditor),
  );
  await audit(scope, [{ action: 'creditor.updated', subjectType: 'creditor', subjectId: id }]);
}
