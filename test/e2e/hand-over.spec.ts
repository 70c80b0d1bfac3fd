import { handOverPack } from '#contracts/schemas/index.js';
import { openWorld, type World } from './campaigns-world.js';

const LADDER = `kindly: 1
name: To hand over
policy: none
whenExhausted: hand_over
steps:
  - key: overdue
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
`;

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('to-hand-over', LADDER);
});
afterAll(() => world.close());

describe('handing an invoice over', () => {
  it('is a task at the end of its ladder, with everything said and paid as JSON and as PDF', async () => {
    const id = await world.invoice('H-1');
    await world.enrol('H-1', 'to-hand-over');
    await world.setClock('2013-01-30T10:00:00Z');
    await world.execute(id);
    await world.setClock('2013-02-20T10:00:00Z');
    await world.execute(id);
    const { body: tasks } = await world.admin.get<{ data: { kind: string; invoiceExternalId: string }[] }>(
      '/v1/tasks?kind=hand_over',
    );
    expect(tasks.data).toMatchObject([{ kind: 'hand_over', invoiceExternalId: 'H-1' }]);

    const { status, body } = await world.admin.get('/v1/invoices/ext:H-1/hand-over-pack');
    expect(status).toBe(200);
    const pack = handOverPack.parse(body);
    expect(pack).toMatchObject({
      invoice: { number: 'H-1', open: '558.90', daysOverdue: 22 },
      messages: [
        { medium: 'email', to: 'ap@bakery.example', state: 'accepted', localTime: '2013-01-30 11:00' },
      ],
      tasks: [{ kind: 'hand_over', state: 'open' }],
    });
    expect(pack.messages[0]?.text).toContain('558.90');

    const pdf = await world.admin.get<string>('/v1/invoices/ext:H-1/hand-over-pack.pdf');
    expect(pdf.status).toBe(200);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toContain('hand-over-H-1.pdf');
    expect(pdf.body.slice(0, 5)).toBe('%PDF-');
  });

  it('is for those who work on it, of one organisation', async () => {
    await world.invoice('H-2');
    expect((await world.admin.get('/v1/invoices/ext:H-3/hand-over-pack')).status).toBe(404);
    const other = await world.api.organisation({ clockNow: '2013-01-20T09:00:00Z' });
    expect((await other.admin.get('/v1/invoices/ext:H-2/hand-over-pack')).status).toBe(404);
    expect((await other.admin.get('/v1/invoices/ext:H-2/hand-over-pack.pdf')).status).toBe(404);
  });
});
