import type { Channel, Message, Outcome } from '#channels/channel.js';
import { aMessage, type Provider } from '#test/support/providers/index.js';

/** Long enough never to be met by a test that expects an answer. */
export const AMPLE = 5_000;
/** The budget of a test in which no answer will come. */
export const SHORT = 500;

export interface Subject {
  channel: Channel;
  stop(): Promise<void>;
}

export interface ProviderSubject extends Subject {
  provider: Provider;
}

export const UNICODE = 'Ваш счёт № 4711 — 请付款 🙏 \u202bשלום\u202c';

/** What every channel owes its callers, whatever is behind it. */
export function describeChannel(name: string, start: () => Promise<Subject>): void {
  describe(`${name}, as any channel`, () => {
    let subject: Subject;
    let channel: Channel;
    beforeEach(async () => {
      subject = await start();
      channel = subject.channel;
    });
    afterEach(async () => {
      await channel.close();
      await subject.stop();
    });
    const aMessageOf = (overrides: Partial<Message> = {}): Message => aMessage(mediumOf(channel), overrides);
    const send = (overrides: Partial<Message>): Promise<Outcome> =>
      channel.send(aMessageOf(overrides), AMPLE);

    it('accepts a message and names it', async () => {
      const outcome = await send({});
      expect(outcome).toEqual({ kind: 'accepted', providerId: expect.stringMatching(/./) as string });
    });

    it('accepts text in any script', async () => {
      await expect(send({ text: UNICODE })).resolves.toMatchObject({ kind: 'accepted' });
    });

    it('refuses an address with a line break as a bad address', async () => {
      const { to } = aMessageOf();
      const outcome = await send({ to: { address: `${to.address}\r\nBcc: thief@example.com` } });
      expect(outcome).toEqual({ kind: 'rejected', code: 'invalid_address', addressIsBad: true });
    });

    it('refuses a message without text', async () => {
      await expect(send({ text: ' \n' })).resolves.toEqual(refused('empty_text'));
    });

    it('takes a message of a medium it does not speak for a bug', async () => {
      const foreign = aMessage('email', { medium: 'call' as Message['medium'] });
      await expect(channel.send(foreign, AMPLE)).rejects.toThrow(/cannot send call/);
    });

    it.each(['../escape', 'a b', 'x\r\ny', ''])('takes the contact id %j for a bug', async (contactId) => {
      await expect(send({ contactId })).rejects.toThrow(/contactId/);
    });

    it('says to the doctor that it works', async () => {
      await expect(channel.check()).resolves.toMatchObject({ ok: true });
    });
  });
}

/** What every channel that sends e-mail owes besides. */
export function describeEmailChannel(name: string, start: () => Promise<Subject>): void {
  describe(`${name}, as a channel for e-mail`, () => {
    let subject: Subject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.stop();
    });
    const BREAK = 'Hello\r\nBcc: thief@example.com';
    const attachment = (filename: string, contentType: string): Partial<Message> => ({
      attachments: [{ filename, contentType, content: Buffer.from('x') }],
    });

    it.each<[string, Partial<Message>, string]>([
      ['the subject', { subject: BREAK }, 'line_break_in_header'],
      [
        'the recipient’s name',
        { to: { address: 'debtor@example.com', name: BREAK } },
        'line_break_in_header',
      ],
      [
        'the sender’s name',
        { from: { address: 'billing@creditor.example', name: BREAK } },
        'line_break_in_header',
      ],
      ['the sender’s address', { from: { address: 'billing@creditor.example\nX: y' } }, 'invalid_sender'],
      ['the address for answers', { replyTo: { address: 'a@creditor.example\r\nX: y' } }, 'invalid_sender'],
      ['the address of a copy', { cc: [{ address: 'owner@example.com\r\nX: y' }] }, 'invalid_cc'],
      ['the name of a copy', { cc: [{ address: 'owner@example.com', name: BREAK }] }, 'line_break_in_header'],
      ['a header’s value', { headers: { 'List-Unsubscribe': BREAK } }, 'line_break_in_header'],
      ['a header’s name', { headers: { 'X-A: b\r\nBcc': 'thief@example.com' } }, 'invalid_header'],
      ['a file’s name', attachment(BREAK, 'text/plain'), 'line_break_in_header'],
      ['a file’s type', attachment('a.txt', BREAK), 'line_break_in_header'],
    ])('refuses a line break in %s', async (_where, overrides, code) => {
      await expect(subject.channel.send(aMessage('email', overrides), AMPLE)).resolves.toEqual(refused(code));
    });

    it.each(['Bcc', 'from', 'Content-Type'])(
      'refuses to let a header %s override its own',
      async (header) => {
        const message = aMessage('email', { headers: { [header]: 'thief@example.com' } });
        await expect(subject.channel.send(message, AMPLE)).resolves.toEqual(refused('reserved_header'));
      },
    );

    it.each(['a@example.com, b@example.com', 'no-at-sign', '<a@example.com>', 'a b@example.com'])(
      'refuses %j as no single address',
      async (address) => {
        const outcome = await subject.channel.send(aMessage('email', { to: { address } }), AMPLE);
        expect(outcome).toEqual({ kind: 'rejected', code: 'invalid_address', addressIsBad: true });
      },
    );

    it('accepts a message with copies', async () => {
      const cc = [{ address: 'owner@example.com', name: 'Olga Öwner' }, { address: 'accounts@example.com' }];
      const outcome = await subject.channel.send(aMessage('email', { cc }), AMPLE);
      expect(outcome).toMatchObject({ kind: 'accepted' });
    });

    it('refuses a copy to no single address', async () => {
      const cc = [{ address: 'owner@example.com' }, { address: 'a@example.com, b@example.com' }];
      const outcome = await subject.channel.send(aMessage('email', { cc }), AMPLE);
      expect(outcome).toEqual(refused('invalid_cc'));
    });

    it('refuses a message without a subject', async () => {
      await expect(subject.channel.send(aMessage('email', { subject: '' }), AMPLE)).resolves.toEqual(
        refused('empty_subject'),
      );
    });
  });
}

export const refused = (code: string): Outcome => ({ kind: 'rejected', code, addressIsBad: false });

export const mediumOf = (channel: Channel): Message['medium'] => channel.media[0] ?? 'email';
