import type { MessageMedium } from '#domain/medium.js';
import { fold, spaced } from './fold.js';

/**
 * "Any reasonable means" (47 CFR 64.1200(a)(10)): whole demands to be left alone, in words. Each names an act of writing
 * and who is written to, so that an office one stops by or a payment that will end is none. Telling us not to call is not
 * telling us not to write; it is for a person to read.
 */
const VERBS: Readonly<Record<MessageMedium, { en: string; doing: string; nouns: string }>> = {
  sms: {
    en: 'text|message|sms|contact|write|send|bother|spam|harass',
    doing: 'texting|messaging|contacting|writing|sending|bothering|spamming|harassing',
    nouns: 'texts|text messages|messages|sms|smses|reminders|spam',
  },
  email: {
    en: 'email|e mail|mail|message|contact|write|send|bother|spam|harass',
    doing: 'emailing|e mailing|mailing|messaging|contacting|writing|sending|bothering|spamming|harassing',
    nouns: 'emails|e mails|mails|messages|reminders|spam|newsletters',
  },
  telegram: {
    en: 'text|message|contact|write|send|bother|spam|harass',
    doing: 'texting|messaging|contacting|writing|sending|bothering|spamming|harassing',
    nouns: 'texts|messages|reminders|spam',
  },
};

const ME =
  'me|us|this number|this phone|this address|this email|my number|my phone|my email|my cell|my inbox';

const english = (medium: MessageMedium): string[] => {
  const { en, doing, nouns } = VERBS[medium];
  return [
    `(?:stop|quit|cease) (?:all )?(?:${doing})(?: to)? (?:${ME})`,
    `(?:stop|quit|cease) sending (?:(?:these|those|the|any|more|all|your|so many) ){0,2}(?:${nouns})`,
    `(?:stop|no more) (?:(?:these|those|the|all|your) ){0,2}(?:${nouns})`,
    `(?:do not|dont|don t|never) (?:ever )?(?:${en})(?: to)? (?:${ME})`,
    `(?:do not|dont|don t) (?:${en}) (?:any ?more|again)`,
    `(?:unsubscribe|deregister) (?:me|us|my|this)`,
    `(?:remove|delete|take) (?:me|us|my (?:number|phone|email|address)|this (?:number|phone|email|address)) (?:from|off) (?:of )?(?:(?:your|this|the|all|any) ){0,2}(?:mailing |contact |text )?(?:lists?|database|system|records)`,
    `opt (?:me|us) out`,
    `(?:want|wish|like) to (?:opt out|unsubscribe|be removed|stop receiving)`,
    `(?:revoke|withdraw) (?:my |our |any )?consent`,
  ];
};

