import fc from 'fast-check';
import { ownWords } from './own-words.js';

const OWN = 'I paid this last week.\nSee the receipt.';

describe('the own words of an answer', () => {
  it.each<[string, string]>([
    [
      'Gmail',
      `${OWN}\n\nOn Mon, Mar 2, 2026 at 10:00 AM Acme Billing <billing@acme.example> wrote:\n\n> Dear Anna,\n> pay.`,
    ],
    [
      'Gmail, its line broken',
      `${OWN}\n\nOn Mon, Mar 2, 2026 at 10:00 AM Acme Billing\n<billing@acme.example> wrote:\n\n> Dear Anna,\n> pay.`,
    ],
    [
      'Apple Mail',
      `${OWN}\n\n> On 2 Mar 2026, at 10:00, Acme <billing@acme.example> wrote:\n> \n> Dear Anna,`,
    ],
    ['an unmarked quotation', `${OWN}\n\nOn 2 Mar 2026, Acme wrote:\n\nDear Anna,\nplease pay.`],
    [
      'Outlook',
      `${OWN}\n\n________________________________\nFrom: Acme <billing@acme.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: Anna <anna@example.com>\nSubject: Invoice 7\n\nDear Anna,`,
    ],
    ['Outlook of old', `${OWN}\n\n-----Original Message-----\nFrom: Acme\n\nDear Anna,`],
    [
      'German Gmail',
      `${OWN}\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Acme <billing@acme.example>:\n\n> Guten Tag`,
    ],
    [
      'German Outlook',
      `${OWN}\n\nVon: Acme <billing@acme.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Anna\nBetreff: Rechnung 7\n\nGuten Tag`,
    ],
    ['German of old', `${OWN}\n\n-----Ursprüngliche Nachricht-----\nVon: Acme`],
    ['Russian Gmail', `${OWN}\n\nпн, 2 мар. 2026 г. в 10:00, Acme <billing@acme.example>:\n\n> Здравствуйте`],
    [
      'Mail.ru',
      `${OWN}\n\nПонедельник, 2 марта 2026, 10:00 +03:00 от Acme <billing@acme.example>:\n> Здравствуйте`,
    ],
    [
      'Russian Apple Mail',
      `${OWN}\n\n2 марта 2026 г., в 10:00, Acme <billing@acme.example> написал(а):\n\n> Здравствуйте`,
    ],
    [
      'Russian Outlook',
      `${OWN}\n\nОт: Acme <billing@acme.example>\nОтправлено: 2 марта 2026 г. 10:00\nКому: Анна\nТема: Счёт 7\n\nЗдравствуйте`,
    ],
    [
      'Spanish Gmail',
      `${OWN}\n\nEl lun, 2 mar 2026 a las 10:00, Acme (<billing@acme.example>) escribió:\n\n> Hola`,
    ],
    [
      'Spanish Outlook',
      `${OWN}\n\nDe: Acme <billing@acme.example>\nEnviado: lunes, 2 de marzo de 2026 10:00\nPara: Anna\nAsunto: Factura 7\n\nHola`,
    ],
    [
      'French Gmail',
      `${OWN}\n\nLe lun. 2 mars 2026 à 10:00, Acme <billing@acme.example> a écrit :\n\n> Bonjour`,
    ],
    [
      'French Outlook',
      `${OWN}\n\nDe : Acme <billing@acme.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Anna\nObjet : Facture 7\n\nBonjour`,
    ],
    [
      'Italian Gmail',
      `${OWN}\n\nIl giorno lun 2 mar 2026 alle ore 10:00 Acme <billing@acme.example> ha scritto:\n\n> Salve`,
    ],
    [
      'Portuguese Gmail',
      `${OWN}\n\nEm seg., 2 de mar. de 2026 às 10:00, Acme <billing@acme.example> escreveu:\n\n> Olá`,
    ],
    [
      'Polish Gmail',
      `${OWN}\n\npon., 2 mar 2026 o 10:00 Acme <billing@acme.example> napisał(a):\n\n> Dzień dobry`,
    ],
    ['a signature', `${OWN}\n\n-- \nAnna Example\nHead of Everything\n+1 500 555 0006`],
    ['a closing formula', `${OWN}\n\nBest regards,\nAnna Example\nExample Ltd`],
    ['a German closing formula', `${OWN}\n\nMit freundlichen Grüßen\nAnna Beispiel`],
    ['a Russian closing formula', `${OWN}\n\nС уважением,\nАнна`],
    [
      'a telephone',
      `${OWN}\n\nSent from my iPhone\n\nOn 2 Mar 2026, at 10:00, Acme <billing@acme.example> wrote:\n\n> Dear Anna`,
    ],
    ['a German telephone', `${OWN}\n\nVon meinem iPhone gesendet`],
    ['carriage returns', `${OWN.replace('\n', '\r\n')}\r\n\r\nOn 2 Mar 2026, Acme wrote:\r\n> Dear Anna`],
  ])('are found in what %s sends', (_program, text) => {
    expect(ownWords(text)).toBe(OWN);
  });

  it('are kept between quoted lines and below them', () => {
    const text =
      'On 2 Mar 2026, Acme <a@acme.example> wrote:\n> When will you pay?\n\nOn Friday.\n\n> And the other one?\nNext month.';
    expect(ownWords(text)).toBe('On Friday.\n\nNext month.');
  });

  it.each([
    'On Friday I will pay what I wrote:\nthe half of it.',
    'From: where I stand, nothing is owed.',
    'Am Freitag zahle ich.',
    'Regards to your boss, and tell them this:\n' + 'a long story that goes on and on, '.repeat(5),
    'Thanks!\nI paid.',
  ])('are not cut where nothing is quoted: %j', (text) => {
    expect(ownWords(text)).toBe(text.trim());
  });

  it('are none where all is quoted', () => {
    expect(ownWords('> Dear Anna,\n> pay.')).toBe('');
  });

  it('are parts of the text, whatever it is', () => {
    const line = fc.constantFrom(
      'On 2 Mar, X wrote:',
      '> q',
      '-- ',
      'From: a',
      'Sent: b',
      'To: c',
      'words',
      '',
      'Am 1. schrieb Y:',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        const text = lines.join('\n');
        for (const each of ownWords(text).split('\n')) expect(text).toContain(each.trim());
      }),
    );
  });
});
