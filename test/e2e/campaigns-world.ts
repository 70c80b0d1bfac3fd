import type { DataSource } from 'typeorm';
import { ChannelRegistry, createChannels } from '#channels/registry.js';
import { weekendCalendar } from '#domain/working-days.js';
import { executeStep } from '#engine/execute-step.js';
import { openDataSource } from '#store/data-source.js';
import { startTestApi } from '#test/support/api.js';
import type { Answer, Client, TestApi, TestOrganisation } from '#test/support/api.js';

export const NOW = '2013-01-20T09:00:00Z';

export const LADDER = `kindly: 1
policy: none
name: Standard
whenExhausted: nothing
steps:
  - key: heads-up
    at: { anchor: due_date, offset: -P3D, time: "10:00" }
    send: [email]
    template: heads-up
  - key: call
    at: { anchor: due_date, offset: P14D, time: "11:00" }
    task: call
    waitFor: P3D
`;

/** A test organisation with a creditor, and the engine beside the API to let steps happen without a worker. */
export interface World {
  api: TestApi;
  organisation: TestOrganisation;
  admin: Client;
  dataSource: DataSource;
  importCampaign(externalId: string, yaml?: string): Promise<Answer<{ number: number; state: string }>>;
  publishCampaign(externalId: string, yaml?: string): Promise<void>;
  /** @returns the invoice's id */
  invoice(externalId: string, overrides?: Record<string, unknown>): Promise<string>;
  /** @returns the enrolment's id */
  enrol(invoice: string, campaign: string): Promise<string>;
  setClock(to: string): Promise<void>;
  /** Does what is due for an invoice, as the worker would. */
  execute(invoiceId: string): Promise<void>;
  close(): Promise<void>;
}

const ok = <T>({ status, body }: Answer<T>): T => {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};

export const openWorld = async (settings?: Parameters<typeof startTestApi>[0]): Promise<World> => {
  const api = await startTestApi(settings);
  const organisation = await api.organisation({ clockNow: NOW, zone: 'Europe/Madrid' });
  const { admin } = organisation;
  const dataSource = await openDataSource({ url: api.appUrl, role: 'app', poolSize: 2 });
  const channels = new ChannelRegistry(createChannels({ outboxDirectory: null }));
  ok(
    await admin.post('/v1/creditors', {
      externalId: 'K',
      name: 'Northwind',
      phone: '+34910000000',
      email: 'ar@northwind.example',
    }),
  );
  ok(
    await admin.post('/v1/customers', {
      externalId: 'C-1',
      name: 'Bakery',
      zone: 'Europe/Madrid',
      email: 'ap@bakery.example',
      phone: '+34910000001',
    }),
  );

  const importCampaign: World['importCampaign'] = (externalId, yaml = LADDER) =>
    admin.send('POST', `/v1/campaigns/import?externalId=${externalId}`, {
      body: yaml,
      headers: { 'content-type': 'application/yaml' },
    });
  return {
    api,
    organisation,
    admin,
    dataSource,
    importCampaign,
    publishCampaign: async (externalId, yaml) => {
      const { number } = ok(await importCampaign(externalId, yaml));
      ok(await admin.post(`/v1/campaigns/ext:${externalId}/versions/${number}/publish`));
    },
    invoice: async (externalId, overrides = {}) => {
      const input = {
        externalId,
        customerExternalId: 'C-1',
        total: '558.90',
        currency: 'EUR',
        issuedOn: '2013-01-02',
        dueOn: '2013-01-29',
        ...overrides,
      };
      return ok(await admin.post<{ id: string }>('/v1/invoices', input)).id;
    },
    enrol: async (invoice, campaign) => {
      const body = ok(
        await admin.post<{ invoices: { enrolmentId: string }[] }>('/v1/enrolments', {
          campaign: `ext:${campaign}`,
          invoices: [`ext:${invoice}`],
        }),
      );
      return body.invoices[0]?.enrolmentId ?? '';
    },
    setClock: async (to) => {
      await dataSource.transaction(async (manager) => {
        await manager.query(`select set_config('app.organisation', $1, true)`, [organisation.id]);
        await manager.query('update organisation set clock_now = $1', [to]);
      });
    },
    execute: async (invoiceId) => {
      const deps = { dataSource, channels, calendar: weekendCalendar, publicUrl: 'https://kindly.example' };
      await executeStep(deps, { organisationId: organisation.id, invoiceId }, Date.now());
    },
    close: async () => {
      await Promise.all([dataSource.destroy(), channels.close()]);
      await api.close();
    },
  };
};
