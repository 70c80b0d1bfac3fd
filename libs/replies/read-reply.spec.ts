import fc from 'fast-check';
import type { MessageMedium } from '#domain/medium.js';
import { readReply, type ReplyMessage } from './index.js';

const SENT_AT = Date.parse('2026-03-02T09:00:00Z');
const reply = (text: string, overrides: Partial<ReplyMessage> = {}) =>
  readReply({
    medium: 'sms',
    text,
    subject: null,
    headers: {},
    sentAt: SENT_AT,
    locale: 'en-GB',
    ...overrides,
  });
const mail = (text: string, overrides: Partial<ReplyMessage> = {}) =>
  reply(text, { medium: 'email', subject: 'Re: Invoice 7', ...overrides });

describe('a word that says stop', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'STOP!!!',
    'Stop 🛑',
    'ＳＴＯＰ',
    'S\u200bTOP',
    'STOPALL',
    'stop all',
    'Quit',
    'END',
    'Revoke',
    'OPT OUT',
    'opt-out',
    'optout',
    'Cancel',
    'UNSUBSCRIBE',
    '"STOP"',
    'Please stop',
    'stop please!',
    'Stop it now',
    'STOP STOP STOP',
    'ok stop thanks',
    '/stop',
    '/stop@acme_bot',
    'stop texts',
    'Remove me',
    'СТОП',
    'Стоп, пожалуйста',
    'отписаться',
    'Отпишите меня',
    'не пишите',
    'Хватит!',
    'отмена',
    'Отписка',
    'Stopp',
    'STOPP bitte',
    'abmelden',
    'Abbestellen',
    'Ende',
    'keine SMS mehr',
    'Alto',
    'BAJA',
    'cancelar',
    'Darme de baja',
    'basta',
    'no más mensajes',
    'Arrêt',
    'ARRET',
    'arrêtez',
    'Désabonner',
    'desabonner',
    'STOP SMS',
    'Annuler',
    'Ferma',
    'basta',
    'Cancellami',
    'disiscrivi',
    'Parar',
    'SAIR',
    'pare por favor',
    'descadastrar',
    'Koniec',
    'wypisz mnie',
    'Rezygnuję',
    'anuluj',
  ])('is %j', (text) => {
    expect(reply(text)).toMatchObject({ kind: 'stop', saysMore: false });
  });

  it.each([
    'Please stop by our office',
    "I can't stop by",
    'The payment will end on Friday',
    'HELP',
    'Stop the payment, it is wrong',
    'Please cancel the invoice',
    'When does this end?',
    'I will quit my job and pay',
    'Fine',
    'We had to stop production, so we pay later',
    'Bus stop',
    'end of month',
    'What happens if I reply STOP',
    'no',
    'Cancel my order 1234',
    'non-stop',
    'You should end the contract',
    'Отмена платежа была ошибкой, оплатим завтра',
    'Конец месяца',
    'Это не отказ, просто позже',
    'Am Ende des Monats zahle ich',
    'Ende März',
    'Ich habe keine Mails mehr bekommen',
    'a fin de mes',
    'para el lunes',
    'fin du mois',
    'alla fine del mese',
    'no fim do mês',
    'pod koniec miesiąca',
    '',
    '   ',
    '👍',
    '123',
  ])('is not in %j', (text) => {
    expect(reply(text)).toMatchObject({ kind: 'person' });
  });

  it('counts with what else is said, which somebody should read', () => {
    expect(reply('STOP. I already paid this on Monday.')).toMatchObject({ kind: 'stop', saysMore: true });
    expect(mail('Unsubscribe\n\nBob Example\nCEO of Example')).toMatchObject({ kind: 'stop' });
  });

  it('is rhetoric in a long letter', () => {
    const letter = `${'We have looked at the papers again and again and nothing of it is right. '.repeat(5)}Stop. Think about it.`;
    expect(mail(letter)).toMatchObject({ kind: 'person' });
  });

  it('is what a mail program writes for who pressed its button', () => {
    expect(mail('', { subject: 'Unsubscribe' })).toMatchObject({ kind: 'stop' });
    const text = 'This is an automatically generated message of a mail program.';
    expect(
      mail(text, { subject: 'unsubscribe', headers: { 'auto-submitted': 'auto-generated' } }),
    ).toMatchObject({ kind: 'stop' });
    expect(mail('When is it due?', { subject: 'Re: stop' })).toMatchObject({ kind: 'person' });
  });

  it('is not ours where it is quoted', () => {
    expect(mail('I will pay.\n\nOn 2 Mar 2026, Acme wrote:\n> Reply STOP to opt out.\n> STOP')).toMatchObject(
      { kind: 'person' },
    );
  });
});

