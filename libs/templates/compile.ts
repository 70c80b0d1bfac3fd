import { MERGE_TAGS, type MergeTagPath } from '#domain/merge-tags.js';
import { LiquidError, type Template } from 'liquidjs';
import { lintHtml } from './lint/html-lint.js';
import { knownKey } from './lint/known-keys.js';
import { lintPart, type PartProblem } from './lint/part-lint.js';
import { lintSms } from './lint/sms-lint.js';
import { missingIn, requiredTags, type Requirement } from './lint/required.js';
import { parseLiquid } from './liquid.js';
import { isLocale } from './locale.js';
import { compileMjml } from './mjml.js';
import { restoreLiquid, type LiquidPiece } from './placeholders.js';
import { textFromHtml, withoutControlLines } from './plain-text.js';
import type {
  CompiledTemplate,
  CompileResult,
  TemplateProblem,
  TemplatePurpose,
  TemplateSource,
} from './template.js';

/** More than this helps nobody; the rest shows once these are mended. */
const MAX_PROBLEMS = 100;

const PARTS = ['subject', 'mjml', 'text', 'sms', 'direct'] as const;
type Part = (typeof PARTS)[number];
type Problem = PartProblem & { part: Part | 'template' };

/** What a template is for, as its author said or by its key. */
export const purposeOf = (source: Pick<TemplateSource, 'key' | 'purpose'>): TemplatePurpose =>
  source.purpose ?? knownKey(source.key).purpose;

/**
 * Checks a template and turns its MJML into HTML once, with the Liquid left in it. A template with any problem is not
 * compiled: what compiles can be rendered for every customer.
 */
export async function compileTemplate(source: TemplateSource): Promise<CompileResult> {
  const { problems, tags, isReadable } = lintLiquid(source);
  if (!isReadable) return failed(source, problems);
  const html = await compileHtml(source.mjml);
  if (!html.ok) problems.push(...html.problems.map((problem) => ({ ...problem, part: 'mjml' as const })));
  if (!html.ok || problems.length > 0) return failed(source, problems);
  const sms = withoutControlLines(source.sms);
  const template: CompiledTemplate = {
    key: source.key,
    locale: source.locale,
    subject: source.subject.trim(),
    html: restoreLiquid(html.markup, html.pieces),
    text:
      source.text === undefined
        ? await textFromHtml(html.markup, html.pieces)
        : withoutControlLines(source.text),
    sms,
    direct: source.direct === undefined ? sms : withoutControlLines(source.direct),
    tags: [...tags].sort(),
  };
  return { ok: true, template, warnings: warningsOf(template) };
}

const warningsOf = (template: CompiledTemplate): TemplateProblem[] =>
  lintSms(template).map((message) => ({
    template: template.key,
    locale: template.locale,
    part: 'sms',
    line: null,
    tag: null,
    message,
  }));

function failed(source: TemplateSource, problems: Problem[]): CompileResult {
  const { key: template, locale } = source;
  const listed = problems
    .slice(0, MAX_PROBLEMS)
    .map(({ part, line, tag, message }): TemplateProblem => ({ template, locale, part, line, tag, message }));
  return { ok: false, problems: listed };
}

interface LiquidLint {
  problems: Problem[];
  tags: Set<MergeTagPath>;
  /** False when a part cannot be parsed, so that nothing can be made of the template. */
  isReadable: boolean;
}

function lintLiquid(source: TemplateSource): LiquidLint {
  const lint: LiquidLint = { problems: [], tags: new Set(), isReadable: true };
  if (!isLocale(source.locale)) lint.problems.push(localeProblem(source.locale));
  for (const part of PARTS) {
    const text = source[part];
    if (text === undefined) continue;
    const result = lintPart(text, knownKey(source.key).given);
    const missing = result.ok ? missingProblems(part, result.templates, source) : [];
    const misplaced = result.ok ? misplacedIn(part, result.tags, source.key) : [];
    const problems = [...result.problems, ...missing, ...misplaced];
    lint.problems.push(...problems.map((problem) => ({ ...problem, part })));
    if (result.ok) for (const tag of result.tags) lint.tags.add(tag);
    lint.isReadable &&= result.ok;
  }
  return lint;
}

const localeProblem = (locale: string): Problem => ({
  part: 'template',
  line: null,
  tag: null,
  message: `“${locale}” is not a locale; write it as en, ru or pt-BR (BCP 47).`,
});

/** Tags that are there and cannot be printed in this part, or in a letter of this key. */
function misplacedIn(part: Part, tags: ReadonlySet<MergeTagPath>, key: string): PartProblem[] {
  return [...tags].flatMap((tag) => {
    const at = (message: string): PartProblem => ({ line: null, tag, message });
    if (MERGE_TAGS[tag].kind === 'list' && part !== 'mjml' && part !== 'text')
      return [
        at(`{{ ${tag} }} is too long for this part; print {{ statement.count }} and {{ statement.total }}.`),
      ];
    if (knownKey(key).isAboutSeveral && tag.startsWith('invoice.') && tag !== 'invoice.currency')
      return [at(`“${key}” is about several invoices: print {{ statement.list }} or {{ statement.total }}.`)];
    return [];
  });
}

function missingProblems(part: Part, templates: Template[], source: TemplateSource): PartProblem[] {
  if (part === 'subject') return [];
  const room = part === 'mjml' || part === 'text' ? 'email' : 'short';
  const purpose = purposeOf(source);
  const known = knownKey(source.key);
  const byPurpose = known.isAboutNone ? [] : requiredTags[purpose][room];
  const byKey = known[room].filter((each) => !byPurpose.includes(each));
  return [
    ...missingIn(templates, byPurpose).map((each) => missing(`A ${purpose}`, each)),
    ...missingIn(templates, byKey).map((each) => missing(`“${source.key}”`, each)),
  ];
}

const missing = (who: string, { what, anyOf, how }: Requirement): PartProblem => ({
  line: null,
  tag: anyOf[0] ?? null,
  message:
    `${who} must say ${what}${how === 'always' ? ' under every condition' : ''}: ` +
    `add ${anyOf.map((path) => `{{ ${path} }}`).join(' or ')}.`,
});

type HtmlResult =
  { ok: true; markup: string; pieces: LiquidPiece[] } | { ok: false; problems: PartProblem[] };

async function compileHtml(source: string): Promise<HtmlResult> {
  const mjml = await compileMjml(source);
  if (!mjml.ok) return { ok: false, problems: mjml.problems.map((problem) => ({ ...problem, tag: null })) };
  const problems = lintHtml(mjml.markup, mjml.pieces, source);
  const broken = brokenByMjml(restoreLiquid(mjml.markup, mjml.pieces));
  if (broken) problems.push(broken);
  return problems.length > 0 ? { ok: false, problems } : mjml;
}

/** Control flow that MJML moved or repeated in halves, as when a tag opens in one attribute and closes in another. */
function brokenByMjml(html: string): PartProblem | null {
  try {
    parseLiquid(html, 'html');
    return null;
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const message = `Each {% … %} must begin and end in the same element or attribute: ${error.message}.`;
    return { line: null, tag: null, message };
  }
}
