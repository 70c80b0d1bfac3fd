import type { TemplateSource } from '../template.js';
import { contentEn } from './content.en.js';
import { contentRu } from './content.ru.js';
import type { ShippedContent, ShippedWords } from './content.js';
import { mjmlOf } from './layout.js';
import { directOf, textOf } from './plain.js';
import { wordsEn } from './words.en.js';
import { wordsRu } from './words.ru.js';

const sourceOf = (content: ShippedContent, words: ShippedWords): TemplateSource => ({
  key: content.key,
  locale: words.locale,
  purpose: content.purpose,
  subject: content.subject,
  mjml: mjmlOf(content, words),
  text: textOf(content, words),
  sms: content.sms,
  direct: directOf(content, words),
});

/**
 * The templates every organisation begins with: six messages from `heads-up` to `thank-you`, three letters that somebody
 * asks for, what is confirmed of a stop, a start, a chat that was opened and a consent that is to be confirmed, and the statement of several invoices, in
 * English and Russian.
 */
export const shippedTemplates: TemplateSource[] = [
  ...contentEn.map((content) => sourceOf(content, wordsEn)),
  ...contentRu.map((content) => sourceOf(content, wordsRu)),
];
