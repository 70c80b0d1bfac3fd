import { openWorld, type World } from './campaigns-world.js';

interface Suppression {
  kind: string;
  medium: string | null;
  purpose: string | null;
  evidence: Record<string, unknown>;
}
interface Consent {
  medium: string;
  purpose: string;
  state: string;
  evidence: Record<string, unknown>;
}

const LADDER = `kindly: 1
name: Preferences
policy: none
whenExhausted: nothing
steps:
  - key: heads-up
    at: { anchor: due_date, offset: -P3D, time: "10:00" }
    send: [email]
    template: heads-up
  - key: overdue
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
  - key: notice
    at: { anchor: due_date, offset: P2D, time: "10:00" }
    send: [email]
    template: overdue
    purpose: notice
`;

let world: World;
let invoiceId: string;
let contactId: string;
let link: string;

const people = [
  {
    externalId: 'ann',
    name: 'Ann Smith',
    emails: ['ann@bakery.example'],
    phones: ['+34600000001'],
    telegramChatIds: ['770077'],
  },
];

beforeAll(async () => {
  world = await openWorld();
  const { admin } = world;
  await admin.post('/v1/customers', { externalId: 'C-1', name: 'Bakery', people });
  await world.publishCampaign('preferences', LADDER);
  invoiceId = await world.invoice('INV-1');
  await world.enrol('INV-1', 'preferences');
  await world.setClock('2013-01-26T09:00:00Z');
  await world.execute(invoiceId);
  const { body } = await admin.get<{ data: { id: string }[] }>('/v1/contacts');
  contactId = body.data[0]?.id ?? '';
  const detail = await admin.get<{ snapshot: { text: string } }>(`/v1/contacts/${contactId}`);
  link = /https:\/\/kindly\.example(\/p\/[\w-]+)/.exec(detail.body.snapshot.text)?.[1] ?? '';
});
afterAll(() => world.close());

