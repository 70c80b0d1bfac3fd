import type { Config } from '#config/config.js';
import { type Books, readBooks } from '#engine/facts/source-syncs.js';
import { withScope } from '#engine/scope.js';
import { connected } from './connected.js';
import { findOrganisation } from './find-organisation.js';
import { failed, type Finding, ok } from './finding.js';

/**
 * How far the payments of an organisation are known; nothing goes out while that is less far than it allows. What keeps this from
 * being read, other checks say.
 */
export async function books(
  { database }: Config,
  { organisation }: { organisation?: string },
): Promise<Finding[]> {
  if (organisation === undefined) return [];
  const read = await readOf(database, organisation).catch(() => null);
  if (!read) return [];
  const { isStale, sources } = read;
  const known = sources
    .map(({ source, completeThrough }) => `${source} until ${new Date(completeThrough).toISOString()}`)
    .join(', ');
  if (!isStale) return known ? [ok('books', known)] : [];
  return [
    failed(
      'books',
      `${known || 'no source has told anything'}: less far than booksMayLag allows, so nothing goes out`,
      'Import the payments, then say so with PUT /v1/source-syncs/{source}; forget a source that is no more with DELETE.',
    ),
  ];
}

async function readOf({ appUrl, systemUrl }: Config['database'], organisation: string): Promise<Books> {
  const id = await connected(systemUrl, 'system', (system) => findOrganisation(system, organisation));
  return connected(appUrl, 'app', (app) => withScope(app, id, 'command line', readBooks));
}
