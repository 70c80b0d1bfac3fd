import { eventually } from '#test/support/eventually.js';
import type { OpenMailbox } from '#channels/mail/index.js';
import { IMAP_PASSWORD, IMAP_USER, ImapServer } from '#test/support/providers/index.js';
import { createImapMailbox, type ImapConfig } from './imap-mailbox.js';

const LETTER = 'From: anna@example.com\nMessage-ID: <1@example.com>\n\nWe pay on Friday. €\n';

const never = new AbortController().signal;

describe('a mailbox over IMAP', () => {
  let server: ImapServer;
  let open: OpenMailbox | undefined;
  beforeEach(async () => {
    server = await ImapServer.start();
  });
  afterEach(async () => {
    await open?.close();
    open = undefined;
    await server.stop();
  });
  const mailbox = (overrides: Partial<ImapConfig> = {}) =>
    createImapMailbox({
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      requireTls: false,
      user: IMAP_USER,
      password: IMAP_PASSWORD,
      folder: 'INBOX',
      connectTimeoutMs: 2_000,
      ...overrides,
    });
  const opened = async (overrides: Partial<ImapConfig> = {}): Promise<OpenMailbox> =>
    (open = await mailbox(overrides).open(never));

  it('is named by user, host and folder, without a secret', () => {
    expect(mailbox().name).toBe(`${IMAP_USER} at 127.0.0.1, INBOX`);
  });

  it('gives mails after a number, and not the last one again', async () => {
    const [first, second] = [server.deliver(LETTER), server.deliver(LETTER)];
    const { after, uidValidity } = await opened();
    expect(uidValidity).toBe(1);
    expect(await after(0)).toEqual([first, second]);
    expect(await after(first)).toEqual([second]);
    expect(await after(second)).toEqual([]);
  });

  it('has no mail when it is empty', async () => {
    expect(await (await opened()).after(0)).toEqual([]);
  });

  it('gives what came since a day, with what was seen or without', async () => {
    const day = new Date('2026-03-02T00:00:00Z');
    server.deliver(LETTER, { cameAt: new Date('2026-03-01T23:00:00Z') });
    const seen = server.deliver(LETTER, { cameAt: day, seen: true });
    const fresh = server.deliver(LETTER, { cameAt: day });
    const { since } = await opened();
    expect(await since(day, false)).toEqual([seen, fresh]);
    expect(await since(day, true)).toEqual([fresh]);
  });

  it('reads a mail byte by byte, and does not mark it by that', async () => {
    const uid = server.deliver(LETTER);
    const { read } = await opened();
    expect(await read(uid)).toEqual(Buffer.from(LETTER.replaceAll('\n', '\r\n')));
    expect(server.flagsOf(uid)).toEqual([]);
  });

  it('does not fetch what is too large', async () => {
    const uid = server.deliver(Buffer.alloc(2_001, 'a'));
    const { read } = await opened({ largest: 2_000 });
    expect(await read(uid)).toBe('too_large');
    expect(server.commands.filter((command) => /BODY/.test(command))).toEqual([]);
  });

  it('says of a mail that somebody deleted that it is gone', async () => {
    const uid = server.deliver(LETTER);
    const { read } = await opened();
    server.remove(uid);
    expect(await read(uid)).toBe('gone');
  });

  it('says of a mail that its server gives without its bytes that it is unreadable', async () => {
    const uid = server.deliver(LETTER);
    server.damaged.set(uid, 'nil');
    const { read } = await opened();
    expect(await read(uid)).toBe('unreadable');
  });

  it('takes a mail for unreadable that its server refuses again and again, on whatever connection', async () => {
    const uid = server.deliver(LETTER);
    server.damaged.set(uid, 'no');
    const box = mailbox();
    for (let times = 1; times < 4; times += 1) {
      const { read, close } = await box.open(never);
      await expect(read(uid)).rejects.toThrow();
      await close();
    }
    open = await box.open(never);
    expect(await open.read(uid)).toBe('unreadable');
  });

  it('takes none for unreadable that its server cannot give for a while', async () => {
    const uid = server.deliver(LETTER);
    server.damaged.set(uid, 'unavailable');
    const { read } = await opened();
    for (let times = 1; times < 8; times += 1) await expect(read(uid)).rejects.toThrow();
    server.damaged.clear();
    expect(String(await read(uid))).toContain('Friday');
  });

  it.each([true, false])(
    'tells which numbers are still to come, whether or not its server does: %s',
    async (tells) => {
      server.tellsUidNext = tells;
      const { uidNext, close } = await opened();
      expect(uidNext).toBe(1);
      await close();
      const last = [server.deliver(LETTER), server.deliver(LETTER)].at(-1) ?? 0;
      expect((await opened()).uidNext).toBe(last + 1);
    },
  );

  it('is let go of at once, whatever it waits for', async () => {
    server.isSilent = true;
    const stopping = new AbortController();
    const opening = mailbox().open(stopping.signal);
    await eventually(async () => expect(server.commands).not.toEqual([]));
    stopping.abort();
    await expect(opening).rejects.toThrow();
  });

  it('marks as seen what was taken, and flags what a person is to look at', async () => {
    const [taken, aside] = [server.deliver(LETTER), server.deliver(LETTER)];
    const { markTaken, putAside } = await opened();
    await markTaken(taken);
    await putAside(aside);
    expect([server.flagsOf(taken), server.flagsOf(aside)]).toEqual([['\\Seen'], ['\\Flagged']]);
  });

  it('says that it cannot mark anything where it may only be read', async () => {
    server.isReadOnly = true;
    const uid = server.deliver(LETTER);
    const { markTaken, putAside } = await opened();
    expect([await markTaken(uid), await putAside(uid)]).toEqual([false, false]);
  });

  it('tells of mail while it is waited for', async () => {
    const { after, news } = await opened();
    await after(0);
    const told = news(never, 30_000);
    await eventually(async () => expect(server.isIdledOn).toBe(true));
    server.deliver(LETTER);
    await told;
    expect(await after(0)).toHaveLength(1);
  });

  it('tells of mail that came after it was searched and before anybody waited', async () => {
    const { after, news } = await opened();
    await after(0);
    await eventually(async () => expect(server.isIdledOn).toBe(true));
    server.deliver(LETTER);
    await news(never, 30_000);
    expect(await after(0)).toHaveLength(1);
  });

  it('waits for news no longer than it may, nor than until it is stopped', async () => {
    const { news } = await opened();
    await news(never, 10);
    await news(AbortSignal.abort(), 30_000);
  });

  it('fails once the connection is lost, and works on a new one', async () => {
    const { after, news } = await opened();
    const over = news(never, 30_000);
    server.drop();
    await over;
    await expect(after(0)).rejects.toThrow();
    expect(await (await opened()).after(0)).toEqual([]);
  });

  it.each([/SEARCH/, /FETCH/, /STORE/])(
    'fails when the connection is lost in the middle of %s',
    async (command) => {
      const uid = server.deliver(LETTER);
      const { after, read, markTaken } = await opened();
      server.breakOn = command;
      const all = async (): Promise<void> => {
        await after(0);
        await read(uid);
        await markTaken(uid);
      };
      await expect(all()).rejects.toThrow();
    },
  );

  it('sends no password where TLS is asked for and the server has none', async () => {
    await expect(mailbox({ requireTls: true }).open(never)).rejects.toThrow();
    expect(server.commands.filter((command) => /LOGIN|AUTHENTICATE/.test(command))).toEqual([]);
  });

  describe('tells the doctor', () => {
    it('that it can be read', async () => {
      expect(await mailbox().check()).toEqual({
        ok: true,
        detail: `127.0.0.1:${String(server.port)} lets ${IMAP_USER} read INBOX`,
      });
    });

    it.each<[string, Partial<ImapConfig>, RegExp]>([
      ['a wrong password', { password: 'other' }, /IMAP_PASSWORD/],
      ['a folder that is not there', { folder: 'Replies' }, /IMAP_FOLDER/],
      ['a server without STARTTLS', { requireTls: true }, /IMAP_REQUIRE_TLS/],
      ['a server without TLS', { secure: true }, /IMAP_SECURE/],
    ])('what to do about %s', async (_what, overrides, remedy) => {
      expect(await mailbox(overrides).check()).toMatchObject({
        ok: false,
        remedy: expect.stringMatching(remedy) as string,
      });
    });

    it('what to do about a server that is not there', async () => {
      await server.refuse();
      expect(await mailbox().check()).toMatchObject({ ok: false });
    });
  });
});
