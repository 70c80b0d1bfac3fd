import { resolveLocale } from './locale.js';
import { escapeHtml } from './quick-output.js';
import { saysHowToStop } from './sms-cut.js';

/** How to get no more messages: by writing back, or by a link. */
interface Words {
  write: string;
  follow: string;
}

const ENGLISH: Words = {
  write: 'To get no more of these messages, reply STOP.',
  follow: 'To get no more of these e-mails:',
};

const WORDS: Readonly<Record<string, Words>> = {
  en: ENGLISH,
  ru: {
    write: 'Чтобы больше не получать такие сообщения, ответьте СТОП.',
    follow: 'Чтобы больше не получать такие письма:',
  },
  de: {
    write: 'Wenn Sie keine solchen Nachrichten mehr möchten, antworten Sie STOPP.',
    follow: 'Keine solchen E-Mails mehr erhalten:',
  },
  es: {
    write: 'Para no recibir más mensajes como este, responda BAJA.',
    follow: 'Para no recibir más correos como este:',
  },
  fr: {
    write: 'Pour ne plus recevoir ces messages, répondez STOP.',
    follow: 'Pour ne plus recevoir ces e-mails :',
  },
  it: {
    write: 'Per non ricevere più questi messaggi, rispondi STOP.',
    follow: 'Per non ricevere più queste e-mail:',
  },
  pt: {
    write: 'Para não receber mais estas mensagens, responda PARAR.',
    follow: 'Para não receber mais estes e-mails:',
  },
  nl: {
    write: 'Wilt u deze berichten niet meer ontvangen, antwoord dan STOP.',
    follow: 'Deze e-mails niet meer ontvangen:',
  },
  pl: {
    write: 'Aby nie otrzymywać takich wiadomości, odpisz STOP.',
    follow: 'Aby nie otrzymywać takich e-maili:',
  },
};

export const OPT_OUT_LOCALES = Object.keys(WORDS);

const wordsOf = (locale: string): Words => WORDS[resolveLocale(OPT_OUT_LOCALES, locale, 'en')] ?? ENGLISH;

/** A text by which somebody learns how to get no more of them: as it is where it says so already. */
export function textWithOptOut(text: string, locale: string, link: string | null): string {
  if (link === null ? saysHowToStop(text) : text.includes(link)) return text;
  const { write, follow } = wordsOf(locale);
  return `${text.trimEnd()}${link === null ? ` ${write}` : `\n\n${follow} ${link}`}`;
}

/** The same of an e-mail's HTML, at its end. */
export function htmlWithOptOut(html: string, locale: string, link: string | null): string {
  const { write, follow } = wordsOf(locale);
  if (link === null ? saysHowToStop(html) : html.includes(escapeHtml(link))) return html;
  const said =
    link === null
      ? escapeHtml(write)
      : `${escapeHtml(follow)} <a href="${escapeHtml(link)}">${escapeHtml(new URL(link).host)}</a>`;
  const line = `<p style="margin:0;padding:16px 28px;font-family:sans-serif;font-size:14px;line-height:21px;text-align:center">${said}</p>`;
  const end = html.lastIndexOf('</body>');
  return end < 0 ? html + line : html.slice(0, end) + line + html.slice(end);
}
