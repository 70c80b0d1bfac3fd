import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { parseCampaign } from '#engine/campaigns/index.js';
import type { Client } from '#test/support/api.js';
import { LADDER, openWorld, type World } from './campaigns-world.js';

interface ProblemBody {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
}

let world: World;

beforeAll(async () => {
  world = await openWorld({
    settings: (settings) => ({ ...settings, unconfiguredMedia: ['sms', 'telegram'] }),
  });
});
afterAll(() => world.close());

describe('campaigns', () => {
  it('come in as YAML, are published, and go out as YAML that says the same', async () => {
    const { admin } = world;
    const imported = await world.importCampaign('standard');
    expect(imported).toMatchObject({ status: 201, body: { number: 1, state: 'draft', templates: {} } });
    const published = await admin.post('/v1/campaigns/ext:standard/versions/1/publish');
    expect(published).toMatchObject({
      status: 200,
      body: { state: 'published', publishedAt: '2013-01-20T09:00:00Z' },
    });
    const file = await admin.get<string>('/v1/campaigns/ext:standard/versions/1/file');
    expect(file.headers.get('content-type')).toContain('application/yaml');
    expect(file.body).toMatch(/^kindly: 1\nname: Standard\npurpose: /);
    expect(parseCampaign(file.body, 'yaml')).toEqual(parseCampaign(LADDER, 'yaml'));
  });

  it('come in as JSON by either route', async () => {
    const document = {
      kindly: 1,
      policy: 'none',
      name: 'J',
      steps: [{ key: 'a', at: { anchor: 'due_date' }, send: ['sms'], template: 'overdue' }],
    };
    const created = await world.admin.post('/v1/campaigns', { externalId: 'json', document });
    expect(created).toMatchObject({ status: 201, body: { number: 1 } });
    const imported = await world.admin.post('/v1/campaigns/import?externalId=json', {
      ...document,
      name: 'K',
    });
    expect(imported).toMatchObject({ status: 201, body: { number: 1, document: { name: 'K' } } });
  });

  it('are versions: a draft can be replaced, a published one is followed by the next', async () => {
    await world.publishCampaign('versions');
    expect((await world.importCampaign('versions')).body.number).toBe(2);
    expect((await world.importCampaign('versions')).body.number).toBe(2);
    const again = await world.admin.post('/v1/campaigns/ext:versions/versions/1/publish');
    expect(again.status).toBe(409);
    const versions = await world.admin.get<{ data: { number: number; state: string }[] }>(
      '/v1/campaigns/ext:versions/versions?limit=1',
    );
    expect(versions.body.data).toMatchObject([{ number: 2, state: 'draft' }]);
    const campaign = await world.admin.get('/v1/campaigns/ext:versions');
    expect(campaign.body).toMatchObject({ publishedNumber: 1, draftNumber: 2, name: 'Standard' });
    const retired = await world.admin.post('/v1/campaigns/ext:versions/versions/1/retire');
    expect(retired.body).toMatchObject({ state: 'retired' });
  });

  it('are refused with line, column and path of what is wrong', async () => {
    const { status, body } = await world.importCampaign('bad', LADDER.replace('-P3D', 'soon'));
    expect(status).toBe(422);
    expect((body as unknown as ProblemBody).errors).toEqual([
      {
        path: 'steps[0].at.offset',
        message: expect.stringMatching(/^line 7, column \d+: .*ISO 8601/) as unknown,
      },
    ]);
  });

  it('are refused when a step refers to what cannot exist', async () => {
    const document = {
      kindly: 1,
      policy: 'none',
      name: 'J',
      steps: [{ key: 'a', at: { anchor: 'previous_step' }, send: ['sms'], template: 'overdue' }],
    };
    const { status, body } = await world.admin.post<ProblemBody>('/v1/campaigns', {
      externalId: 'x',
      document,
    });
    expect(status).toBe(422);
    expect(body.errors[0]?.path).toBe('document.steps[0].at.anchor');
  });

  it('can be checked without storing them', async () => {
    const headers = { 'content-type': 'application/yaml' };
    const check = (body: string) => world.admin.send('POST', '/v1/campaigns/validate', { body, headers });
    expect((await check(LADDER)).body).toEqual({ valid: true, problems: [] });
    expect((await check('kindly: 2')).body).toMatchObject({
      valid: false,
      problems: expect.arrayContaining([expect.objectContaining({ path: 'kindly', line: 1 })]) as unknown,
    });
    expect((await world.admin.get('/v1/campaigns/ext:validate')).status).toBe(404);
  });

  it('are not published while a template is missing, which is named', async () => {
    await world.importCampaign('lost', LADDER.replace('template: heads-up', 'template: nowhere'));
    const { status, body } = await world.admin.post<ProblemBody>('/v1/campaigns/ext:lost/versions/1/publish');
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'steps[0].template', message: expect.stringContaining('"nowhere"') as unknown },
    ]);
  });

  it('of a live organisation are published with a warning for each medium that has no provider', async () => {
    const yaml = LADDER.replace('[email]', '[preferred, email]');
    const publish = async (admin: Client) => {
      const headers = { 'content-type': 'application/yaml' };
      await admin.send('POST', '/v1/campaigns/import?externalId=warned', { body: yaml, headers });
      return admin.post<{ warnings: unknown[] }>('/v1/campaigns/ext:warned/versions/1/publish');
    };
    const live = await world.api.organisation({ kind: 'live' });
    expect(await publish(live.admin)).toMatchObject({
      status: 200,
      body: {
        state: 'published',
        warnings: [
          {
            path: 'steps[0].send[0]',
            step: 'heads-up',
            medium: 'sms',
            message: expect.stringMatching(/whoever prefers it.*TWILIO_ACCOUNT_SID/) as unknown,
          },
          {
            path: 'steps[0].send[0]',
            step: 'heads-up',
            medium: 'telegram',
            message: expect.stringContaining('set TELEGRAM_BOT_TOKEN') as unknown,
          },
        ],
      },
    });
    expect((await publish(world.admin)).body.warnings).toEqual([]);
  });

  it('that do not end are refused as soon as they are too large, and the client is told', async () => {
    const { body } = await world.admin.post<{ token: string }>('/v1/api-keys', { name: 'k', role: 'viewer' });
    const sending = request(`${world.api.url}/v1/campaigns/validate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.token}`, 'content-type': 'application/yaml' },
    });
    const answer = once(sending, 'response') as Promise<[IncomingMessage]>;
    // Without a length, so in chunks, and never ended.
    sending.write('#'.repeat(300_000));
    const [{ statusCode, headers }] = await answer;
    sending.destroy();
    expect(statusCode).toBe(413);
    expect(headers.connection).toBe('close');
  });

  it('take YAML or JSON and nothing else', async () => {
    const send = (type: string, body: string) =>
      world.admin.send('POST', '/v1/campaigns/import?externalId=t', {
        body,
        headers: { 'content-type': type },
      });
    expect((await send('text/csv', 'a,b')).status).toBe(415);
    expect((await send('application/yaml', '')).status).toBe(400);
    expect((await send('application/yaml', '#'.repeat(300_000))).status).toBe(413);
    expect((await send('application/json', '{')).status).toBe(400);
    expect(
      (
        await world.admin.send('POST', '/v1/campaigns/import', {
          body: LADDER,
          headers: { 'content-type': 'text/yaml' },
        })
      ).status,
    ).toBe(400);
  });

  it('are imported once for an Idempotency-Key', async () => {
    const headers = { 'content-type': 'application/yaml', 'Idempotency-Key': randomUUID() };
    const send = (body: string) =>
      world.admin.send('POST', '/v1/campaigns/import?externalId=idem', { body, headers });
    await send(LADDER);
    expect((await send(LADDER)).headers.get('idempotency-replayed')).toBe('true');
    expect((await send(LADDER.replace('Standard', 'Other'))).status).toBe(422);
  });

  it("are not another organisation's", async () => {
    await world.importCampaign('mine');
    const other = await world.api.organisation();
    expect((await other.admin.get('/v1/campaigns/ext:mine')).status).toBe(404);
    expect((await other.admin.post('/v1/campaigns/ext:mine/versions/1/publish')).status).toBe(404);
    expect((await world.admin.get('/v1/campaigns/ext:mine/versions/9')).status).toBe(404);
    expect((await world.admin.get('/v1/campaigns/ext:mine/versions/first')).status).toBe(400);
  });

  it('are written by marketers and read by viewers', async () => {
    const viewer = await world.organisation.as('viewer');
    const sent = { body: LADDER, headers: { 'content-type': 'application/yaml' } };
    expect((await viewer.send('POST', '/v1/campaigns/import?externalId=v', sent)).status).toBe(403);
    expect((await viewer.get('/v1/campaigns')).status).toBe(200);
    const marketer = await world.organisation.as('marketer');
    expect((await marketer.send('POST', '/v1/campaigns/import?externalId=v', sent)).status).toBe(201);
  });

  it('have a published JSON Schema', async () => {
    const { body } = await world.api.stranger.get('/v1/campaigns/schema');
    expect(body).toMatchObject({ title: 'Kindly campaign', required: ['kindly', 'name', 'steps'] });
  });
});

