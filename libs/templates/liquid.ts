import { Liquid, type FilterImplOptions, type Template } from 'liquidjs';
import { textOn } from './colour.js';
import { formatDays } from './format.js';
import { Lru } from './lru.js';
import { escapeHtml, quicken } from './quick-output.js';

/**
 * Templates are tenants' data. Loops, includes and assignments are absent: a template cannot run long, cannot read a
 * file, and every value it prints can be traced to one merge tag.
 */
export const LIQUID_TAGS = ['if', 'unless', 'case', 'comment', 'raw', '#'] as const;

const STANDARD_FILTERS = [
  'default', 'upcase', 'downcase', 'capitalize', 'strip', 'append', 'prepend', 'replace', 'remove', 'truncate',
  'truncatewords', 'plus', 'minus', 'abs',
] as const; // prettier-ignore

/** What `{{ … | days }}` needs to know of the message being rendered. */
export interface RenderGlobals {
  locale: string;
}

const localeOf = (globals: object): string => (globals as RenderGlobals).locale;

/** Kindly's own filters. */
const OWN_FILTERS: Record<string, FilterImplOptions> = {
  /** `{{ invoice.days_overdue | days }}` → `14 days`, `2 дня`. */
  days(value: unknown) {
    return formatDays(Number(value), localeOf(this.context.globals));
  },
  /** `{{ creditor.colour | text_on }}` → black or white, whichever reads better on the colour. */
  text_on: (value: unknown) => textOn(String(value)),
  /** `href="tel:{{ creditor.phone | tel }}"`: digits and the plus sign only. */
  tel: (value: unknown) => String(value).replaceAll(/[^+\d]/g, ''),
  /** For a value inside a link; a space becomes `%20`, a broken character is replaced. */
  url_encode: (value: unknown) => encodeURIComponent(String(value).replaceAll(/\p{Surrogate}/gu, '\uFFFD')),
};

export const LIQUID_FILTERS: readonly string[] = [...STANDARD_FILTERS, ...Object.keys(OWN_FILTERS)].sort();

export const MAX_SOURCE_CHARACTERS = 200_000;

/** How a part is escaped. */
export type LiquidMode = 'html' | 'plain';

function createEngine(mode: LiquidMode): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: mode === 'html' ? 'escape' : undefined,
    templates: {},
    parseLimit: MAX_SOURCE_CHARACTERS * 4,
    renderLimit: 1_000,
    memoryLimit: 5_000_000,
  });
  keepOnly(engine.tags, LIQUID_TAGS);
  keepOnly(engine.filters, STANDARD_FILTERS);
  for (const [name, filter] of Object.entries(OWN_FILTERS)) engine.registerFilter(name, filter);
  return engine;
}

function keepOnly(registry: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(registry)) {
    if (!names.includes(name)) delete registry[name];
  }
}

const engines: Record<LiquidMode, Liquid> = { html: createEngine('html'), plain: createEngine('plain') };

/** Parses without remembering. Throws liquidjs's errors, which carry the position. */
export const parseLiquid = (source: string, mode: LiquidMode = 'plain'): Template[] =>
  engines[mode].parse(source);

const parsed: Record<LiquidMode, Lru<string, Template[]>> = { html: new Lru(256), plain: new Lru(1024) };

/**
 * Renders one part. Parsed templates are remembered by their text, so that a compiled template read from the database
 * anew for each message is still parsed once.
 */
export function renderLiquid(
  source: string,
  mode: LiquidMode,
  scope: object,
  globals: RenderGlobals,
): string {
  const templates = parsed[mode].getOrCreate(source, () => parseForRendering(source, mode));
  return String(engines[mode].renderSync(templates, scope, { globals }));
}

const parseForRendering = (source: string, mode: LiquidMode): Template[] =>
  mode === 'html'
    ? quicken(parseLiquid(source, mode), escapeHtml, 1)
    : quicken(parseLiquid(source, mode), (value) => value, 0);
