import { renderLiquid, type LiquidMode } from './liquid.js';
import { safeTags } from './safe-tags.js';
import type { CompiledTemplate, MergeTags, Rendered } from './template.js';

/** Line breaks and other control characters, which would end a header. */
const HEADER_BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
/** Spaces that formatted amounts contain and that GSM-7 lacks: one of them would halve the room of an SMS. */
const WIDE_SPACES = /[\u00A0\u2007\u2009\u202F]/g;

/**
 * Fills in one recipient's message. Never escapes twice and never evaluates a value: merge values are data, whatever
 * they contain. Throws only when the template was not made by `compileTemplate` (a tag or filter that does not exist).
 */
export function render(compiled: CompiledTemplate, tags: MergeTags): Rendered {
  const scope = safeTags(tags);
  const globals = { locale: compiled.locale };
  const fill = (source: string, mode: LiquidMode = 'plain'): string =>
    renderLiquid(source, mode, scope, globals);
  const sms = fill(compiled.sms);
  return {
    subject: fill(compiled.subject).replaceAll(HEADER_BREAKS, ' ').trim(),
    html: fill(compiled.html, 'html'),
    text: fill(compiled.text),
    sms: sms.replaceAll(WIDE_SPACES, ' '),
    direct: compiled.direct === compiled.sms ? sms : fill(compiled.direct),
  };
}
