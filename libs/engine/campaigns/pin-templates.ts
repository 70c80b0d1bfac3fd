import { type CampaignDocument, type Step, templatesOf } from '#domain/campaign/document.js';
import { toneProblems } from '#domain/campaign/tones.js';
import {
  type CompiledTemplate,
  type CompileResult,
  compileTemplate,
  shippedTemplates,
  toneOfShipped,
  type TemplateProblem,
  type TemplateSource,
} from '#templates/index.js';
import { nearest } from '#templates/nearest.js';
import type { Scope } from '../scope.js';
import {
  ensureTemplateVersion,
  ownTemplateKeys,
  ownTemplates,
  type StoredSource,
} from './template-versions.js';

/** Template versions a published campaign version is held to: `{ <key>: { <locale>: template_version.id } }`. */
export type PinnedTemplates = Record<string, Record<string, string>>;

/** Why a campaign cannot be published, naming the step's path or the template, its part and the merge tag. */
export interface PublishProblem {
  path: string;
  message: string;
  template: string | null;
  locale: string | null;
  part: string | null;
  line: number | null;
  tag: string | null;
}

/** What makes an SMS of a step cost more than it needs to. */
export interface SmsWarning {
  /** `steps[0].template` */
  path: string;
  step: string;
  template: string;
  locale: string;
  message: string;
}

export type PinResult =
  | { ok: true; templates: PinnedTemplates; warnings: SmsWarning[] }
  | { ok: false; problems: PublishProblem[] };

/** Say what a step knows nothing of; when each goes out. */
const BY_THEMSELVES: Readonly<Record<string, string>> = {
  'promise-confirmation': 'a promise is recorded',
  'stop-confirmation': 'somebody wants no more messages',
  'start-confirmation': 'somebody wants messages again',
  'telegram-greeting': 'somebody opens a chat with the bot',
  'consent-confirmation': 'a consent has to be confirmed',
  statement: 'several invoices are due to one person',
};

/** What somebody asked for, or said of messages, is answered by these, besides the steps' own. */
const CONFIRMATIONS = ['invoice-copy', 'agreement-confirmation', ...Object.keys(BY_THEMSELVES)];

/**
 * Finds every template a campaign uses, in every locale it exists in (the organisation's own before the shipped one),
 * and fixes the versions of today.
 */
export async function pinTemplates(scope: Scope, document: CampaignDocument): Promise<PinResult> {
  const uses = usesOf(document);
  const sources = await sourcesOf(scope, [...uses.keys(), ...CONFIRMATIONS]);
  const problems = [...(await wrongUses(scope, uses, sources)), ...tooHarsh(document, sources)];
  const compiled = await Promise.all(sources.map((source) => compile(source, uses.get(source.key) ?? '')));
  problems.push(...compiled.flatMap((each) => (each.ok ? [] : each.problems)));
  if (problems.length > 0) return { ok: false, problems };
  const usable = compiled.flatMap((each) => (each.ok ? [each] : []));
  const warnings = usable.flatMap((each) => each.warnings);
  return { ok: true, templates: await pinAll(scope, usable), warnings: smsWarnings(document, warnings) };
}

/** By the tones of shipped templates: what an own one speaks like, its step says. */
const tooHarsh = (document: CampaignDocument, sources: readonly StoredSource[]): PublishProblem[] => {
  const isOwn = (key: string): boolean =>
    sources.some((each) => each.key === key && each.origin !== 'shipped');
  const problems = toneProblems(document, (key) => (isOwn(key) ? undefined : toneOfShipped(key)));
  return problems.map(({ path, message }) => ({ ...NOTHING_ELSE, path, message }));
};

/** Keys used, with the path of the first use. */
type Uses = Map<string, string>;

function usesOf(document: CampaignDocument): Uses {
  const uses: Uses = new Map();
  document.steps.forEach((step, index) => {
    for (const { key, path } of usesOfStep(step, index)) if (!uses.has(key)) uses.set(key, path);
  });
  return uses;
}

const usesOfStep = (step: Step, index: number): { key: string; path: string }[] =>
  templatesOf(step).map((key, n) => ({
    key,
    path: step.variants ? `steps[${index}].variants[${n}].template` : `steps[${index}].template`,
  }));