const call = async (
  form?: [string, string][],
): Promise<{ status: number; page: string; headers: Headers }> => {
  const answer = await fetch(`${world.api.url}${link}`, {
    redirect: 'manual',
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return { status: answer.status, page: await answer.text(), headers: answer.headers };
};

/** What a browser would send of the page's n-th form, with boxes ticked or not as named. */
function formOf(page: string, n = 0, ticked: Record<string, boolean> = {}): [string, string][] {
  const form = page.split('<form')[n + 1]?.split('</form>')[0] ?? '';
  const inputs = [
    ...form.matchAll(/<input type="(\w+)"(?: id="[^"]*")? name="(\w+)" value="([^"]*)"([^>]*)>/g),
  ];
  const fields = inputs.flatMap(([, type, name = '', value = '', rest = '']): [string, string][] => {
    if (rest.includes('disabled')) return [];
    const isOn = type === 'hidden' || (ticked[value] ?? rest.includes('checked'));
    return isOn ? [[name, value]] : [];
  });
  const selects = [...form.matchAll(/<select id="(\w+)"[\s\S]*?<option value="([^"]*)" selected/g)];
  return [...fields, ...selects.map(([, name = '', value = '']): [string, string] => [name, value])];
}

const suppressions = async () =>
  (await world.admin.get<{ data: Suppression[] }>('/v1/suppressions?active=true')).body.data;
const consents = async () => (await world.admin.get<{ data: Consent[] }>('/v1/consents')).body.data;

it('shows what is known, in the language of the person, and changes nothing by being looked at', async () => {
  const { status, page, headers } = await call();
  expect(status).toBe(200);
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).toContain('<html lang="en">');
  expect(page).not.toContain('<script');
  for (const secret of ['ann@bakery', '600000001', '770077']) expect(page).not.toContain(secret);
  expect(page).toContain('a••••@bakery.example');
  for (const [, id = ''] of page.matchAll(/<(?:input type="checkbox"|select) id="([^"]+)"/g))
    expect(page).toContain(`<label for="${id}">`);
  expect(page).toMatch(/name="media" value="email" checked>/);
  expect(page).toMatch(/name="media" value="telegram">/);
  expect(page).toMatch(/name="purpose" value="notices" checked disabled>/);
  expect(await call([])).toMatchObject({ status: 200 });
  await call([['List-Unsubscribe', 'One-Click']]);
  expect([await suppressions(), await consents()]).toEqual([[], []]);
});

it('saves what was chosen, with what proves it, and tells that notices go on', async () => {
  const { page } = await call();
  const form = formOf(page, 0, { sms: false, telegram: true, reminders: false });
  const chosen = form.map(([name, value]): [string, string] => [
    name,
    name === 'preferred' ? 'telegram' : value,
  ]);
  const saved = await call(chosen);
  expect(saved.page).toContain('role="status">Saved.');
  expect(saved.page).toContain('They go on whatever you choose here: by e-mail');
  const words = await consents();
  expect(words.map(({ medium, purpose, state }) => [medium, purpose, state])).toEqual([
    ['sms', 'messages', 'withdrawn'],
    ['telegram', 'messages', 'granted'],
  ]);
  expect(words[0]?.evidence).toMatchObject({ who: 'Ann Smith', how: 'preferences page', contact: contactId });
  expect(words[0]?.evidence['text']).toContain('[ ] SMS\n[x] Telegram');
  expect((await suppressions()).map(({ kind, medium, purpose }) => [kind, medium, purpose]).sort()).toEqual([
    ['email', null, 'reminder'],
    ['phone', null, 'reminder'],
    ['telegram', null, 'reminder'],
  ]);
  const { body } = await world.admin.get<{ preferredMedium: string }>('/v1/customers/ext:C-1');
  expect(body.preferredMedium).toBe('telegram');
});

it('sends the notice all the same, and not the reminder', async () => {
  const { page } = await call();
  await call(formOf(page, 0, { email: false }));
  await world.setClock('2013-02-05T09:00:00Z');
  await world.execute(invoiceId);
  const { body } = await world.admin.get<{ data: { stepKey: string; decision: string }[] }>('/v1/attempts');
  const decided = body.data.map(({ stepKey, decision }) => [stepKey, decision]);
  expect(decided).toEqual(
    expect.arrayContaining([
      ['overdue', 'suppressed'],
      ['notice', 'sent'],
    ]),
  );
});

it('takes it back by the button of the page', async () => {
  const before = formOf((await call()).page);
  const { page } = await call(
    formOf((await call()).page, 0, { email: true, reminders: true, telegram: false }),
  );
  expect(await suppressions()).toEqual([]);
  const undone = await call(formOf(page, 0));
  expect(undone.page).toContain('Saved.');
  expect(formOf((await call()).page)).toEqual(before);
});

it('is in the language that was chosen', async () => {
  const form = formOf((await call()).page).filter(([name]) => name !== 'language');
  const { page } = await call([...form, ['language', 'ru']]);
  expect(page).toContain('<html lang="ru">');
  expect(page).toContain('Уведомления, которые вы должны получить');
  const { body } = await world.admin.get<{ people: { locale: string }[] }>('/v1/customers/ext:C-1');
  expect(body.people[0]?.locale).toBe('ru');
});

it('asks for confirmation where the organisation wants it', async () => {
  await world.admin.patch('/v1/organisations/current', { doubleOptIn: ['telegram'] });
  const { page } = await call(formOf((await call()).page, 0, { telegram: false }));
  const asked = await call(formOf(page, 1, { telegram: true }));
  expect(asked.page).toContain('ждёт вашего подтверждения');
  expect((await consents()).at(-1)).toMatchObject({ medium: 'telegram', state: 'pending' });
  expect(formOf((await call()).page)).not.toContainEqual(['media', 'telegram']);
});

it('is of nobody without the link, and of nobody who was forgotten', async () => {
  const signed = link;
  link = link.replace('/p/', '/u/');
  expect((await call()).status).toBe(404);
  link = `${signed.slice(0, -2)}xA`;
  expect((await call([['action', 'save']])).status).toBe(404);
  link = signed;
  await world.admin.post('/v1/customers/ext:C-1/erasure', {
    reason: 'asked',
    evidence: { who: 'Ann', how: 'letter' },
  });
  expect((await call()).status).toBe(404);
});
