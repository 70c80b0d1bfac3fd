import { jest } from '@jest/globals';
import { createImapMailbox, type ImapConfig } from '#channels/imap/imap-mailbox.js';
import { MailboxReader, readPosition } from '#engine/mailbox/index.js';
import { eventually } from '#test/support/eventually.js';
import { IMAP_PASSWORD, IMAP_USER, ImapServer } from '#test/support/providers/index.js';
import { customer, openWorld, type World, withInvoice } from './facts-world.js';
import { wrote } from './inbound-world.js';
import { upsertCustomers } from '#engine/facts/index.js';

jest.setTimeout(30_000);

const NAME = `${IMAP_USER} at 127.0.0.1, INBOX`;

let world: World;
let server: ImapServer;
let readers: MailboxReader[];
let said: { message: string; detail: Record<string, unknown> }[];

beforeEach(async () => {
  world = await openWorld();
  await withInvoice(world);
  server = await ImapServer.start();
  readers = [];
  said = [];
});
afterEach(async () => {
  await stopReading();
  await server.stop();
  await world.store.close();
});

const stopReading = async (): Promise<void> => {
  await Promise.all(readers.splice(0).map((reader) => reader.stop()));
};

const read = (overrides: Partial<ImapConfig> = {}): void => {
  const mailbox = createImapMailbox({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    requireTls: false,
    user: IMAP_USER,
    password: IMAP_PASSWORD,
    folder: 'INBOX',
    organisationId: world.organisationId,
    ...overrides,
  });
  const { app, system } = world.store;
  const log = (message: string, detail: Record<string, unknown>): void => {
    said.push({ message, detail });
  };
  const reader = new MailboxReader({ app, system, mailbox, log, pollMs: 2_000 });
  readers.push(reader);
  reader.start();
};

let letters = 0;
const letter = ({ headers = [] as string[], text = 'We pay on Friday.' } = {}): string =>
  [
    'From: Ann <ann@example.test>',
    `Message-ID: <${String(++letters)}@example.test>`,
    ...headers,
    '',
    text,
  ].join('\n');

const looked = async (): Promise<boolean> =>
  ((await readPosition(world.store.system, NAME))?.readAt ?? null) !== null;

const stored = () =>
  world.rows<{ body: string; provider: string; sender: string }>(
    'select body, provider, sender from inbound_message order by recorded_at, id',
  );
const bodies = async (): Promise<string[]> => (await stored()).map(({ body }) => body.trim());
const seen = (...uids: number[]): Promise<void> =>
  eventually(async () => expect(uids.map((uid) => server.flagsOf(uid))).toEqual(uids.map(() => ['\\Seen'])));

