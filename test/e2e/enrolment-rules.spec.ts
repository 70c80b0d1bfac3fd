import { randomUUID } from 'node:crypto';
import { openWorld, type World } from './campaigns-world.js';

interface Rule {
  externalId: string;
  result: string;
  state: string;
}

interface Preview {
  rules: { rule: string; invoices: number; open: { currency: string; amount: string }[] }[];
  unmatched: { invoices: number };
}

interface Answers {
  isCandidate: boolean;
  rules: { rule: string; takes: boolean; failed: string[] }[];
}

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('standard');
});
afterAll(() => world.close());

const enrolmentsOf = async (invoice: string): Promise<number> => {
  const { body } = await world.admin.get<{ data: unknown[] }>(`/v1/enrolments?invoice=${invoice}`);
  return body.data.length;
};

describe('rules of enrolment over HTTP', () => {
  it('are saved paused, seen beforehand, switched on, and take what is written from then on', async () => {
    const waiting = await world.invoice('R-1', { total: '12.50' });
    const segment = { externalId: 'small', name: 'Everybody here', filter: { kinds: ['company', 'person'] } };
    expect(await world.admin.put('/v1/segments/ext:small', segment)).toMatchObject({
      status: 200,
      body: { result: 'created' },
    });
    const rule = {
      externalId: 'all',
      name: 'Everybody',
      campaign: 'standard',
      audience: { segments: ['small'] },
      minimumBalance: [{ currency: 'EUR', amount: '10.00' }],
    };
    const saved = await world.admin.put<Rule>('/v1/enrolment-rules/ext:all', rule);
    expect(saved).toMatchObject({ status: 200, body: { result: 'created', state: 'paused' } });
    const preview = async (query = '') =>
      (await world.admin.get<Preview>(`/v1/enrolment-rules/preview${query}`)).body;
    expect(await preview()).toMatchObject({ rules: [] });
    expect(await preview('?paused=true')).toMatchObject({ rules: [{ rule: 'all' }] });
    await world.invoice('R-2');
    expect(await enrolmentsOf('ext:R-2')).toBe(0);

    await world.admin.put('/v1/enrolment-rules/ext:all', { ...rule, state: 'active' });
    await world.invoice('R-3');
    expect(await enrolmentsOf('ext:R-3')).toBe(1);
    await world.admin.post('/v1/invoices/batch', {
      invoices: ['R-4', 'R-5'].map((externalId) => ({
        externalId,
        customerExternalId: 'C-1',
        total: '9.99',
        currency: externalId === 'R-4' ? 'EUR' : 'USD',
        issuedOn: '2013-01-10',
        dueOn: '2013-02-10',
      })),
    });
    expect(await enrolmentsOf('ext:R-4')).toBe(0);
    expect(await enrolmentsOf('ext:R-5')).toBe(1);
    const { body: answers } = await world.admin.get<Answers>('/v1/invoices/ext:R-4/enrolment-rules');
    expect(answers).toMatchObject({
      isCandidate: true,
      rules: [{ rule: 'all', takes: false, failed: ['minimumBalance'] }],
    });

    const headers = { 'Idempotency-Key': randomUUID() };
    const run = () => world.admin.post('/v1/enrolment-rules/run', {}, headers);
    expect(await run()).toMatchObject({
      status: 200,
      body: { enrolled: [{ rule: 'all', invoices: 2 }], complete: true },
    });
    expect(await run()).toMatchObject({ body: { enrolled: [{ rule: 'all', invoices: 2 }] } });
    expect(await enrolmentsOf(waiting)).toBe(1);
    const { body: listed } = await world.admin.get<{ data: { externalId: string }[] }>(
      '/v1/customers?segment=ext:small',
    );
    expect(listed.data.map(({ externalId }) => externalId)).toEqual(['C-1']);
    expect((await world.admin.get('/v1/customers?segment=ext:none')).status).toBe(404);
    expect(await world.admin.get('/v1/segments/ext:small/members')).toMatchObject({
      body: { count: 1, customers: ['C-1'] },
    });
    expect(await world.admin.send('DELETE', '/v1/segments/ext:small')).toMatchObject({ status: 409 });
  });

  it('take what a file brings when all of it is in, the payments that it tells of first', async () => {
    const csv = [
      'externalId,customerExternalId,total,currency,issuedOn,dueOn,settledOn',
      'R-10,C-1,50.00,EUR,2013-01-02,2013-01-15,2013-01-16',
      'R-11,C-1,60.00,EUR,2013-01-02,2013-02-15,',
    ].join('\n');
    const answer = await world.admin.send<{ enrolled: number; failed: number }>(
      'POST',
      '/v1/imports/invoices',
      { body: csv, headers: { 'content-type': 'text/csv' } },
    );
    expect(answer).toMatchObject({ status: 200, body: { enrolled: 1, failed: 0 } });
    expect(await enrolmentsOf('ext:R-10')).toBe(0);
    expect(await enrolmentsOf('ext:R-11')).toBe(1);
  });

  it('are refused with what is wrong', async () => {
    const refused = async (changes: object) => {
      const { status, body } = await world.admin.post<{ errors: { path: string }[] }>('/v1/enrolment-rules', {
        externalId: 'bad',
        name: 'Bad',
        campaign: 'standard',
        ...changes,
      });
      return [status, ...(body.errors ?? []).map(({ path }) => path)];
    };
    expect(await refused({ campaign: 'nowhere' })).toEqual([404, 'campaign']);
    expect(await refused({ audience: { segments: ['nowhere'] } })).toEqual([404, 'audience.segments[0]']);
    expect(await refused({ priority: 0 })).toEqual([400, 'priority']);
    expect(await refused({ except: {} })).toEqual([400, 'except']);
    expect(await refused({ minimumBalance: [{ currency: 'JPY', amount: '1.50' }] })).toEqual([
      400,
      'minimumBalance[0].amount',
    ]);
    expect(await refused({ audience: { invoice: { daysOverdue: { atLeast: 5, atMost: 1 } } } })).toEqual([
      400,
      'audience.invoice.daysOverdue',
    ]);
  });

  it('tell how a customer has paid', async () => {
    expect(await world.admin.get('/v1/customers/ext:C-1/rating')).toMatchObject({
      status: 200,
      body: {
        rating: 'new',
        sentence: 'Only 1 invoice came due within two years; 3 are needed to tell.',
        figures: { due: 1, onTime: 1 },
      },
    });
  });
});