describe('templates', () => {
  const source = async () => {
    const { body } = await world.admin.get<{ source: Record<string, string> }>('/v1/templates/heads-up/en');
    return body.source;
  };

  it('are listed, own and shipped', async () => {
    const { body } = await world.admin.get<{ data: { key: string; locale: string; origin: string }[] }>(
      '/v1/templates',
    );
    expect(body.data).toContainEqual({ key: 'heads-up', locale: 'ru', origin: 'shipped', number: null });
  });

  it('are saved in versions and previewed', async () => {
    const input = { ...(await source()), subject: 'Ours: {{ invoice.number }}' };
    const saved = await world.admin.put('/v1/templates/ours/en', input);
    expect(saved).toMatchObject({
      status: 200,
      body: { key: 'ours', origin: 'own', number: 1, source: input },
    });
    const preview = await world.admin.get('/v1/templates/ours/en/preview');
    expect(preview.body).toMatchObject({
      subject: 'Ours: 611365',
      smsParts: { segments: expect.any(Number) as unknown },
    });
  });

  it('are refused with part, line and tag of what is wrong, saved or not', async () => {
    const input = { ...(await source()), sms: 'Pay {{ invoice.amuont }}' };
    const saved = await world.admin.put<ProblemBody>('/v1/templates/bad/en', input);
    expect(saved.status).toBe(422);
    expect(saved.body.errors).toContainEqual({
      path: 'sms',
      message: expect.stringContaining('invoice.amuont') as unknown,
    });
    expect((await world.admin.post('/v1/templates/bad/en/preview', input)).status).toBe(422);
    expect((await world.admin.get('/v1/templates/bad/en')).status).toBe(404);
    expect((await world.admin.put('/v1/templates/Bad_Key/en', input)).status).toBe(400);
  });
});