describe('a demand to be left alone', () => {
  it.each<[MessageMedium, string]>([
    ['sms', 'please stop texting me'],
    ['sms', 'Stop sending me these messages!'],
    ['sms', 'I paid already. Do not text me again.'],
    ['sms', 'Who is this? Take me off your list'],
    ['sms', "Don't contact me anymore"],
    ['sms', 'I want to opt out of this'],
    ['sms', 'STOP CONTACTING ME AT THIS NUMBER'],
    ['sms', 'remove my number from your database please'],
    ['sms', 'I revoke my consent to be contacted'],
    ['sms', 'I will not pay and do not contact me again'],
    ['sms', 'Stop sending messages'],
    ['sms', 'No more texts please'],
    ['email', 'Please stop emailing me.'],
    ['email', 'Kindly remove me from your mailing list'],
    ['email', 'Please unsubscribe me from these e-mails'],
    ['email', "Hello,\n\nI'd like to unsubscribe.\n\nRegards\nBob"],
    ['sms', 'Пожалуйста, не пишите мне больше'],
    ['sms', 'Прекратите присылать мне сообщения'],
    ['email', 'Удалите меня из рассылки'],
    ['telegram', 'хватит слать мне это'],
    ['sms', 'Больше не пишите сюда'],
    ['sms', 'Schreiben Sie mir bitte nicht mehr'],
    ['email', 'Bitte senden Sie mir keine E-Mails mehr'],
    ['email', 'Hiermit widerrufe ich meine Einwilligung'],
    ['sms', 'Hören Sie auf, mir zu schreiben'],
    ['email', 'Bitte löschen Sie meine Adresse aus dem Verteiler'],
    ['sms', 'Arrêtez de m’écrire'],
    ['sms', 'Ne me contactez plus'],
    ['email', 'Je ne souhaite plus recevoir vos messages'],
    ['email', 'Désabonnez-moi de cette liste'],
    ['sms', 'Dejen de mandarme mensajes'],
    ['sms', 'No me escriban más'],
    ['email', 'quiero darme de baja'],
    ['sms', 'Smettete di scrivermi'],
    ['email', 'Non voglio più ricevere queste mail'],
    ['sms', 'Parem de me enviar mensagens'],
    ['sms', 'Não quero mais receber isso'],
    ['sms', 'Proszę nie pisać do mnie'],
    ['email', 'Nie chcę więcej otrzymywać wiadomości'],
  ])('by %s is %j', (medium, text) => {
    expect(reply(text, { medium })).toMatchObject({ kind: 'stop' });
  });

  it.each<[MessageMedium, string]>([
    ['sms', "Please don't stop texting me the balance"],
    ['sms', 'Do not call me, I am at work'],
    ['sms', 'Do not contact me before Friday'],
    ['sms', 'I never asked you to stop texting me'],
    ['sms', 'If you stop sending reminders I will forget'],
    ['email', 'Do not text me at this number'],
    ['sms', 'Stop texting me after 9pm'],
    ['sms', 'Please stop by and contact me'],
    ['sms', 'Please contact me'],
    ['sms', 'Не пишите мне после 21:00'],
    ['sms', 'Не звоните мне, пишите'],
    ['sms', 'Если хватит денег, оплачу'],
    ['sms', 'Schreiben Sie mir nicht nach 20 Uhr'],
    ['sms', 'Schreiben Sie mir morgen'],
    ['sms', 'No me contacten antes del viernes'],
    ['email', 'Please remove the late fee from your invoice'],
    ['email', 'Please send me the invoice again'],
    ['email', 'Why would you stop sending me invoices?'],
  ])('by %s is not %j', (medium, text) => {
    expect(reply(text, { medium })).toMatchObject({ kind: 'person' });
  });

  it('is found at the end of a long letter', () => {
    const letter = `${'We have looked at the papers again and nothing of it is right. '.repeat(20)}Please stop contacting me.`;
    expect(mail(letter)).toMatchObject({ kind: 'stop', saysMore: true });
  });
});

