import type { Medium } from '#domain/medium.js';

/** What the page says on which a person chooses how to be written to. */
export interface PreferenceWords {
  locale: string;
  heading: string;
  /** `{name}`, `{creditor}` */
  intro: string;
  media: { legend: string; names: Record<Medium, string>; pending: string; barred: string };
  purposes: { legend: string; reminders: string; offers: string; notices: string };
  /** What goes on whatever is chosen; `{medium}` */
  stays: string;
  /** The same where no medium carries it by itself. */
  staysWithout: string;
  /** With its preposition. */
  by: Record<Medium, string>;
  preferred: { label: string; none: string };
  language: string;
  save: string;
  saved: string;
  unchanged: string;
  /** `{media}` */
  confirm: string;
  undo: string;
  owed: string;
}

const en: PreferenceWords = {
  locale: 'en',
  heading: 'How may we write to you?',
  intro:
    'For {name}, about invoices from {creditor}. You can change this at any time by the link in our e-mails.',
  media: {
    legend: 'By which ways',
    names: { email: 'E-mail', sms: 'SMS', telegram: 'Telegram', call: 'Telephone calls' },
    pending: 'waits for your confirmation',
    barred: 'does not reach you at present',
  },
  purposes: {
    legend: 'What for',
    reminders: 'Payment reminders',
    offers: 'Discounts and offers',
    notices: 'Notices about your invoices that have to reach you',
  },
  stays:
    'Notices that have to reach you, for example because a law or your contract says so, are neither reminders nor offers. They go on whatever you choose here: {medium}, and by the other ways that you leave on.',
  staysWithout:
    'Notices that have to reach you, for example because a law or your contract says so, are neither reminders nor offers: what you choose here is not about them.',
  by: { email: 'by e-mail', sms: 'by SMS', telegram: 'by Telegram', call: 'by telephone' },
  preferred: { label: 'Which way first', none: 'No matter' },
  language: 'Language',
  save: 'Save',
  saved: 'Saved.',
  unchanged: 'Nothing was changed.',
  confirm: 'To confirm it, please follow the link in the message that we send you {media}.',
  undo: 'Undo: as it was before',
  owed: 'What is owed stays as it is.',
};

const ru: PreferenceWords = {
  locale: 'ru',
  heading: 'Как вам писать?',
  intro:
    'Для получателя {name}, о счетах от {creditor}. Изменить это можно в любой момент по ссылке в наших письмах.',
  media: {
    legend: 'Каким способом',
    names: { email: 'Электронная почта', sms: 'SMS', telegram: 'Telegram', call: 'Звонки по телефону' },
    pending: 'ждёт вашего подтверждения',
    barred: 'сейчас до вас не доходит',
  },
  purposes: {
    legend: 'О чём',
    reminders: 'Напоминания об оплате',
    offers: 'Скидки и предложения',
    notices: 'Уведомления о счетах, которые вы должны получить',
  },
  stays:
    'Уведомления, которые вы должны получить, например, по закону или по договору,\u00A0— это не напоминания и не предложения. Они приходят, что бы вы здесь ни выбрали: {medium} и теми способами, которые вы оставите.',
  staysWithout:
    'Уведомления, которые вы должны получить, например, по закону или по договору,\u00A0— это не напоминания и не предложения: ваш выбор на этой странице их не касается.',
  by: { email: 'по электронной почте', sms: 'по SMS', telegram: 'в Telegram', call: 'по телефону' },
  preferred: { label: 'Сначала пробовать', none: 'Всё равно' },
  language: 'Язык',
  save: 'Сохранить',
  saved: 'Сохранено.',
  unchanged: 'Ничего не изменилось.',
  confirm: 'Чтобы подтвердить это, перейдите по ссылке в сообщении, которое мы пришлём вам {media}.',
  undo: 'Отменить: как было раньше',
  owed: 'Счёт при этом остаётся в силе.',
};

const WORDS: Readonly<Record<string, PreferenceWords>> = { en, ru };

const languageOf = (locale: string): string => locale.split(/[-_]/)[0]?.toLowerCase() ?? '';

/** @param locale BCP 47; English for languages that have no words yet */
export const preferenceWords = (locale: string): PreferenceWords => WORDS[languageOf(locale)] ?? en;

/** Languages to choose from, in their own words: those that there are words in, and the present one. */
export function languages(present: string): { locale: string; name: string }[] {
  const own = Object.keys(WORDS).map((each) => (languageOf(present) === each ? present : each));
  return [...new Set([...own, present])].map((locale) => ({ locale, name: nameOf(locale) }));
}

function nameOf(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}
