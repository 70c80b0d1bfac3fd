import type { MessageMedium } from '#domain/medium.js';
import type { Page } from './page.js';

/** What the pages behind links in letters say, in the language of the letter. */
export interface PageWords {
  locale: string;
  /** `{address}`, `{creditor}` */
  reminder: { heading: string; what: string; done: string };
  notice: { heading: string; what: string; done: string };
  owed: string;
  stop: string;
  doneHeading: string;
  undo: string;
  undoneHeading: string;
  undone: string;
  /** With its preposition: "by SMS". */
  media: Record<MessageMedium, string>;
  /** `{medium}`, `{address}`, `{creditor}` */
  consent: {
    heading: string;
    what: string;
    otherwise: string;
    confirm: string;
    doneHeading: string;
    done: string;
  };
  goneHeading: string;
  gone: string;
}

const en: PageWords = {
  locale: 'en',
  reminder: {
    heading: 'Stop payment reminders by e-mail?',
    what: 'No more payment reminders will be sent by e-mail to {address} on behalf of {creditor}.',
    done: 'No more payment reminders will be sent by e-mail to {address}.',
  },
  notice: {
    heading: 'Stop notices by e-mail?',
    what: 'No more notices about invoices will be sent by e-mail to {address} on behalf of {creditor}.',
    done: 'No more notices about invoices will be sent by e-mail to {address}.',
  },
  owed: 'What is owed stays as it is, and you may hear of it in another way.',
  stop: 'Stop these e-mails',
  doneHeading: 'Done',
  undo: 'Undo: send them again',
  undoneHeading: 'They will be sent again',
  undone: 'E-mails to {address} go on as before.',
  media: { email: 'by e-mail', sms: 'by SMS', telegram: 'by Telegram' },
  consent: {
    heading: 'May we write to you here?',
    what: 'I agree that {creditor} sends messages about invoices to me {medium} ({address}). I can withdraw this at any time.',
    otherwise:
      'If you do not want this, close this page: without your confirmation no messages will be sent there.',
    confirm: 'Yes, I agree',
    doneHeading: 'Thank you',
    done: 'Messages from {creditor} may now be sent to you {medium} ({address}).',
  },
  goneHeading: 'This link does not work',
  gone: 'It is not complete, or it is too old. Please write to whoever sent you the message: its address and telephone number stand at its end.',
};

const ru: PageWords = {
  locale: 'ru',
  reminder: {
    heading: 'Больше не присылать напоминания об оплате по почте?',
    what: 'Напоминания об оплате от имени {creditor} больше не будут приходить на адрес {address}.',
    done: 'Напоминания об оплате больше не будут приходить на адрес {address}.',
  },
  notice: {
    heading: 'Больше не присылать уведомления по почте?',
    what: 'Уведомления о счетах от имени {creditor} больше не будут приходить на адрес {address}.',
    done: 'Уведомления о счетах больше не будут приходить на адрес {address}.',
  },
  owed: 'Счёт при этом остаётся в силе, и о нём могут сообщить другим способом.',
  stop: 'Не присылать эти письма',
  doneHeading: 'Готово',
  undo: 'Отменить: присылать снова',
  undoneHeading: 'Письма будут приходить снова',
  undone: 'Письма на адрес {address} приходят, как прежде.',
  media: { email: 'по электронной почте', sms: 'по SMS', telegram: 'в Telegram' },
  consent: {
    heading: 'Можно ли писать вам сюда?',
    what: 'Я согласен (согласна) получать от {creditor} сообщения о счетах {medium} ({address}). Согласие можно отозвать в любой момент.',
    otherwise:
      'Если вы этого не хотите, закройте страницу: без вашего подтверждения сообщения туда приходить не будут.',
    confirm: 'Да, согласен (согласна)',
    doneHeading: 'Спасибо',
    done: 'Теперь {creditor} может писать вам {medium} ({address}).',
  },
  goneHeading: 'Ссылка не работает',
  gone: 'Она скопирована не полностью или устарела. Напишите, пожалуйста, отправителю письма: его адрес и телефон указаны в конце письма.',
};

const WORDS: Readonly<Record<string, PageWords>> = { en, ru };

/** @param locale BCP 47; English for languages that have no words yet */
export const pageWords = (locale: string): PageWords =>
  WORDS[locale.split(/[-_]/)[0]?.toLowerCase() ?? ''] ?? en;

/** Nothing is known of whoever has a link that does not work, so it is said in every language. */
export function gonePage(): Page {
  const others = Object.values(WORDS).filter((words) => words !== en);
  const paragraphs = [en.gone, ...others.map(({ goneHeading, gone }) => `${goneHeading}. ${gone}`)];
  return { locale: en.locale, heading: en.goneHeading, paragraphs };
}
