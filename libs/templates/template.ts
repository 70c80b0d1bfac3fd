import type { MergeTags } from '#domain/merge-tags.js';

/** A `reminder` must say what is owed and how to pay it; a `confirmation` answers what the customer did or asked for. */
export type TemplatePurpose = 'reminder' | 'confirmation';

/**
 * One template in one locale, as a person wrote it. `subject`, `mjml`, `text` and `sms` are Liquid; `mjml` is MJML
 * with Liquid inside. `text` (the plain-text part of the e-mail, also the body of a direct message) is made from the
 * HTML when it is absent.
 */
export interface TemplateSource {
  key: string;
  /** BCP 47, as `en` or `ru`. */
  locale: string;
  subject: string;
  mjml: string;
  text?: string;
  sms: string;
  /** Direct message; `sms` when absent. */
  direct?: string;
  /** What the linter holds it to; when absent as the key says (`thank-you` confirms), otherwise `reminder`. */
  purpose?: TemplatePurpose;
}

/** What a published version keeps: MJML already turned into HTML, with the Liquid still in it. JSON-safe. */
export interface CompiledTemplate {
  key: string;
  locale: string;
  subject: string;
  html: string;
  text: string;
  sms: string;
  direct: string;
  /** Merge tags it uses, as `invoice.amount_due`, sorted. */
  tags: string[];
}

export interface TemplateProblem {
  template: string;
  locale: string;
  /** `subject`, `mjml`, `text`, `sms` or `direct`. */
  part: string;
  line: number | null;
  /** The merge tag at fault, if one is. */
  tag: string | null;
  message: string;
}

export type CompileResult =
  | { ok: true; template: CompiledTemplate; warnings: TemplateProblem[] }
  | { ok: false; problems: TemplateProblem[] };

/** One recipient's message. `html` escaped for HTML, `text`, `sms`, `direct` and `subject` plain. */
export interface Rendered {
  subject: string;
  html: string;
  text: string;
  sms: string;
  direct: string;
}

export type { MergeTags };
