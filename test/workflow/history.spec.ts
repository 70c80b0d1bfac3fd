import { jest } from '@jest/globals';
import type { FakeScript } from '#channels/fake/fake.channel.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { type History, readable } from '#test/support/temporal.js';

jest.setTimeout(90_000);

/** What Temporal's own limits and our bill depend on. */
const EVENTS_A_STEP = 12;
const BYTES_A_STEP = 4_000;

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({ timing: { providerTimeoutMs: 500, leaseMs: 800, graceMs: 100 } });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const historyOf = async (debtor: Debtor): Promise<History> => organisation.workflow(debtor).fetchHistory();
const eventsOf = ({ events }: History): number => events?.length ?? 0;
const sizeOf = async (debtor: Debtor): Promise<number> =>
  (await organisation.workflow(debtor).describe()).historySize ?? 0;

let figures = {};
afterAll(() => process.stderr.write(`a sent step: ${JSON.stringify(figures)}\n`));

describe('the history of a workflow', () => {
  it(`has at most ${EVENTS_A_STEP} events and ${BYTES_A_STEP} bytes a sent step`, async () => {
    const seconds = (steps: number): string[] => Array.from({ length: steps - 1 }, () => 'PT1S');
    const short = await organisation.outreach(ladder(seconds(2)));
    const long = await organisation.outreach(ladder(seconds(10)));
    await organisation.finished(short);
    await organisation.finished(long);
    const events = (eventsOf(await historyOf(long)) - eventsOf(await historyOf(short))) / 8;
    const bytes = ((await sizeOf(long)) - (await sizeOf(short))) / 8;
    figures = { events, bytes };
    expect(events).toBeLessThanOrEqual(EVENTS_A_STEP);
    expect(bytes).toBeLessThanOrEqual(BYTES_A_STEP);
    expect(bytes).toBeGreaterThan(100);
  });
});

/** Everything about one person that could end up where it does not belong. */
const PERSON = {
  name: 'Zebedee Quillfeather',
  email: 'zebedee.quillfeather@example.test',
  phone: '+447700900731',
  digits: '447700900731',
  telegramChatId: '731900447',
  company: 'Quillfeather Umbrellas',
};

const AGREED = { how: 'opened the chat', at: '2025-01-01T00:00:00Z' };

const quoting = Object.assign(
  new Error(`550 <${PERSON.email}> ${PERSON.name} ${PERSON.phone}: no such user`),
  {
    code: PERSON.digits,
    cause: new Error(`cannot reach ${PERSON.email}`),
  },
);
const asName = Object.assign(new Error(PERSON.phone), { name: PERSON.email, stack: PERSON.name });

/** What the channel does with the first message, by name. */
const WAYS: Record<string, FakeScript> = {
  accepted: { kind: 'accepted', providerId: PERSON.phone },
  'rejected for the address': { kind: 'rejected', code: PERSON.email, addressIsBad: true },
  rejected: { kind: 'rejected', code: PERSON.phone, addressIsBad: false },
  unknown: { kind: 'unknown', code: PERSON.phone },
  throttled: { kind: 'throttled', code: PERSON.email, retryAfterMs: 300 },
  'a bug that quotes the person': quoting,
  'a bug named after the person': asName,
};

describe('no history of a namespace', () => {
  it('has a name, an address or a number of anybody in it, whatever became of the sends', async () => {
    const versionId = await organisation.publish(ladder([], { send: ['email', 'sms', 'telegram'] }));
    const debtors: Debtor[] = [];
    for (const [way, script] of Object.entries(WAYS)) {
      const person = {
        externalId: way,
        name: PERSON.name,
        givenName: 'Zebedee',
        emails: [`${debtors.length}.${PERSON.email}`],
      };
      const people = [
        {
          ...person,
          phones: [PERSON.phone],
          telegramChatIds: [PERSON.telegramChatId],
          telegramConsent: AGREED,
        },
      ];
      const debtor = await organisation.debtor({
        name: PERSON.company,
        email: undefined,
        phone: undefined,
        people,
      });
      engine.outside.next(script);
      await organisation.enrol(versionId, debtor);
      await organisation.settled(debtor, 1);
      debtors.push(debtor);
    }
    await Promise.all(debtors.map((debtor) => organisation.finished(debtor)));
    const histories = await engine.temporal.histories();
    expect(histories.length).toBeGreaterThanOrEqual(debtors.length);
    const all = histories.map(readable).join('\n');
    // The scan sees what is there: what payloads carry, and what stands for an exception.
    const visible = ['organisationId', '"lastFailure":{"message":"error"'];
    expect(visible.filter((word) => !all.replaceAll('\\"', '"').includes(word))).toEqual([]);
    const personal = ['zebedee', 'quillfeather', '7700900731', '731900447', 'example.test'];
    expect(personal.filter((word) => all.toLowerCase().includes(word))).toEqual([]);
  });
});
