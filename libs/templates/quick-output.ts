import {
  CaseTag,
  IfTag,
  Output,
  TokenKind,
  UnlessTag,
  type Context,
  type Emitter,
  type PropertyAccessToken,
  type Template,
} from 'liquidjs';

/** How a value is escaped where it is printed; the same five characters that liquidjs escapes. */
export type Escape = (value: string) => string;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

export const escapeHtml: Escape = (value) =>
  value.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/**
 * Prints `{{ group.field }}` without liquidjs's generators, which take most of the time of a rendering. Whatever is
 * not a plain string or number is left to liquidjs, and so is the error for a tag that does not exist.
 */
class QuickOutput implements Template {
  readonly token: Output['token'];

  constructor(
    private readonly slow: Output,
    private readonly group: string,
    private readonly field: string,
    private readonly escape: Escape,
  ) {
    this.token = slow.token;
  }

  render(context: Context, emitter: Emitter): unknown {
    const value = ownValue(ownValue(context.environments, this.group), this.field);
    if (typeof value !== 'string' && typeof value !== 'number') return this.slow.render(context, emitter);
    emitter.write(this.escape(String(value)));
    return undefined;
  }
}

const ownValue = (holder: unknown, key: string): unknown =>
  typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;

/** Puts quick outputs where they do the same as liquidjs's own. `filters`: how many the engine itself adds. */
export function quicken(templates: Template[], escape: Escape, filters: number): Template[] {
  return templates.map((template) => {
    if (template instanceof Output) return quickened(template, escape, filters);
    if (template instanceof IfTag || template instanceof UnlessTag || template instanceof CaseTag) {
      for (const branch of template.branches) branch.templates = quicken(branch.templates, escape, filters);
      template.elseTemplates = quicken(template.elseTemplates ?? [], escape, filters);
    }
    return template;
  });
}

function quickened(output: Output, escape: Escape, filters: number): Template {
  const { postfix } = output.value.initial;
  const [token] = postfix;
  if (postfix.length !== 1 || token?.kind !== TokenKind.PropertyAccess) return output;
  const { variable, props } = token as PropertyAccessToken;
  const names = props.flatMap((prop) =>
    prop.kind === TokenKind.Word ? [(prop as { content?: string }).content ?? ''] : [],
  );
  const [group, field] = names;
  const isPlain = variable === undefined && props.length === 2 && output.value.filters.length === filters;
  return isPlain && group && field ? new QuickOutput(output, group, field, escape) : output;
}
