import { LADDER, openWorld, type World } from './campaigns-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const QUOTED = "“’” makes it 70 characters a part instead of 160; write '";

it('is warned of where its template is saved, previewed and published, and its parts are told', async () => {
  const { admin } = world;
  const shipped = await admin.get<{ source: Record<string, string> }>('/v1/templates/heads-up/en');
  const input = { ...shipped.body.source, sms: `${shipped.body.source['sms']} You’re welcome` };
  const warnings = [{ path: 'sms', message: QUOTED }];
  expect(await admin.post('/v1/templates/ours/en/preview', input)).toMatchObject({ body: { warnings } });
  expect(await admin.put('/v1/templates/ours/en', input)).toMatchObject({ status: 200, body: { warnings } });
  await world.importCampaign(
    'quoted',
    LADDER.replace('[email]', '[sms]').replace(': heads-up\n  - key: call', ': ours\n  - key: call'),
  );
  expect(await admin.post('/v1/campaigns/ext:quoted/versions/1/publish')).toMatchObject({
    status: 200,
    body: {
      warnings: [
        {
          path: 'steps[0].template',
          step: 'heads-up',
          medium: 'sms',
          message: `template "ours" (en), sms: ${QUOTED}`,
        },
      ],
    },
  });
  const mobile = { externalId: 'C-1', name: 'Bakery', zone: 'Europe/Madrid', phone: '+34600000001' };
  expect(await admin.post('/v1/customers', mobile)).toMatchObject({ status: 200 });
  const invoiceId = await world.invoice('INV-1');
  await world.enrol('INV-1', 'quoted');
  await world.setClock('2013-01-26T09:00:00Z');
  await world.execute(invoiceId);
  expect(await admin.get('/v1/contacts')).toMatchObject({
    body: { data: [{ medium: 'sms', parts: 2, encoding: 'UCS-2' }] },
  });
  expect(await admin.get('/v1/ledger?from=2013-01-01T00:00:00Z')).toMatchObject({
    body: { messages: [{ medium: 'sms', count: 1, parts: 2 }] },
  });
});