/** Of other languages; the medium plays no part, for each says "write" or "send". */
const OTHERS: readonly string[] = [
  // Russian
  'не (?:пишите|пиши|присылайте|присылай|шлите|отправляйте|беспокойте) (?:мне|нам|больше|сюда|меня|нас|смс|сообщения)',
  'больше (?:мне |нам )?не (?:пишите|пиши|присылайте|шлите|отправляйте|беспокойте)',
  '(?:прекратите|перестаньте|хватит)(?: мне| нам)? (?:писать|присылать|слать|отправлять|рассылку|рассылки|спамить|беспокоить|сообщения|смс)',
  '(?:удалите|уберите|исключите|отпишите) (?:меня|нас|мой номер|мой адрес|мою почту)(?: (?:из|от))',
  '(?:хочу|прошу|желаю) (?:меня )?(?:отписаться|отписать)',
  '(?:отключите|отмените) (?:смс|рассылку|уведомления|сообщения)',
  '(?:отказываюсь от) (?:рассылки|сообщений|смс|уведомлений)',
  '(?:отзываю|отзываем) (?:свое |мое |наше )?согласие',
  // German
  '(?:schreiben|schreibt|schreib) (?:sie )?(?:mir|uns) (?:bitte )?(?:nicht|keine|nie)(?: mehr)?',
  '(?:kontaktieren|kontaktiert|kontaktiere) (?:sie )?(?:mich|uns) (?:bitte )?(?:nicht|nie)(?: mehr)?',
  '(?:schicken|senden|schickt|sendet|schick|sende) (?:sie )?(?:mir|uns) (?:bitte )?(?:keine|nichts)(?: mehr| weiteren)?(?: (?:sms|nachrichten|mails|e mails|emails|erinnerungen))?(?: mehr)?',
  '(?:hören|hört|hör) (?:sie )?(?:bitte )?auf (?:damit )?(?:mir|uns|mich) (?:zu )?(?:schreiben|schicken|senden|kontaktieren|(?:sms|nachrichten|mails|e mails) zu (?:schicken|senden|schreiben))',
  '(?:melden|tragen|streichen|nehmen) sie (?:mich|uns|meine (?:nummer|adresse)) (?:bitte )?(?:ab|aus|von|aus (?:dem|ihrem|der|ihrer) (?:verteiler|liste))',
  '(?:löschen|entfernen) sie (?:mich|meine (?:nummer|adresse|e mail|email|daten)) (?:bitte )?(?:aus|von)',
  '(?:möchte|will|wir möchten) (?:mich|uns) (?:hiermit )?(?:abmelden|austragen)',
  '(?:möchte|will|wünsche) (?:ich )?keine (?:weiteren )?(?:sms|nachrichten|mails|e mails|emails|erinnerungen)(?: mehr)?(?: (?:erhalten|bekommen))?',
  '(?:widerrufe|widerrufen)(?: ich| wir)?(?: hiermit)? (?:meine|unsere) (?:einwilligung|zustimmung)',
  // French
  "(?:arrêtez|arrête|cessez|stoppez) (?:de |d')(?:me |nous |m')?(?:écrire|envoyer|contacter|harceler|déranger|spammer)",
  "ne (?:me |nous |m')(?:écrivez|contactez|envoyez|dérangez|écris|envoie) plus",
  '(?:veux|souhaite|désire|voulons|souhaitons) plus (?:recevoir|être contactée?|avoir)',
  '(?:désabonnez|désinscrivez|désinscris|retirez|supprimez|enlevez) (?:moi|nous|mon (?:numéro|adresse|mail|email))(?: (?:de|du))?',
  '(?:souhaite|veux|voudrais) me (?:désabonner|désinscrire)',
  '(?:retire|révoque) mon consentement',
  // Spanish
  '(?:dejen|deje|deja|dejad|paren|pare|cesen) de (?:enviar|enviarme|enviarnos|mandar|mandarme|escribir|escribirme|contactarme|molestar|molestarme)',
  'no (?:me|nos) (?:escriban|escriba|escribas|envíen|envíe|envíes|manden|mande|mandes|contacten|contacte|molesten)',
  'no (?:quiero|deseo|queremos) (?:recibir )?(?:más )?(?:mensajes|sms|correos|recordatorios)',
  '(?:denme|dame|deme|darme|darnos) de baja',
  '(?:eliminen|elimine|borren|borre|quiten|quite) (?:mi (?:número|correo|teléfono)|me) de',
  'retiro mi consentimiento',
  // Italian
  '(?:smetta|smettete|smettetela|smettila|smetti|smetterla) di (?:scrivermi|inviarmi|mandarmi|contattarmi|scriverci|scrivere|inviare|mandare)',
  'non (?:mi|ci) (?:scriva|scrivete|scrivere|contatti|contattate|inviate|invii|mandate|mandi|disturbate)(?: più)?',
  'non (?:voglio|desidero|vogliamo) (?:più )?(?:ricevere|essere contattat[oaie])',
  '(?:cancellatemi|cancellami|mi cancelli|rimuovetemi|disiscrivetemi|toglietemi)(?: (?:dalla|dalle|da|dal))?',
  'revoco il (?:mio )?consenso',
  // Portuguese
  '(?:parem|pare|para) de (?:me )?(?:enviar|mandar|escrever|contatar|contactar|incomodar)',
  'não (?:me |nos )?(?:enviem|envie|mandem|mande|escrevam|contatem|contactem|incomodem) (?:mais|mensagens)',
  'não quero (?:mais )?receber',
  '(?:removam|remova|retirem|retire|excluam) (?:me|o meu|meu) (?:número|contato|contacto|email|e mail|telefone|da|de)',
  '(?:descadastrem|descadastre) (?:me|meu|o meu)',
  'revogo (?:o )?(?:meu )?consentimento',
  // Polish
  '(?:nie (?:piszcie|pisz|wysyłajcie|wysyłaj|kontaktujcie się|kontaktuj się|przysyłajcie)) (?:do mnie|mi|nam|więcej|już|ze mną)',
  'proszę (?:do mnie |mi )?(?:więcej |już )?nie (?:pisać|wysyłać|kontaktować|przysyłać)(?: (?:do mnie|mi|więcej|już|się ze mną))?',
  'przesta(?:ń|ńcie) (?:do mnie |mi )?(?:pisać|wysyłać|przysyłać)',
  'nie (?:chcę|życzę sobie) (?:już |więcej )?(?:otrzymywać|dostawać|wiadomości|sms)',
  '(?:wypiszcie|usuńcie|usuń|wypisz) (?:mnie|mój (?:numer|adres))',
  'proszę (?:o )?(?:mnie )?(?:wypisać|wypisanie|usunięcie)(?: mnie| mojego (?:numeru|adresu))? z',
  'cofam (?:moją )?zgodę',
];

