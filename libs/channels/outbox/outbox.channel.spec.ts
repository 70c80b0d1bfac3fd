import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type AddressObject } from 'mailparser';
import { AMPLE, describeChannel, describeEmailChannel, type Subject } from '#channels/channel.contract.js';
import { aMessage } from '#test/support/providers/index.js';
import { createOutboxChannel } from './outbox.channel.js';

async function start(): Promise<Subject & { directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'kindly-outbox-'));
  const channel = createOutboxChannel({ directory });
  return { channel, directory, stop: () => rm(directory, { recursive: true }) };
}

const nowhere = (): Promise<Subject> =>
  Promise.resolve({ channel: createOutboxChannel({ directory: null }), stop: () => Promise.resolve() });

describeChannel('outbox', start);
describeEmailChannel('outbox', start);
describeChannel('outbox without a directory', nowhere);
describeEmailChannel('outbox without a directory', nowhere);

describe('the outbox', () => {
  let subject: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  const files = (): Promise<string[]> => readdir(join(subject.directory, 'organisation-1'));
  const read = (name: string): Promise<Buffer> => readFile(join(subject.directory, 'organisation-1', name));

  it('never leaves this installation', () => {
    expect(subject.channel.external).toBe(false);
  });

  it('writes an e-mail that a mail program opens, and its page for a browser', async () => {
    const content = Buffer.from([0, 255, 1, 254]);
    const message = aMessage('email', {
      contactId: 'c-1',
      subject: 'Счёт № 4711',
      to: { address: 'debtor@example.com', name: 'Dörte Müller' },
      headers: { 'List-Unsubscribe': '<https://pay.example/u>' },
      attachments: [{ filename: 'Rechnung ü.pdf', contentType: 'application/pdf', content }],
    });
    await expect(subject.channel.send(message, AMPLE)).resolves.toEqual({
      kind: 'accepted',
      providerId: 'c-1',
    });
    expect((await files()).sort()).toEqual(['c-1.eml', 'c-1.html']);
    const mail = await simpleParser(await read('c-1.eml'));
    expect(mail).toMatchObject({
      subject: message.subject,
      html: message.html,
      messageId: '<c-1.organisation-1@creditor.example>',
    });
    expect((mail.to as AddressObject).value).toEqual([
      { address: message.to.address, name: message.to.name },
    ]);
    expect(mail.text?.trim()).toBe(message.text);
    expect(mail.attachments[0]).toMatchObject({ filename: 'Rechnung ü.pdf', content });
    expect((await read('c-1.html')).toString()).toBe(message.html);
  });

  it('writes lines as RFC 5322 wants them', async () => {
    await subject.channel.send(
      aMessage('email', { contactId: 'c-1', text: 'one\ntwo\r\nthree', html: '<p>one</p>\n<p>ü</p>' }),
      AMPLE,
    );
    expect((await read('c-1.eml')).toString()).not.toMatch(/[^\r]\n/);
  });

  it.each(['sms', 'telegram'] as const)('writes a message by %s as text', async (medium) => {
    const message = aMessage(medium, { contactId: 'c-2' });
    await subject.channel.send(message, AMPLE);
    const text = (await read('c-2.txt')).toString();
    expect(text).toContain(`To: Dana Debtor <${message.to.address}>`);
    expect(text).toContain(message.text);
  });

  it('keeps one copy of a message that is sent again, and no drafts', async () => {
    const message = aMessage('email', { contactId: 'c-3' });
    await Promise.all([1, 2, 3].map(() => subject.channel.send(message, AMPLE)));
    expect((await files()).sort()).toEqual(['c-3.eml', 'c-3.html']);
  });

  it('tells the doctor when it cannot write', async () => {
    const file = join(subject.directory, 'file');
    await writeFile(file, '');
    const channel = createOutboxChannel({ directory: join(file, 'below') });
    await expect(channel.check()).resolves.toMatchObject({
      ok: false,
      detail: expect.stringContaining('ENOTDIR') as string,
    });
  });
});
