import fc from 'fast-check';
import { readReply, type ReplyMessage, STOP, STOP_ALONE } from '#replies/index.js';
import { graphemesOf } from './graphemes.js';
import { cutSms, MAX_SMS_CHARACTERS } from './sms-cut.js';
import { smsParts } from './sms.js';

const LINK = 'https://pay.example.com/i/611365?ref=a.b&c=%20';
const OPT_OUT = 'Reply STOP to opt out.';

const REPLY: Omit<ReplyMessage, 'text'> = {
  medium: 'sms',
  subject: null,
  headers: {},
  sentAt: 0,
  locale: 'en',
};

const long = (text: string): string => text.repeat(Math.ceil((MAX_SMS_CHARACTERS * 2) / text.length));

/** What one reader takes for one character, though it is several: any of them may lie where a text is cut. */
const CHARACTERS = ['a', ' ', '\n', '\r\n', 'я', '€', 'é', 'e\u0301', 'x\u0323\u0307', '😀', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️‍🔥', '1️⃣', 'नि', '각']; // prettier-ignore

const prose = (maxLength: number) =>
  fc
    .array(
      fc.oneof(fc.constantFrom(...CHARACTERS), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 })),
      {
        maxLength,
      },
    )
    .map((parts) => parts.join(''));

/** The parts of a result, or a failure that shows it. */
function taken(text: string, result: string): { head: string; tail: string } {
  for (const ellipsis of ['...', '…']) {
    for (let at = result.indexOf(ellipsis); at !== -1; at = result.indexOf(ellipsis, at + 1)) {
      const head = result.slice(0, at);
      const tail = result.slice(at + ellipsis.length);
      const clusters = graphemesOf(head);
      const isPrefix = text.startsWith(head) && graphemesOf(text).slice(0, clusters.length).join('') === head;
      if (isPrefix && tail.split(/ (?=https:|Reply)/).every((part) => text.includes(part)))
        return { head, tail };
    }
  }
  throw new Error(`${JSON.stringify(result)} is no cut of ${JSON.stringify(text)}`);
}

/** No well-formed UTF-16 has one. */
const HALF_A_PAIR = /\p{Surrogate}/u;

/** A link, and a sentence of which as much is kept as ever is. */
const LEAST = LINK.length + 400;