/** Until a date, at night, on Sundays: that is when to write, and not whether. For a person to read. */
const TIME =
  '(?:again |any more |anymore |больше |mehr |plus |más |mais |più |już |więcej )?(?:' +
  'after|before|until|till|during|so (?:often|much|early|late)|at night|on (?:sundays?|saturdays?|weekends?|holidays)|every|while|' +
  'после|до|пока|ночью|по ночам|вечером|в выходные|так (?:рано|поздно|часто)|' +
  'nach|vor|bis|während|am wochenende|nachts|abends|so oft|' +
  'après|avant|jusqu|pendant|le (?:soir|dimanche|week end)|la nuit|' +
  'después|antes|hasta|durante|por la noche|los domingos|dopo|prima|fino|di notte|a noite|depois|até|przed|podczas|w nocy|w weekendy)';

/** A word or so before a demand turns it round: "don't stop texting me", "if you stop sending …", "I never asked you to …". */
const TURNED =
  'not|dont|don t|never|didn t|if|unless|when|why|whether|without|если|когда|wenn|falls|quand|cuando|jeśli|gdy';
const JOINED = 'and|but|so|und|aber|и|но|а|et|mais|y|pero|e|ma|i|ale';

/** A pattern as its words are folded, with a space for an apostrophe. */
const compile = (pattern: string): RegExp => new RegExp(fold(pattern).replaceAll("'", ' '));

const demandsOf = (medium: MessageMedium): RegExp =>
  compile(` (?:${[...english(medium), ...OTHERS].join('|')}) (?!${TIME} )`);
const DEMANDS: Readonly<Record<MessageMedium, RegExp>> = {
  sms: demandsOf('sms'),
  email: demandsOf('email'),
  telegram: demandsOf('telegram'),
};
const TURNS = compile(` (?:${TURNED}) (?:(?!(?:${JOINED}) )[^ ]+ ){0,5}$`);

/** Whether a sentence, as its folded words, demands that no more is written by this medium. */
export function demandsStop(words: readonly string[], medium: MessageMedium): boolean {
  const sentence = spaced(words);
  const found = DEMANDS[medium].exec(sentence);
  return found !== null && !TURNS.test(sentence.slice(0, found.index + 1));
}