describe('a mailbox', () => {
  it('has its mail stored, then marked as seen', async () => {
    const uid = server.deliver(letter());
    read();
    await seen(uid);
    expect(await stored()).toMatchObject([{ provider: 'imap', sender: 'ann@example.test' }]);
  });

  it('is told of mail that comes later', async () => {
    read();
    await eventually(async () => expect(server.isIdledOn).toBe(true));
    await seen(server.deliver(letter({ text: 'One' })), server.deliver(letter({ text: 'Two' })));
    expect(await bodies()).toEqual(['One', 'Two']);
  });

  it('is read again from where it was left, and what a person read meanwhile is not missed', async () => {
    read();
    await seen(server.deliver(letter({ text: 'One' })));
    await stopReading();
    server.deliver(letter({ text: 'Two' }), { seen: true });
    read();
    await eventually(async () => expect(await bodies()).toEqual(['One', 'Two']));
  });

  it('misses nothing that a person reads first, though it was empty when it was looked into', async () => {
    read();
    await eventually(async () => expect(await looked()).toBe(true));
    await stopReading();
    server.deliver(letter(), { seen: true, cameAt: new Date(Date.now() - 4 * 86_400_000) });
    read();
    await eventually(async () => expect(await bodies()).toHaveLength(1));
  });

  it('has a mail that its server cannot give flagged, and the next is taken', async () => {
    const damaged = server.deliver(letter());
    server.damaged.set(damaged, 'no');
    const next = server.deliver(letter());
    read();
    await seen(next);
    expect(server.flagsOf(damaged)).toEqual(['\\Flagged']);
  });

  it('that may only be read is read all the same, and said to be', async () => {
    server.isReadOnly = true;
    server.deliver(letter());
    read();
    await eventually(async () => expect(await bodies()).toHaveLength(1));
    await eventually(async () => expect(said).toMatchObject([{ detail: { unmarked: 1 } }]));
  });

  it('that answers nothing holds up nobody who stops', async () => {
    server.isSilent = true;
    read();
    await eventually(async () => expect(server.commands).not.toEqual([]));
    await stopReading();
    expect(said).toEqual([]);
  });

  it('has nothing stored twice when the connection is lost before a mail is marked', async () => {
    server.breakOn = /STORE/;
    const uid = server.deliver(letter());
    read();
    await seen(uid);
    expect(server.breakOn).toBeUndefined();
    expect(await bodies()).toHaveLength(1);
  });

  it('has nothing stored twice when its numbers begin anew, and what is new is found', async () => {
    server.deliver(letter({ text: 'Long ago' }), { cameAt: new Date(Date.now() - 90 * 86_400_000) });
    read();
    await seen(server.deliver(letter({ text: 'One' })));
    await stopReading();
    server.renumber();
    const uid = server.deliver(letter({ text: 'Two' }));
    read();
    await seen(uid);
    expect(await bodies()).toEqual(['One', 'Two']);
  });

  it('leaves alone, the first time, what is old or was read by somebody', async () => {
    server.deliver(letter({ text: 'Old' }), { cameAt: new Date(Date.now() - 4 * 86_400_000) });
    server.deliver(letter({ text: 'Read' }), { seen: true });
    const uid = server.deliver(letter({ text: 'New' }));
    read();
    await seen(uid);
    expect(await bodies()).toEqual(['New']);
  });

  it('has what cannot be read flagged for a person, and the next mail is not held up', async () => {
    const [broken, large, good] = [
      server.deliver('\n\nno header at all'),
      server.deliver(letter({ text: 'x'.repeat(5_000) })),
      server.deliver(letter()),
    ];
    read({ largest: 4_000 });
    await seen(good);
    expect([server.flagsOf(broken), server.flagsOf(large)]).toEqual([['\\Flagged'], ['\\Flagged']]);
    expect(await bodies()).toHaveLength(1);
    await eventually(async () => expect(said).toMatchObject([{ detail: { aside: 2 } }]));
    expect(JSON.stringify(said)).not.toContain('ann@');
  });

  it('has mail of nobody here flagged', async () => {
    const uid = server.deliver(letter());
    read({ organisationId: undefined });
    await eventually(async () => expect(server.flagsOf(uid)).toEqual(['\\Flagged']));
    expect(await bodies()).toEqual([]);
  });

  it('is left as it is where the organisation that it is for is not there', async () => {
    const uid = server.deliver(letter());
    read({ organisationId: '018f0000-0000-7000-8000-000000000009' });
    await eventually(async () => expect(said).toMatchObject([{ detail: { error: 'unknown_organisation' } }]));
    expect(server.flagsOf(uid)).toEqual([]);
    expect(server.commands).toEqual([]);
  });

  it('of the whole installation gives a mail to whose message it answers', async () => {
    await world.run((scope) =>
      upsertCustomers(scope, [
        customer({ people: [{ externalId: 'p', name: 'Ann', emails: ['ann@example.test'] }] }),
      ]),
    );
    const contactId = await wrote(world);
    const reference = `In-Reply-To: <${contactId}.${world.organisationId}@acme.example>`;
    await seen(await deliverAndRead(letter({ headers: [reference] })));
    expect(await bodies()).toHaveLength(1);
  });

  const deliverAndRead = async (raw: string): Promise<number> => {
    const uid = server.deliver(raw);
    read({ organisationId: undefined });
    return uid;
  };

  it('tells by a report what became of a message that went out by SMTP', async () => {
    await world.run((scope) =>
      upsertCustomers(scope, [
        customer({ people: [{ externalId: 'p', name: 'Ann', emails: ['ann@example.test'] }] }),
      ]),
    );
    const contactId = await wrote(world);
    const report = [
      'From: MAILER-DAEMON@mx.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; ann@example.test',
      'Action: failed',
      'Status: 5.1.1',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      `Message-ID: <${contactId}.${world.organisationId}@acme.example>`,
      '',
      'Pay.',
      '--b--',
    ].join('\n');
    await seen(await deliverAndRead(report));
    expect(await bodies()).toEqual([]);
    expect(await world.rows('select provider, kind, code from receipt')).toEqual([
      { provider: 'smtp', kind: 'bounced', code: 'smtp_5.1.1' },
    ]);
  });

  it('is read by one of several workers, and by the next once that one stops', async () => {
    read();
    await seen(server.deliver(letter({ text: 'One' })));
    read();
    await seen(server.deliver(letter({ text: 'Two' })));
    expect(server.commands.filter((command) => /SELECT/.test(command))).toHaveLength(1);
    const [first] = readers.splice(0, 1);
    await first?.stop();
    await stopReading();
    read();
    await seen(server.deliver(letter({ text: 'Three' })));
    expect(await bodies()).toEqual(['One', 'Two', 'Three']);
  });

  it('that is away is tried again, and nothing is lost', async () => {
    await server.refuse();
    read();
    await eventually(async () => expect(said[0]).toMatchObject({ detail: { error: 'ECONNREFUSED' } }));
    await server.restore();
    await seen(server.deliver(letter()));
  });

  it('is remembered as far as it was read', async () => {
    read();
    const uid = server.deliver(letter());
    await seen(uid);
    await eventually(async () => expect(await looked()).toBe(true));
    await stopReading();
    const position = await readPosition(world.store.system, NAME);
    expect(position).toMatchObject({ uidValidity: 1, lastUid: uid, readAt: expect.any(Date) as Date });
  });
});
