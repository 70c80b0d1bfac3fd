import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { ReceivedMessage } from '#channels/receipt.js';
import { completeTask } from '#engine/facts/tasks.js';
import { applyWaitingInbound, storeInbound } from '#engine/inbound/index.js';
import { TestEngine } from '#test/support/engine.js';
import {
  type Debtor,
  ladder,
  PATIENCE_MS,
  type TestOrganisation,
} from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

/** What becomes of an outreach when customers write, through Temporal and PostgreSQL. */
let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const received = (debtor: Debtor, overrides: Partial<ReceivedMessage>): ReceivedMessage => ({
  eventKey: randomUUID(),
  organisationId: organisation.id,
  medium: 'email',
  from: debtor.email,
  fromName: null,
  to: [],
  subject: null,
  text: 'We pay on Friday.',
  headers: {},
  attachments: [],
  effectiveAt: Date.now(),
  ...overrides,
});

const receive = async (...messages: ReceivedMessage[]): Promise<void> => {
  const { app, system } = engine.own;
  await storeInbound({ app, system }, 'fake', { messages });
  while ((await applyWaitingInbound({ dataSource: app, system })) > 0);
};

const media = async (debtor: Debtor): Promise<string[]> =>
  (await organisation.contacts(debtor)).map(({ kind, medium, state }) => `${kind} ${medium} ${state}`);

const replyTask = async (debtor: Debtor): Promise<string> => {
  const [task] = await organisation.rows<{ id: string }>(
    `select k.id from task k join customer c on c.id = k.customer_id
     where c.external_id = $1 and k.kind = 'reply' and k.state = 'open'`,
    debtor.customer,
  );
  return task?.id ?? '';
};

it('a reply pauses the ladder until it is answered; then the ladder goes on', async () => {
  const debtor = await organisation.outreach(ladder(['PT4S']));
  await organisation.settled(debtor, 1);
  await receive(received(debtor, {}));
  await eventually(async () => {
    expect(await organisation.attempts(debtor)).toContainEqual({ step_key: 'step-1', decision: 'deferred' });
  }, PATIENCE_MS);
  expect(await media(debtor)).toEqual(['reminder email accepted']);
  await organisation.run(async (scope) =>
    completeTask(scope, await replyTask(debtor), { outcome: 'answered' }),
  );
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual(['reminder email accepted', 'reminder email accepted']);
});

it('a stop is confirmed once though it is in force, and the next step takes another channel', async () => {
  const debtor = await organisation.outreach(ladder(['PT8S'], { send: ['sms', 'email'] }));
  await organisation.settled(debtor, 1);
  const stop = received(debtor, { medium: 'sms', from: debtor.phone, text: 'Stop' });
  await receive(stop, { ...stop, eventKey: randomUUID() });
  await receive(stop);
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual([
    'reminder sms accepted',
    'confirmation sms accepted',
    'reminder email accepted',
  ]);
  const [, confirmation] = await organisation.contacts(debtor);
  expect(confirmation?.snapshot.to.address).toBe(debtor.phone);
  expect(confirmation?.snapshot.text).toContain('no more messages');
});

it('a stop by e-mail is confirmed as an answer to it, within the thread', async () => {
  const debtor = await organisation.outreach(ladder(['PT1H']));
  await organisation.settled(debtor, 1);
  await receive(
    received(debtor, { text: 'Unsubscribe', headers: { 'message-id': '<stop-1@mail.example>' } }),
  );
  await organisation.atRest(debtor);
  const [reminder, confirmation] = await organisation.contacts(debtor);
  expect(confirmation).toMatchObject({ kind: 'confirmation', medium: 'email' });
  expect(confirmation?.snapshot.headers).toEqual({
    'In-Reply-To': '<stop-1@mail.example>',
    References: `${reminder?.snapshot.messageId} <stop-1@mail.example>`,
  });
});

it('a stop leaves a step without another channel unsent, and says why', async () => {
  const debtor = await organisation.outreach(ladder(['PT8S'], { send: ['sms'] }));
  await organisation.settled(debtor, 1);
  await receive(received(debtor, { medium: 'sms', from: debtor.phone, text: 'STOP' }));
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual(['reminder sms accepted', 'confirmation sms accepted']);
  const reasons = await organisation.rows<{ reasons: { rule: string }[] }>(
    `select reasons from attempt where invoice_id = $1 and step_key = 'step-1'`,
    debtor.invoiceId,
  );
  expect(reasons).toMatchObject([{ reasons: [{ rule: 'suppressed' }] }]);
});

it('an automatic reply changes nothing: the ladder goes on as if nobody had written', async () => {
  const debtor = await organisation.outreach(ladder(['PT4S']));
  await organisation.settled(debtor, 1);
  const before = await organisation.enrolment(debtor);
  await receive(received(debtor, { headers: { 'auto-submitted': 'auto-replied' }, text: 'I am away.' }));
  expect(await organisation.enrolment(debtor)).toMatchObject({ facts_version: before.facts_version });
  await organisation.finished(debtor);
  expect(await media(debtor)).toEqual(['reminder email accepted', 'reminder email accepted']);
});

it('a robot that answers every message with another is answered once at most', async () => {
  const debtor = await organisation.outreach(ladder(['PT1H'], { send: ['sms'] }));
  await organisation.settled(debtor, 1);
  for (let round = 0; round < 6; round += 1) {
    const text = round % 2 === 0 ? 'STOP' : 'START';
    await receive(received(debtor, { medium: 'sms', from: debtor.phone, text }));
    await organisation.atRest(debtor);
  }
  expect(await media(debtor)).toEqual(['reminder sms accepted', 'confirmation sms accepted']);
});

it('two installations that write to each other fall silent', async () => {
  const other = await engine.organisation();
  const [ours, theirs] = [organisation, other];
  const debtor = await ours.outreach(ladder(['PT1H'], { send: ['sms'] }));
  await ours.settled(debtor, 1);
  let sent = (await ours.contacts(debtor)).length;
  // Each passes on to the other whatever the other sends, as two gateways that are wired to each other do.
  for (let round = 0; round < 4; round += 1) {
    const last = (await ours.contacts(debtor)).at(-1);
    await receive(
      received(debtor, {
        organisationId: theirs.id,
        medium: 'sms',
        from: '+442079460000',
        text: last?.snapshot.text ?? '',
      }),
      received(debtor, {
        medium: 'sms',
        from: debtor.phone,
        text: round === 0 ? 'STOP' : (last?.snapshot.text ?? ''),
      }),
    );
    await ours.atRest(debtor);
    const now = (await ours.contacts(debtor)).length;
    if (round > 0) expect(now).toBe(sent);
    sent = now;
  }
  expect(sent).toBe(2);
});
