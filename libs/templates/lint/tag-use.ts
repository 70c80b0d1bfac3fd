import { CaseTag, IfTag, Output, UnlessTag, type Template, type Value } from 'liquidjs';
import { mentionsIn, mentionsOf, provenBy, type Mention } from './expression.js';

/** A merge tag as it is used somewhere in a part. */
export interface TagUse extends Mention {
  /** True when its value ends up in the message, false in a condition. */
  printed: boolean;
  /** Tags known to have a value here, because an enclosing condition asked for them. */
  proven: ReadonlySet<string>;
  filters: string[];
}

/** A condition that Liquid reads otherwise than it was meant. */
export interface UnclearCondition {
  unclear: string;
  begin: number;
}

type Branch = { condition: Value | null; templates: Template[]; proven: ReadonlySet<string> };

/** Walks a parsed part, with what the enclosing conditions prove. */
export function* usesIn(
  templates: Template[],
  proven: ReadonlySet<string> = new Set(),
): Generator<TagUse | UnclearCondition> {
  for (const template of templates) {
    if (template instanceof Output) yield* usesInOutput(template, proven);
    else if (template instanceof CaseTag) yield* usesInCase(template, proven);
    else if (template instanceof IfTag || template instanceof UnlessTag)
      yield* usesInCondition(template, proven);
  }
}

function* usesInOutput(output: Output, proven: ReadonlySet<string>): Generator<TagUse> {
  const filters = output.value.filters.map((filter) => filter.name);
  for (const mention of mentionsOf(output.value)) yield { ...mention, printed: true, proven, filters };
}

const inCondition = (mention: Mention, proven: ReadonlySet<string>): TagUse => ({
  ...mention,
  printed: false,
  proven,
  filters: [],
});

function* usesInCase(tag: CaseTag, proven: ReadonlySet<string>): Generator<TagUse | UnclearCondition> {
  const compared = [...mentionsOf(tag.value), ...mentionsIn(tag.branches.flatMap((branch) => branch.values))];
  for (const mention of compared) yield inCondition(mention, proven);
  for (const { templates } of tag.branches) yield* usesIn(templates, proven);
  yield* usesIn(tag.elseTemplates, proven);
}

function* usesInCondition(
  tag: IfTag | UnlessTag,
  proven: ReadonlySet<string>,
): Generator<TagUse | UnclearCondition> {
  for (const branch of branchesOf(tag)) {
    if (branch.condition) {
      for (const mention of mentionsOf(branch.condition)) yield inCondition(mention, proven);
      if (provenBy(branch.condition) === null) yield { unclear: tag.token.getText(), begin: tag.token.begin };
    }
    yield* usesIn(branch.templates, new Set([...proven, ...branch.proven]));
  }
}

function branchesOf(tag: IfTag | UnlessTag): Branch[] {
  const none: ReadonlySet<string> = new Set();
  const isUnless = tag instanceof UnlessTag;
  const branches = tag.branches.map(({ value, templates }, index) => ({
    condition: value,
    templates,
    proven: isUnless && index === 0 ? none : (provenBy(value) ?? none),
  }));
  const [first] = tag.branches;
  const otherwise = isUnless && first && branches.length === 1 ? (provenBy(first.value) ?? none) : none;
  return [...branches, { condition: null, templates: tag.elseTemplates ?? [], proven: otherwise }];
}

/** True when, whatever the facts, at least one of the tags is printed. */
export function alwaysPrints(templates: Template[], anyOf: readonly string[]): boolean {
  return templates.some((template) => {
    if (template instanceof Output)
      return mentionsOf(template.value).some(({ path }) => anyOf.includes(path ?? ''));
    if (template instanceof CaseTag || template instanceof IfTag || template instanceof UnlessTag) {
      const branches = [...template.branches.map((branch) => branch.templates), template.elseTemplates ?? []];
      return branches.every((branch) => alwaysPrints(branch, anyOf));
    }
    return false;
  });
}

/** True when one of the tags is printed under some circumstances at least. */
export function sometimesPrints(templates: Template[], anyOf: readonly string[]): boolean {
  for (const use of usesIn(templates)) {
    if ('printed' in use && use.printed && anyOf.includes(use.path ?? '')) return true;
  }
  return false;
}
