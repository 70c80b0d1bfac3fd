import {
  compileTemplate,
  render,
  type Rendered,
  sampleTagsFor,
  shippedTemplates,
  type SmsParts,
  smsParts,
  type TemplateProblem,
  type TemplateSource,
} from '#templates/index.js';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';
import { ensureTemplateVersion, ownTemplates, shippedSource } from './template-versions.js';

export type SaveTemplateResult =
  | { ok: true; template: TemplateInfo; warnings: TemplateProblem[] }
  | { ok: false; problems: TemplateProblem[] };

/** A template as the organisation sees it: its own, or the shipped one where it has none. */
export interface TemplateInfo {
  key: string;
  locale: string;
  origin: 'own' | 'shipped';
  /** Of the organisation's own; null for a shipped one. */
  number: number | null;
}

export type TemplateDetail = TemplateInfo & { source: TemplateSource };

/** Checks, compiles and stores a template. The same content again gives the same version. */
export async function saveTemplate(scope: Scope, source: TemplateSource): Promise<SaveTemplateResult> {
  const compiled = await compileTemplate(source);
  if (!compiled.ok) return compiled;
  const { id, number } = await ensureTemplateVersion(scope, { ...source, origin: 'own' }, compiled.template);
  const detail = { key: source.key, locale: source.locale, number };
  await audit(scope, [{ action: 'template.saved', subjectType: 'template_version', subjectId: id, detail }]);
  const { warnings } = compiled;
  return { ok: true, template: { key: source.key, locale: source.locale, origin: 'own', number }, warnings };
}

/** Every template a campaign may use, by key and locale. */
export async function listTemplates(scope: Scope): Promise<TemplateInfo[]> {
  const own = (await ownTemplates(scope)).map(({ key, locale, number }): TemplateInfo => ({
    key,
    locale,
    origin: 'own',
    number,
  }));
  const shipped = shippedTemplates
    .filter(({ key, locale }) => !own.some((each) => each.key === key && each.locale === locale))
    .map(({ key, locale }): TemplateInfo => ({ key, locale, origin: 'shipped', number: null }));
  return [...own, ...shipped].sort((a, b) => compare(a.key, b.key) || compare(a.locale, b.locale));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export async function getTemplate(scope: Scope, key: string, locale: string): Promise<TemplateDetail | null> {
  const own = (await ownTemplates(scope, [key])).find((row) => row.locale === locale);
  if (own) {
    const { origin, ...source } = own.source;
    return { key, locale, origin, number: own.number, source };
  }
  const source = shippedSource(key, locale);
  return source ? { key, locale, origin: 'shipped', number: null, source } : null;
}

/** `sms`: what a provider would bill for the text. */
export type TemplatePreview = Rendered & { smsParts: SmsParts; warnings: TemplateProblem[] };

export type PreviewResult =
  { ok: true; preview: TemplatePreview } | { ok: false; problems: TemplateProblem[] };

/** What a template says to a made-up customer. */
export async function previewTemplate(source: TemplateSource): Promise<PreviewResult> {
  const compiled = await compileTemplate(source);
  if (!compiled.ok) return compiled;
  const rendered = render(compiled.template, sampleTagsFor(source.key, source.locale));
  return {
    ok: true,
    preview: { ...rendered, smsParts: smsParts(rendered.sms), warnings: compiled.warnings },
  };
}
