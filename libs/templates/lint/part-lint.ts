import {
  isMergeTag,
  isMergeTagGroup,
  MERGE_TAG_GROUPS,
  MERGE_TAG_PATHS,
  MERGE_TAGS,
  type MergeTagGroup,
  type MergeTagPath,
} from '#domain/merge-tags.js';
import { LiquidError, type Template } from 'liquidjs';
import { lineFinder } from '../line.js';
import { LIQUID_FILTERS, LIQUID_TAGS, MAX_SOURCE_CHARACTERS, parseLiquid } from '../liquid.js';
import { nearest } from '../nearest.js';
import { hasReservedCharacters } from '../placeholders.js';
import { usesIn, type TagUse } from './tag-use.js';

/** A problem within one part; the caller knows which template and part. */
export interface PartProblem {
  line: number | null;
  tag: string | null;
  message: string;
}

export type PartLint =
  | { ok: true; templates: Template[]; tags: Set<MergeTagPath>; problems: PartProblem[] }
  | { ok: false; problems: PartProblem[] };

const problem = (message: string, line: number | null = null, tag: string | null = null): PartProblem => ({
  line,
  tag,
  message,
});

/**
 * Parses one part and checks every merge tag in it. `ok: false` when it cannot be parsed.
 * @param given groups that are never null where this template is used
 */
export function lintPart(source: string, given: readonly MergeTagGroup[] = []): PartLint {
  const refusal = refusalOf(source);
  if (refusal) return { ok: false, problems: [problem(refusal)] };
  const parsed = parse(source);
  return Array.isArray(parsed) ? lintParsed(source, parsed, given) : { ok: false, problems: [parsed] };
}

function refusalOf(source: string): string | null {
  if (source.trim() === '') return 'This part is empty.';
  if (source.length > MAX_SOURCE_CHARACTERS) {
    return `This part has ${source.length} characters; at most ${MAX_SOURCE_CHARACTERS} are allowed.`;
  }
  const depth = nestingOf(source);
  if (depth > MAX_NESTING) return `Conditions are nested ${depth} deep; at most ${MAX_NESTING} are allowed.`;
  return hasReservedCharacters(source) ? 'Remove the private-use characters U+E000 and U+E001.' : null;
}

/** Each level costs stack when a template is parsed and when it is rendered. */
const MAX_NESTING = 20;

function nestingOf(source: string): number {
  let [depth, deepest] = [0, 0];
  for (const [, end] of source.matchAll(/\{%-?\s*(end)?(?:if|unless|case)\b/g)) {
    depth += end === undefined ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function parse(source: string): Template[] | PartProblem {
  try {
    return parseLiquid(source);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const text = error.originalError?.message ?? error.message;
    return problem(explained(text.replace(/, line:\d+, col:\d+$/, '')), error.token.getPosition()[0] ?? null);
  }
}

/** Says how to mend what the parser complains about. */
function explained(message: string): string {
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined) {
    return `There is no filter “${filter}”${didYouMean(nearest(filter, LIQUID_FILTERS))}. Filters: ${LIQUID_FILTERS.join(', ')}.`;
  }
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag?.startsWith('end') || tag === 'else' || tag === 'elsif' || tag === 'when') {
    return `{% ${tag} %} has no beginning that it belongs to.`;
  }
  if (tag !== undefined) {
    return `There is no {% ${tag} %} here${didYouMean(nearest(tag, LIQUID_TAGS))}. Known: ${LIQUID_TAGS.join(', ')}.`;
  }
  if (message.endsWith('not closed'))
    return `Not closed: ${message.replace(/ not closed$/, '')}. Add the closing tag.`;
  return `Liquid cannot read this: ${message}.`;
}

const didYouMean = (suggestion: string | null): string =>
  suggestion ? `; did you mean “${suggestion}”?` : '';

function lintParsed(source: string, templates: Template[], given: readonly MergeTagGroup[]): PartLint {
  const lineAt = lineFinder(source);
  const tags = new Set<MergeTagPath>();
  const problems: PartProblem[] = [];
  for (const use of usesIn(templates, new Set(given))) {
    if ('unclear' in use) {
      problems.push(problem(`Join the conditions in ${use.unclear} by “and” or “or”.`, lineAt(use.begin)));
      continue;
    }
    if (use.path !== null && isMergeTag(use.path)) tags.add(use.path);
    const message = faultOf(use);
    if (message) problems.push(problem(message, lineAt(use.begin), use.path ?? use.text));
  }
  return { ok: true, templates, tags, problems };
}

function faultOf(use: TagUse): string | null {
  if (use.path === null)
    return `“${use.text}” cannot be checked: write the merge tag with dots, as invoice.number.`;
  if (isMergeTagGroup(use.path)) return faultOfGroup(use, use.path);
  return isMergeTag(use.path) ? faultOfTag(use, use.path) : unknown(use.path);
}

function faultOfGroup(use: TagUse, group: keyof typeof MERGE_TAG_GROUPS): string | null {
  const example = MERGE_TAG_PATHS.find((path) => path.startsWith(`${group}.`)) ?? '';
  if (use.printed) return `“${group}” is a group; name one of its values, as {{ ${example} }}.`;
  return MERGE_TAG_GROUPS[group].nullable
    ? null
    : `“${group}” is always there; ask for one of its values, as ${example}.`;
}

function faultOfTag(use: TagUse, path: MergeTagPath): string | null {
  const group = path.slice(0, path.indexOf('.')) as keyof typeof MERGE_TAG_GROUPS;
  if (MERGE_TAG_GROUPS[group].nullable && !use.proven.has(group)) {
    return `“${path}” exists only inside {% if ${group} %} … {% endif %}.`;
  }
  if (!use.printed) return null;
  const { kind, nullable } = MERGE_TAGS[path];
  if (kind === 'condition') return `“${path}” is for conditions such as {% if ${path} %}, not for printing.`;
  if (kind === 'list' && use.filters.length > 0)
    return `“${path}” is printed as a whole: write it without filters.`;
  if (!nullable || use.proven.has(path) || use.filters[0] === 'default') return null;
  return `“${path}” may be unknown: put it inside {% if ${path} %} … {% endif %} or write {{ ${path} | default: "…" }}.`;
}

function unknown(path: string): string {
  return `There is no merge tag “${path}”${didYouMean(nearest(path, MERGE_TAG_PATHS))}${path.includes('.') ? '' : ' A merge tag has two parts, as invoice.number.'}`;
}
