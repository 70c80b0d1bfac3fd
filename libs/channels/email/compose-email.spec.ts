import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { aMessage } from '#test/support/providers/index.js';
import { composeEmail } from './compose-email.js';

const parsed = async (overrides: Parameters<typeof aMessage>[1]) =>
  simpleParser(await composeEmail(aMessage('email', overrides)));

describe('an e-mail as it is handed over', () => {
  it('keeps subjects and names of any script (RFC 2047)', async () => {
    const subject = 'Напоминание: счёт № 4711 — 💶 fällig am 3. März';
    const mail = await parsed({
      subject,
      to: { address: 'debtor@example.com', name: 'Анна “Ёж” Müller, Ltd' },
    });
    expect(mail.subject).toBe(subject);
    expect(mail.to).toMatchObject({
      value: [{ address: 'debtor@example.com', name: 'Анна “Ёж” Müller, Ltd' }],
    });
  });

  it('keeps the words of whatever subject is written', async () => {
    const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(words, async (written) => {
        const subject = written
          .join(' ')
          .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
          .trim();
        fc.pre(subject !== '');
        expect((await parsed({ subject })).subject?.replace(/\s+/g, ' ')).toBe(subject);
      }),
      { numRuns: 60 },
    );
  });

  it('has no line longer than mail servers take, whatever is written (RFC 5322, 2.1.1)', async () => {
    const long = 'слово'.repeat(2_000);
    const raw = await composeEmail(aMessage('email', { subject: long, text: long, html: `<p>${long}</p>` }));
    const longest = Math.max(
      ...raw
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(998);
  });

  it('goes to a domain in its own script by the name that every server knows (RFC 5891)', async () => {
    const raw = await composeEmail(aMessage('email', { to: { address: 'info@пример.рф' } }));
    expect(raw.toString('latin1')).toContain('info@xn--e1afmkfd.xn--p1ai');
  });
});
