import { createImapMailbox } from '#channels/imap/imap-mailbox.js';
import type { Config } from '#config/config.js';
import { linkProblem } from '#domain/public-link.js';
import { readBreakers } from '#engine/limits/index.js';
import { hasOwner, readPosition } from '#engine/mailbox/index.js';
import { connected } from './connected.js';
import { failed, type Finding, ok, warning } from './finding.js';

const MAILBOX = 'mailbox (IMAP)';

/** The mailbox that answers come to: can it be read, and when did a worker take mail from it? */
export async function mailbox({ imap, database: { systemUrl } }: Config): Promise<Finding[]> {
  if (!imap) return [];
  const box = createImapMailbox(imap);
  const result = await box.check();
  if (!result.ok) return [failed(MAILBOX, result.detail, result.remedy)];
  const [position, isOwned] = await connected(systemUrl, 'system', (system) =>
    Promise.all([readPosition(system, box.name), hasOwner(system, box.organisationId)]),
  ).catch(() => [null, true] as const);
  if (!isOwned)
    return [
      failed(
        MAILBOX,
        'there is no organisation of the id in IMAP_ORGANISATION, so no mail is taken',
        'Set it to the id that GET /v1/organisations/current shows, or leave it out where one live organisation has the installation.',
      ),
    ];
  const last = position?.readAt
    ? `what came by ${position.readAt.toISOString()} was taken`
    : 'no worker has read it yet';
  return [ok(MAILBOX, `${result.detail}; ${last}`)];
}

/** Providers that the workers leave alone for a while. What keeps this from being read, the check of the database says. */
export async function breakers({ database: { systemUrl } }: Config): Promise<Finding[]> {
  const now = Date.now();
  const all = await connected(systemUrl, 'system', ({ manager }) => readBreakers(manager)).catch(() => []);
  return all.flatMap(({ provider, failures, openUntil }) =>
    openUntil === null || openUntil <= now
      ? []
      : [
          warning(
            `calls to ${provider}`,
            `${String(failures)} in a row failed; nothing is sent by it before ${new Date(openUntil).toISOString()}`,
            'Another provider of the medium sends meanwhile, if one is configured; then one message tries it again.',
          ),
        ],
  );
}

/** Links in letters begin with it, and letters hold none that is not https and public. */
export async function publicUrl({ api, channels }: Config): Promise<Finding[]> {
  if (!channels.sendgrid && !channels.smtp) return [];
  const problem = linkProblem(api.publicUrl);
  return problem === null
    ? [ok('public address', api.publicUrl)]
    : [
        warning(
          'public address',
          `${api.publicUrl} cannot stand in a letter: no unsubscribing by one click, no document as a link`,
          'Set KINDLY_PUBLIC_URL, for API and workers, to the https address that debtors reach the API by.',
        ),
      ];
}