describe('cutSms', () => {
  it('leaves a text of 1,600 characters as it is, and cuts one of 1,601', () => {
    expect(cutSms('a'.repeat(1_600))).toBe('a'.repeat(1_600));
    expect(cutSms('a'.repeat(1_601))).toBe(`${'a'.repeat(1_597)}...`);
  });

  it('counts an emoji as the two UTF-16 units that it is', () => {
    expect(cutSms('😀'.repeat(800))).toBe('😀'.repeat(800));
    expect(cutSms('😀'.repeat(801))).toBe(`${'😀'.repeat(799)}…`);
  });

  it('does not make UCS-2 of a GSM-7 text by its ellipsis', () => {
    expect(smsParts(cutSms(long('Please pay. ')))).toMatchObject({ encoding: 'GSM-7', segments: 11 });
    expect(cutSms(long('Оплатите. '))).toMatch(/…$/);
  });

  it('does not pay for an emoji that was cut away', () => {
    expect(smsParts(cutSms(`${long('Please pay. ')}😀`))).toMatchObject({ encoding: 'GSM-7', segments: 11 });
    expect(cutSms(`😀 ${long('Please pay. ')}`)).toMatch(/[^.]…$/);
  });

  it('leaves nothing of a text that is nothing but a link longer than any SMS', () => {
    expect(cutSms(`https://example.com/${'a'.repeat(2_000)}`)).toBe('');
  });

  it('keeps link and opt-out, and cuts the prose before them', () => {
    const result = cutSms(`${long('Please pay. ')}${LINK} ${OPT_OUT}`);
    expect(result).toHaveLength(1_600);
    expect(result).toMatch(/^Please pay\. /);
    expect(result.endsWith(`... ${LINK} ${OPT_OUT}`)).toBe(true);
  });

  it('cuts the prose behind a link as well, at a distance from it', () => {
    const result = cutSms(`Pay: ${LINK} ${long('thank you ')}. ${OPT_OUT}`);
    expect(result.startsWith(`Pay: ${LINK} thank you`)).toBe(true);
    expect(result.endsWith(`... ${OPT_OUT}`)).toBe(true);
  });

  it.each(['www.example.com/pay', 'pay.example.com/i/1', 'HTTPS://EXAMPLE.COM/A'])(
    'knows %s for a link',
    (link) => {
      expect(cutSms(`${long('Please pay. ')}${link}`).endsWith(`... ${link}`)).toBe(true);
    },
  );

  it('leaves a link out that is longer than any SMS, and keeps the opt-out', () => {
    const result = cutSms(`Pay: https://example.com/${'a'.repeat(2_000)} ${OPT_OUT}`);
    expect(result).toBe(`Pay: ... ${OPT_OUT}`);
  });

  it('keeps the opt-out before a link where there is no room for both', () => {
    const link = `https://example.com/${'a'.repeat(1_565)}`;
    expect(cutSms(`Dear customer, ${link} ${OPT_OUT}`)).toBe(`Dear customer, ... ${OPT_OUT}`);
  });

  it.each([
    'Reply STOP to opt out.',
    'Чтобы отказаться, напишите СТОП.',
    'Antworten Sie „STOPP“!',
    'If you want no more messages from Northwind Supplies Ltd at this number about this or any other invoice, reply STOP',
    'Unsubscribe: https://example.com/u.html?a=b or reply STOP',
    'Reply END to end these messages.',
    'For no more of these text "QUIT"',
    'Antworten Sie mit ENDE, dann ist Schluss.',
    'Responda BAJA para no recibir más.',
    'Répondez avec le mot FIN',
    'Отправьте ОТМЕНА.',
  ])('knows the opt-out sentence: %s', (sentence) => {
    for (const text of [
      `${long('Please pay. ')}${sentence}`,
      `${long('Please pay ')}\n${sentence}\nThank you`,
    ])
      expect(cutSms(text).split(/(?:…|\.\.\.) /)[1]).toBe(sentence);
  });

  it('keeps the words around the opt-out of a sentence that never ends', () => {
    expect(cutSms(`${long('please pay and ')}reply STOP`)).toMatch(/ please pay and reply STOP$/);
  });

  it('takes no other word for an opt-out', () => {
    expect(cutSms(`${long('Please pay. ')}Unstoppable.`)).toMatch(/\.\.\.$/);
    expect(cutSms(`${long('Please pay. ')}The discount ends at the end of May.`)).toMatch(/\.\.\.$/);
  });

  it.each([...STOP, ...STOP_ALONE].flatMap((list) => list.split(', ')))(
    'keeps every word that is obeyed when it comes back: %s',
    (word) => {
      for (const sentence of [`Reply ${word.toUpperCase()} to get no more.`, `Send the word: ${word}`])
        expect(cutSms(`${long('Please pay. ')}${sentence}`).split(/(?:…|\.\.\.) /)[1]).toBe(sentence);
      expect(readReply({ ...REPLY, text: word.toUpperCase() })).toMatchObject({ kind: 'stop' });
    },
  );

  it.each([
    'Responda a este mensaje para acordar un plan.',
    'Antworten Sie bis Ende Mai auf diese Frage.',
    'Envie o comprovante para o nosso escritório.',
    'Reply at the end of May to this message.',
  ])('takes prose for prose: %s', (sentence) => {
    expect(cutSms(`${long('Please pay. ')}${sentence}`)).not.toContain(sentence);
  });

  it('keeps a link before an opt-out that is not the last', () => {
    const many = Array.from({ length: 9 }, (_, index) => `Never stop ${'a '.repeat(75)}${index}.`).join(' ');
    const result = cutSms(`${many} ${LINK} ${OPT_OUT}`);
    expect(result).toContain(LINK);
    expect(result.endsWith(OPT_OUT)).toBe(true);
  });

  it.each(CHARACTERS)('cuts %j whole or not at all, wherever it lies', (character) => {
    const text = `Hello ${character.repeat(12)} ${LINK}`;
    for (let limit = LINK.length + 4; limit <= text.length; limit += 1) {
      const result = cutSms(text, limit);
      expect(result).toContain(LINK);
      expect(result).not.toMatch(HALF_A_PAIR);
      expect(result.length).toBeLessThanOrEqual(limit);
      if (text.length > limit) taken(text, result);
    }
  });

  it('holds for any text at any limit', () => {
    fc.assert(
      fc.property(
        prose(300),
        fc.constantFrom('', ` ${LINK}`, ` ${OPT_OUT}`, ` ${LINK} ${OPT_OUT}`, `\n${OPT_OUT}\n${LINK}`),
        prose(300),
        fc.nat(300),
        (before, wholes, after, more) => {
          const text = `${before}${wholes} ${after}`;
          const limit = LEAST + more;
          const result = cutSms(text, limit);
          expect(result.length).toBeLessThanOrEqual(limit);
          expect(result).not.toMatch(HALF_A_PAIR);
          expect(cutSms(result, limit)).toBe(result);
          if (text.length <= limit) expect(result).toBe(text);
          else taken(text, result);
          for (const whole of [LINK, OPT_OUT]) expect(result.includes(whole)).toBe(text.includes(whole));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