describe('a word that says go on', () => {
  it.each([
    'START',
    'Unstop',
    'YES',
    '/start',
    'Старт',
    'да',
    'Ja',
    'Sí',
    'Oui',
    'début: démarrer'.split(': ')[1] ?? '',
    'wznów',
  ])('is %j', (text) => {
    expect(reply(text)).toMatchObject({ kind: 'start' });
  });
  it.each<[MessageMedium, string]>([
    ['email', 'Yes'],
    ['telegram', 'да'],
    ['sms', 'Yes I paid'],
    ['sms', 'start of the month'],
  ])('by %s is not %j', (medium, text) => {
    expect(reply(text, { medium })).toMatchObject({ kind: 'person' });
  });
});

describe('an answer of a program', () => {
  it.each<[string, string]>([
    ['auto-submitted', 'auto-replied'],
    ['auto-submitted', 'auto-generated; type=x'],
    ['precedence', 'bulk'],
    ['precedence', 'auto_reply'],
    ['x-auto-response-suppress', 'DR, OOF, AutoReply'],
    ['x-auto-response-suppress', 'All'],
    ['x-autoreply', 'yes'],
    ['x-autorespond', 'Out'],
    ['list-id', '<news.example.com>'],
    ['return-path', '<>'],
    ['from', 'Mail Delivery <MAILER-DAEMON@mx.example>'],
    ['from', 'no-reply@shop.example'],
    ['from', 'noreply+7@shop.example'],
    ['content-type', 'multipart/report; report-type=delivery-status'],
  ])('is known by %s: %s', (name, value) => {
    expect(mail('Thank you.', { headers: { [name]: value } })).toEqual({
      kind: 'automatic',
      returnsOn: null,
    });
  });

  it.each<[string, string]>([
    ['auto-submitted', 'no'],
    ['precedence', 'first-class'],
    ['x-autoreply', 'no'],
    ['return-path', '<anna@example.com>'],
    ['from', 'Noreen Replyson <noreen@example.com>'],
    ['x-auto-response-suppress', 'RN, NRN'],
  ])('is not known by %s: %s', (name, value) => {
    expect(mail('Thank you.', { headers: { [name]: value } })).toMatchObject({ kind: 'person' });
  });

  it.each([
    'Automatic reply: Invoice 7',
    'Out of Office: Invoice 7',
    'Abwesenheitsnotiz: Rechnung 7',
    'Automatische Antwort: Rechnung 7',
    'Автоответ: Счёт 7',
    'Автоматический ответ: Счёт',
    'Respuesta automática: Factura',
    'Fuera de la oficina',
    'Réponse automatique : Facture',
    'Absence du bureau',
    'Risposta automatica: Fattura',
    'Fuori sede',
    'Resposta automática: Fatura',
    'Automatyczna odpowiedź: Faktura',
    'Autoreply',
  ])('is known by its subject %j', (subject) => {
    expect(mail('Hello.', { subject })).toMatchObject({ kind: 'automatic' });
  });

  it.each<[string, string, string | null]>([
    [
      'en-GB',
      'Thank you for your email. I am out of the office until 9 March 2026 and will reply when I return.',
      '2026-03-09',
    ],
    ['en-US', 'This is an automated response. I will return on 03/10/2026.', '2026-03-10'],
    ['en-GB', 'This is an automated response. I will return on 10/03/2026.', '2026-03-10'],
    [
      'en-US',
      'This is an automatic reply. I am away from March 2 to March 9 and back in the office on Tuesday, March 10.',
      '2026-03-10',
    ],
    [
      'en-GB',
      'I am on annual leave until 9 March inclusive. For urgent matters please contact Bob.',
      '2026-03-10',
    ],
    ['en-GB', 'I am on vacation with limited access to email. Back on Monday.', '2026-03-09'],
    ['de', 'Vielen Dank für Ihre Nachricht. Ich bin vom 02.03. bis 09.03.2026 nicht im Büro.', '2026-03-09'],
    [
      'de',
      'Ich bin bis einschließlich 9. März im Urlaub. In dringenden Fällen wenden Sie sich an Frau Beispiel.',
      '2026-03-10',
    ],
    [
      'de',
      'Ich bin derzeit nicht im Büro, ab dem 10. März 2026 bin ich wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet.',
      '2026-03-10',
    ],
    ['ru', 'Здравствуйте! Я в отпуске до 9 марта 2026. По срочным вопросам пишите коллегам.', '2026-03-09'],
    ['ru', 'Это автоматический ответ. Вернусь 10 марта.', '2026-03-10'],
    ['es', 'Gracias por su mensaje. Estoy de vacaciones hasta el 9 de marzo de 2026.', '2026-03-09'],
    ['fr', 'Merci pour votre message. Je suis en congés jusqu’au 9 mars 2026.', '2026-03-09'],
    ['fr', 'Réponse automatique. Je serai de retour le 10 mars 2026.', '2026-03-10'],
    ['it', 'Grazie per la sua mail. Sono in ferie fino al 9 marzo 2026.', '2026-03-09'],
    ['pt', 'Esta é uma resposta automática. Estou de férias até 9 de março de 2026.', '2026-03-09'],
    ['pl', 'Dziękuję za wiadomość. Jestem na urlopie do 9 marca 2026.', '2026-03-09'],
    ['en-GB', 'This is an automatic reply. I was away until 9 February 2026.', null],
    ['en-GB', 'This is an automatic reply. I am away until 9 March 2036.', null],
    ['en-GB', 'This is an automatic reply. Please call 02 03 2027 9999.', null],
    [
      'en-GB',
      "I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.",
      null,
    ],
  ])('is known by its words (%s): %s → %s', (locale, text, returnsOn) => {
    expect(mail(text, { locale })).toEqual({ kind: 'automatic', returnsOn });
  });

  it('finds the year of a day that is named without one', () => {
    const text = 'This is an automatic reply. I am back on 5 January.';
    expect(mail(text, { sentAt: Date.parse('2026-12-28T09:00:00Z') })).toMatchObject({
      returnsOn: '2027-01-05',
    });
  });

  it.each([
    'I am on vacation until 12 March and will pay then.',
    'I was out of the office, sorry. The invoice is paid.',
    'Ich bin bis Freitag im Urlaub, danach überweise ich.',
    'Я в отпуске до понедельника, оплачу потом.',
    'My office is closed, call me back.',
  ])('is not a person who is away and says so: %s', (text) => {
    expect(mail(text)).toMatchObject({ kind: 'person' });
  });
});

