import type { Scope } from '#engine/scope.js';
import { Problem } from './problem.js';

/** Tables whose rows have an external id, and how a sentence calls them. */
const ADDRESSABLE = {
  customer: 'customer',
  invoice: 'invoice',
  payment: 'payment',
  credit_note: 'credit note',
  creditor: 'creditor',
  campaign: 'campaign',
  segment: 'segment',
  enrolment_rule: 'rule of enrolment',
} as const;

/** Tables whose rows are addressed by uuid alone. */
const BY_UUID = {
  api_key: 'API key',
  hold: 'hold',
  allocation: 'allocation',
  suppression: 'suppression',
  task: 'task',
  enrolment: 'enrolment',
  contact: 'contact',
  contact_point: 'contact point',
  document: 'document',
  inbound_message: 'message that came in',
  webhook_endpoint: 'webhook endpoint',
} as const;

const NAMES = { ...ADDRESSABLE, ...BY_UUID };
export type Addressed = keyof typeof NAMES;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EXTERNAL = 'ext:';

/** Another organisation's id is answered exactly as one that never was. */
export const notFound = (what: Addressed, reference: string): Problem =>
  new Problem('not-found', `There is no ${NAMES[what]} ${reference}.`);

const columnOf = (what: Addressed, reference: string): [column: string, value: string] => {
  if (UUID.test(reference)) return ['id', reference];
  if (what in ADDRESSABLE && reference.startsWith(EXTERNAL)) {
    return ['external_id', reference.slice(EXTERNAL.length)];
  }
  throw notFound(what, reference);
};

/**
 * The uuid that `:id` of a route means: a uuid, or `ext:` and the external id.
 * @throws {Problem} not-found
 */
export const idOf = async (scope: Scope, what: Addressed, reference: string): Promise<string> => {
  const [column, value] = columnOf(what, reference);
  const [row] = await scope.manager.query<{ id: string }[]>(
    `select id from ${what} where organisation_id = $1 and ${column} = $2`,
    [scope.organisationId, value],
  );
  if (!row) throw notFound(what, reference);
  return row.id;
};

/** The same for a reference in a query or body that may be absent. */
export const optionalIdOf = async (
  scope: Scope,
  what: Addressed,
  reference: string | undefined,
): Promise<string | undefined> => (reference === undefined ? undefined : idOf(scope, what, reference));

/**
 * For a PUT: that path and body speak of the same thing. `ext:` may be new; a uuid must exist.
 * @throws {Problem}
 */
export const checkAddressed = async (
  scope: Scope,
  what: keyof typeof ADDRESSABLE,
  reference: string,
  externalId: string,
): Promise<void> => {
  const [column, value] = columnOf(what, reference);
  const addressed = column === 'external_id' ? value : await externalIdOf(scope, what, reference);
  if (addressed === externalId) return;
  throw new Problem('invalid-request', 'Path and body name different things.', {
    errors: [{ path: 'externalId', message: 'is not the one of the path; write the same in both' }],
  });
};

const externalIdOf = async (scope: Scope, what: keyof typeof ADDRESSABLE, id: string): Promise<string> => {
  const [row] = await scope.manager.query<{ external_id: string }[]>(
    `select external_id from ${what} where organisation_id = $1 and id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw notFound(what, id);
  return row.external_id;
};