/** At each step that may send the template by SMS. */
const smsWarnings = ({ steps }: CampaignDocument, warnings: readonly TemplateProblem[]): SmsWarning[] =>
  steps.flatMap((step, index) =>
    step.send?.some((target) => target === 'sms' || target === 'preferred')
      ? usesOfStep(step, index).flatMap(({ key, path }) =>
          warnings
            .filter(({ template }) => template === key)
            .map(({ template, locale, message }) => ({ path, step: step.key, template, locale, message })),
        )
      : [],
  );

async function sourcesOf(scope: Scope, keys: readonly string[]): Promise<StoredSource[]> {
  const own = (await ownTemplates(scope, keys)).map(({ source }) => source);
  const shipped = shippedTemplates
    .filter(({ key }) => keys.includes(key))
    .filter(({ key, locale }) => !own.some((each) => each.key === key && each.locale === locale))
    .map((source): StoredSource => ({ ...source, origin: 'shipped' }));
  return [...own, ...shipped].sort((a, b) => (`${a.key}/${a.locale}` < `${b.key}/${b.locale}` ? -1 : 1));
}

async function wrongUses(
  scope: Scope,
  uses: Uses,
  sources: readonly StoredSource[],
): Promise<PublishProblem[]> {
  const there = new Set([...sources.map(({ key }) => key), ...Object.keys(BY_THEMSELVES)]);
  const keys = [...uses.keys()].every((key) => there.has(key)) ? [] : await usableKeys(scope);
  return [...uses].flatMap(([key, path]) => {
    const when = BY_THEMSELVES[key];
    if (when !== undefined) return [unfit(key, path, when)];
    return there.has(key) ? [] : [missing(key, path, keys)];
  });
}

/** Keys a step may name, in alphabetical order. */
const usableKeys = async (scope: Scope): Promise<string[]> =>
  [...new Set([...(await ownTemplateKeys(scope)), ...shippedTemplates.map(({ key }) => key)])]
    .filter((key) => !(key in BY_THEMSELVES))
    .sort();

const missing = (key: string, path: string, keys: readonly string[]): PublishProblem =>
  wrongKey(key, path, `there is no template "${key}"; save one under this key, or name ${oneOf(keys, key)}`);

/** More than this, and the list is no help any more. */
const MAX_LISTED = 20;

function oneOf(keys: readonly string[], key: string): string {
  if (keys.length <= MAX_LISTED) return `one of ${keys.join(', ')}`;
  const near = nearest(key, keys);
  const all = `one of the ${keys.length} that GET /v1/templates lists`;
  return near === null ? all : `"${near}", or ${all}`;
}

const unfit = (key: string, path: string, when: string): PublishProblem =>
  wrongKey(key, path, `"${key}" goes out by itself when ${when}; name another template`);

const NOTHING_ELSE = { template: null, locale: null, part: null, line: null, tag: null };

const wrongKey = (key: string, path: string, message: string): PublishProblem => ({
  ...NOTHING_ELSE,
  path,
  message,
  template: key,
});

type Compiled =
  | { ok: true; source: StoredSource; template: CompiledTemplate; warnings: TemplateProblem[] }
  | { ok: false; problems: PublishProblem[] };

async function compile(stored: StoredSource, path: string): Promise<Compiled> {
  const { origin, ...source } = stored;
  const compiled = await (origin === 'shipped' ? compileShipped(source) : compileTemplate(source));
  if (!compiled.ok)
    return { ok: false, problems: compiled.problems.map((problem) => ({ path, ...problem })) };
  return { ok: true, source: stored, template: compiled.template, warnings: compiled.warnings };
}

const shippedCompiled = new Map<string, Promise<CompileResult>>();

/** Once a process: every campaign is published with the same letters, and MJML takes its time. */
function compileShipped(source: TemplateSource): Promise<CompileResult> {
  const name = `${source.key}/${source.locale}`;
  const compiled = shippedCompiled.get(name) ?? compileTemplate(source);
  shippedCompiled.set(name, compiled);
  return compiled;
}

async function pinAll(scope: Scope, compiled: (Compiled & { ok: true })[]): Promise<PinnedTemplates> {
  const templates: PinnedTemplates = {};
  for (const { source, template } of compiled) {
    const { id } = await ensureTemplateVersion(scope, source, template);
    (templates[source.key] ??= {})[source.locale] = id;
  }
  return templates;
}
