import { resolveTxt } from 'node:dns/promises';
import { Connection } from '@temporalio/client';
import { createChannels } from '#channels/registry.js';
import { type Config, readConfig } from '#config/config.js';
import { createDataSource } from '#store/data-source.js';
import { compileTemplate } from '#templates/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';

interface Finding {
  what: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  /** What to do; null when nothing. */
  remedy: string | null;
}

type Check = (config: Config) => Promise<Finding[]>;

const ok = (what: string, detail: string): Finding => ({ what, state: 'ok', detail, remedy: null });
const failed = (what: string, detail: string, remedy: string): Finding => ({
  what,
  state: 'failed',
  detail,
  remedy,
});
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface DoctorOptions {
  json?: boolean;
}

/** Checks what Kindly needs from its surroundings, and says what to do. Exit code 1 when something failed. */
export async function doctor({ json }: DoctorOptions): Promise<void> {
  const config = readConfig();
  const findings = (await Promise.all(CHECKS.map((check) => check(config)))).flat();
  if (json) console.log(JSON.stringify({ findings }));
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

const temporal: Check = async ({ temporal: { address, namespace } }) => {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '5s' });
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
        'Start Temporal, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.',
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
  return findings;
};

/** SPF and DMARC of the domain that SMTP or SendGrid send for, as far as the public URL tells it. */
const dns: Check = async ({ channels, api }) => {
  if (!channels.sendgrid && !channels.smtp) return [];
  const domain = new URL(api.publicUrl).hostname.split('.').slice(-2).join('.');
  return Promise.all([
    record(domain, 'v=spf1', `Add a TXT record to ${domain} that lists who sends its mail (SPF, RFC 7208).`),
    record(
      `_dmarc.${domain}`,
      'v=DMARC1',
      `Add a TXT record _dmarc.${domain}, to begin with "v=DMARC1; p=none" (RFC 7489).`,
    ),
  ]);
};

async function record(name: string, begins: string, remedy: string): Promise<Finding> {
  const found = await resolveTxt(name).catch(() => []);
  const text = found.map((chunks) => chunks.join('')).find((each) => each.startsWith(begins));
  return text
    ? ok(`DNS ${name}`, text)
    : { what: `DNS ${name}`, state: 'warning', detail: `no ${begins} record found`, remedy };
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

const CHECKS: readonly Check[] = [database, temporal, providers, dns, templates];
