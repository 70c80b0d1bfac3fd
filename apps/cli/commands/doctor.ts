import { Connection } from '@temporalio/client';
import { createChannels, unconfiguredMedia } from '#channels/registry.js';
import { type Config, readConfig } from '#config/config.js';
import { NAME_OF, SETTINGS_OF } from '#config/media-settings.js';
import { tlsOf } from '#config/temporal-tls.js';
import type { MessageMedium } from '#domain/medium.js';
import { createDataSource } from '#store/data-source.js';
import { compileTemplate } from '#templates/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';
import { books } from '../books-check.js';
import { failed, type Finding, ok, warning } from '../finding.js';
import { breakers, mailbox, publicUrl } from '../installation-checks.js';
import { checkMailRecords } from '../mail-records.js';
import { domainOf, senderAddresses } from '../sender-domains.js';

type Check = (config: Config, options: DoctorOptions) => Promise<Finding[]>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface DoctorOptions {
  json?: boolean;
  /** Addresses that mail is sent as. */
  from?: string[];
  /** Id or external id of the organisation whose creditors' addresses are checked too. */
  organisation?: string;
}

/** Checks what Kindly needs from its surroundings, and says what to do. Exit code 1 when something failed. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const config = readConfig();
  const findings = (await Promise.all(CHECKS.map((check) => check(config, options)))).flat();
  if (options.json) console.log(JSON.stringify({ findings }));
  else findings.forEach(print);
  if (findings.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

const SIGN = { ok: '✓', warning: '!', failed: '✗' } as const;

function print({ what, state, detail, remedy }: Finding): void {
  console.log(`${SIGN[state]} ${what}: ${detail}${remedy ? `\n    ${remedy}` : ''}`);
}

const database: Check = async ({ database: { appUrl } }) => {
  const source = createDataSource({ url: appUrl, role: 'app' });
  try {
    await source.initialize();
    const [row] = await source.query<{ version: string; migrated: string | null }[]>(
      `select split_part(version(), ' ', 2) as version, to_regclass('outbox')::text as migrated`,
    );
    if (!row?.migrated)
      return [failed('database', 'is reached but has no schema', 'Run: npm run kindly -- migrate')];
    return [ok('database', `PostgreSQL ${row.version}, schema in place`)];
  } catch (error) {
    return [failed('database', messageOf(error), 'Start PostgreSQL, or correct DATABASE_URL.')];
  } finally {
    if (source.isInitialized) await source.destroy();
  }
};

const temporal: Check = async ({ temporal: { address, namespace, tls } }) => {
  try {
    const connection = await Connection.connect({ address, tls: await tlsOf(tls), connectTimeout: '5s' });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return [ok('Temporal', `${address}, namespace ${namespace}`)];
    } finally {
      await connection.close();
    }
  } catch (error) {
    return [
      failed(
        'Temporal',
        `${address}: ${messageOf(error)}`,
        'Start Temporal, or correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_TLS.',
      ),
    ];
  }
};

const providers: Check = async ({ channels }) => {
  const configured = createChannels(channels);
  const findings = await Promise.all(
    configured.map(async (channel): Promise<Finding> => {
      const result = await channel.check();
      const what = `${channel.provider} (${channel.media.join(', ')})`;
      return result.ok ? ok(what, result.detail) : failed(what, result.detail, result.remedy);
    }),
  );
  await Promise.all(configured.map((channel) => channel.close()));
  return [...findings, ...unconfiguredMedia(channels).map(withoutProvider)];
};

const withoutProvider = (medium: MessageMedium): Finding =>
  warning(
    NAME_OF[medium],
    `no provider is configured: messages of live organisations by ${NAME_OF[medium]} stay in the outbox and count as ` +
      'accepted, but reach nobody',
    `Set ${SETTINGS_OF[medium]} before a live campaign uses it.`,
  );

/** SPF and DMARC of the domains that SMTP or SendGrid send as. */
const mail: Check = async (config, { from = [], organisation }) => {
  const { sendgrid, smtp } = config.channels;
  if (!sendgrid && !smtp && from.length === 0 && organisation === undefined) return [];
  const given = from.map(domainOf);
  const stored = await storedDomains(config, organisation);
  const domains = [...new Set([...given, ...stored.domains])];
  const { problems } = stored;
  if (domains.length === 0 && problems.length === 0) return [NO_SENDERS];
  const records = await Promise.all(domains.map((domain) => checkMailRecords(domain)));
  return [...problems, ...records.flat()];
};

const NO_SENDERS = warning(
  'SPF and DMARC',
  'not checked, for nothing says what mail is sent as',
  'Add --from <address>, or --organisation <id> of one that has creditors.',
);

interface StoredDomains {
  domains: string[];
  problems: Finding[];
}

/** Of the creditors of the organisation, if one is named; a finding where they cannot be read. */
async function storedDomains({ database }: Config, organisation: string | undefined): Promise<StoredDomains> {
  if (organisation === undefined) return { domains: [], problems: [] };
  try {
    return { domains: (await senderAddresses(database, organisation)).map(domainOf), problems: [] };
  } catch (error) {
    const remedy = 'Correct what it says, or name the senders with --from <address>.';
    return { domains: [], problems: [failed('senders', messageOf(error), remedy)] };
  }
}

const templates: Check = async () => {
  const results = await Promise.all(shippedTemplates.map(compileTemplate));
  const broken = results.flatMap((result) => (result.ok ? [] : result.problems));
  const [first] = broken;
  return first
    ? [
        failed(
          'templates',
          `${first.template} (${first.locale}): ${first.message}`,
          'Reinstall Kindly: its own templates are damaged.',
        ),
      ]
    : [ok('templates', `${results.length} shipped ones compile`)];
};

const CHECKS: readonly Check[] = [
  database,
  temporal,
  providers,
  breakers,
  mailbox,
  publicUrl,
  mail,
  books,
  templates,
];