describe('reading an answer', () => {
  const headers = fc.dictionary(
    fc.constantFrom('from', 'precedence', 'auto-submitted', 'return-path'),
    fc.string(),
  );
  const piece = fc.constantFrom(
    'stop ',
    'please ',
    'until 9 March ',
    'On 2 Mar ',
    'wrote:\n',
    '> ',
    '-- \n',
    '1.2.',
    'From: a\n',
    'до ',
    '\n',
    'a',
    ' ',
  );

  it('fails at nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 200 }).map((all) => all.join('')),
        ),
        fc.oneof(fc.constant(null), fc.string()),
        headers,
        fc.constantFrom<MessageMedium>('sms', 'email', 'telegram'),
        (text, subject, given, medium) => {
          const read = reply(text, { subject, headers: given, medium, locale: 'xx-nonsense' });
          expect(['stop', 'start', 'automatic', 'person']).toContain(read.kind);
        },
      ),
    );
  });

  it('never finds a return in the past', () => {
    const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.constantFrom('until', 'back on', 'to'), (at, cue) => {
        const read = mail(`This is an automatic reply. I am away ${cue} ${at.toISOString().slice(0, 10)}.`);
        expect(read.kind === 'automatic' && (read.returnsOn ?? '9999') >= '2026-03-02').toBe(true);
      }),
    );
  });

  // Were any rule quadratic, a megabyte of it would not end within the time that a test may take.
  it.each([
    ['spaces', ' '],
    ['line breaks', '\n'],
    ['quotes', '> '],
    ['attributions', 'On 2 Mar wrote '],
    ['header blocks', 'From: a\n'],
    ['stops', 'stop sending me the '],
    ['not', 'do not '],
    ['digits', '1'],
    ['dates', '1.2.2026 '],
    ['cues', 'until back on '],
    ['marks', '\u0301'],
    ['delimiters', '--\n'],
    ['at signs', '<a@'],
    ['closings', 'Best regards\n'],
    ['Russian', 'не пишите '],
  ])('ends on a megabyte of %s', (_what, unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const subject = text.slice(0, 100_000);
    expect(mail(text, { subject }).kind).toMatch(/./);
    expect(mail(text, { subject, headers: { 'auto-submitted': 'auto-replied' } }).kind).toBe('automatic');
  });
});
