import { fold, wordsOf } from './fold.js';

/**
 * What says no by itself. 47 CFR 64.1200(a)(10) names the English ones as reasonable means per se; the others are what
 * carriers and mailers of each language take.
 */
export const STOP: readonly string[] = [
  'stop, stopall, stop all, unsubscribe, opt out, optout, unsub, remove me',
  'стоп, стоп все, отписаться, отпишите, отпишите меня, отписка, отпишись, не пишите, хватит писать, прекратите',
  'stopp, stoppen, abmelden, abbestellen, austragen, abmeldung, abbestellung, keine sms, keine sms mehr, keine mails mehr',
  'darme de baja, dar de baja, dame de baja, denme de baja, cancelar suscripción, no más mensajes, desuscribir, desuscribirme',
  'arrêt, arrêter, arrêtez, désabonner, se désabonner, me désabonner, désinscrire, me désinscrire, désinscription, désabonnement, stop sms',
  'ferma, fermati, disiscrivi, disiscrivimi, disiscrizione, cancellami, annulla iscrizione, basta sms, basta messaggi',
  'pare, descadastrar, descadastre, cancelar inscrição, cancelar assinatura, sair da lista, não enviar mais',
  'wypisz, wypisz mnie, zatrzymaj, przestań, przestańcie, rezygnuję, anuluj subskrypcję',
];

/** These say it only where nothing else is said: elsewhere an invoice is cancelled, a month ends. */
export const STOP_ALONE: readonly string[] = [
  'quit, end, revoke, cancel, remove, no more, leave me alone, go away',
  'отмена, отменить, отказ, отказаться, хватит, конец, удалить, удалите, отстаньте',
  'ende, beenden, widerruf, widerrufen, aufhören, austritt',
  'alto, parar, para, baja, cancelar, detener, basta, fin, anular, no molestar, eliminar',
  'annuler, résilier, fini, terminer',
  'cancella, cancellazione, annulla, rimuovi',
  'sair, cancele, remover, fim, chega',
  'koniec, anuluj, rezygnacja, zrezygnuj, usuń, dość',
];

const START: readonly string[] = [
  'start, unstop, restart, resubscribe, opt in, optin, subscribe',
  'старт, начать, подписаться, возобновить',
  'starten, anmelden, fortsetzen',
  'iniciar, empezar, comenzar, alta, reanudar, suscribir, suscribirme',
  'démarrer, commencer, reprendre, abonner, réabonner',
  'inizia, avvia, riprendi, iscrivimi',
  'começar, retomar, inscrever',
  'wznów, zacznij, zapisz mnie',
];

/** Carriers take a yes by SMS for a START; in a letter it answers a question. */
const YES: readonly string[] = ['yes, да, ja, sí, oui, sì, sim, tak'];

/** What may stand around a stop word without changing it. */
const POLITE: readonly string[] = [
  'please, pls, plz, thanks, thank you, thx, now, ok, okay, hi, hello, immediately, it, this, that, everything, all, sms, text, texts, message, messages, msg, just, sir, madam',
  'пожалуйста, плиз, спасибо, сейчас, немедленно, здравствуйте, смс, сообщения, уже, все',
  'bitte, danke, sofort, jetzt, hallo, nachrichten, alles, das, mal',
  'por favor, gracias, ya, ahora, hola, mensajes, todo',
  "s'il vous plaît, svp, stp, merci, bonjour, maintenant, tout",
  'per favore, grazie, subito, adesso, ciao, buongiorno, messaggi, tutto',
  'obrigado, obrigada, agora, olá, mensagens, tudo',
  'proszę, dziękuję, teraz, natychmiast, wiadomości',
];

const setOf = (lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(',')).map((each) => wordsOf(fold(each)).join(' ')));

const [STOPS, STOPS_ALONE, STARTS, YESES] = [setOf(STOP), setOf(STOP_ALONE), setOf(START), setOf(YES)];
const FILLERS = new Set([...setOf(POLITE)].flatMap((each) => each.split(' ')));
/** More words than anybody needs to say stop politely. */
const SHORT = 6;

export type Keyword = 'stop' | 'start';

/** What a whole message says if it is nothing but a keyword: `STOP`, `Stop please!`, `отписаться`, `Désabonner`. */
export function keywordOf(words: readonly string[], medium: 'email' | 'sms' | 'telegram'): Keyword | null {
  const whole = words.join(' ');
  if (STOPS_ALONE.has(whole) || isStop(words)) return 'stop';
  return STARTS.has(whole) || (medium === 'sms' && YESES.has(whole)) ? 'start' : null;
}

/** Whether a sentence is a stop word that stands for itself, with courtesy or without, said once or more. */
export function isStop(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > SHORT) return false;
  if (STOPS.has(words.join(' '))) return true;
  const said = words.filter((word) => !FILLERS.has(word));
  return STOPS.has([...new Set(said)].join(' '));
}

/** Whether a subject is what a mail program writes for the person who pressed its "unsubscribe". */
export const isStopSubject = (subject: string): boolean => isStop(wordsOf(fold(subject)));
