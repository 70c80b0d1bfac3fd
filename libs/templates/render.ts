import type { MessageMedium } from '#domain/medium.js';
import { renderLiquid, type LiquidMode } from './liquid.js';
import { LIST_MARK, safeTags } from './safe-tags.js';
import { htmlWithOptOut, textWithOptOut } from './opt-out.js';
import { cutSms } from './sms-cut.js';
import { listHtml, listText } from './statement-list.js';
import type { CompiledTemplate, MergeTags, Rendered } from './template.js';

/** Line breaks and other control characters, which would end a header. */
const HEADER_BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
/** Spaces that formatted amounts contain and that GSM-7 lacks: one of them would halve the room of an SMS. */
const WIDE_SPACES = /[\u00A0\u2007\u2009\u202F]/g;

/** A message of one medium. */
export type RenderedBody = Pick<Rendered, 'text'> & Partial<Pick<Rendered, 'subject' | 'html'>>;

/**
 * Fills in every part of one recipient's message. Never escapes twice and never evaluates a value: merge values are data, whatever
 * they contain. Throws only when the template was not made by `compileTemplate` (a tag or filter that does not exist).
 */
export function render(compiled: CompiledTemplate, tags: MergeTags): Rendered {
  const fill = filling(compiled, tags);
  return { ...emailOf(compiled, fill), sms: smsOf(compiled, fill), direct: fill(compiled.direct) };
}

/**
 * Fills in what goes out by one medium.
 *
 * @param owesOptOut it has to say how to get no more of them, whether the template does or not
 */
export function renderBody(
  compiled: CompiledTemplate,
  tags: MergeTags,
  medium: MessageMedium,
  owesOptOut = false,
): RenderedBody {
  const fill = filling(compiled, tags);
  const { locale } = compiled;
  if (medium === 'email') {
    const { subject, html, text } = emailOf(compiled, fill);
    const link = tags.preferences.link ?? null;
    if (!owesOptOut) return { subject, html, text };
    return { subject, html: htmlWithOptOut(html, locale, link), text: textWithOptOut(text, locale, link) };
  }
  const text = medium === 'sms' ? uncutSmsOf(compiled, fill) : fill(compiled.direct);
  const whole = owesOptOut ? textWithOptOut(text, locale, null) : text;
  return { text: medium === 'sms' ? cutSms(whole) : whole };
}

/** The SMS at its full length, of which no more goes out than a provider takes. */
export const renderUncutSms = (compiled: CompiledTemplate, tags: MergeTags): string =>
  uncutSmsOf(compiled, filling(compiled, tags));

type Fill = (source: string, mode?: LiquidMode) => string;

function filling({ locale }: CompiledTemplate, tags: MergeTags): Fill {
  const scope = safeTags(tags);
  const { statement } = tags;
  if (!statement) return (source, mode = 'plain') => renderLiquid(source, mode, scope, { locale });
  return (source, mode = 'plain') => {
    const filled = renderLiquid(source, mode, scope, { locale });
    return filled.replaceAll(LIST_MARK, () =>
      (mode === 'html' ? listHtml : listText)(statement.list, locale),
    );
  };
}

const emailOf = (
  { subject, html, text }: CompiledTemplate,
  fill: Fill,
): Pick<Rendered, 'subject' | 'html' | 'text'> => ({
  subject: fill(subject).replaceAll(HEADER_BREAKS, ' ').trim(),
  html: fill(html, 'html'),
  text: fill(text),
});

const smsOf = (compiled: CompiledTemplate, fill: Fill): string => cutSms(uncutSmsOf(compiled, fill));

const uncutSmsOf = ({ sms }: CompiledTemplate, fill: Fill): string => fill(sms).replaceAll(WIDE_SPACES, ' ');
