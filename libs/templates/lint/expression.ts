import { TokenKind, type PropertyAccessToken, type Token, type Value } from 'liquidjs';

/** One mention of a merge tag in a Liquid expression. */
export interface Mention {
  /** `invoice.amount_due`; null for an access that cannot be checked, as `invoice[customer.name]`. */
  path: string | null;
  text: string;
  begin: number;
}

const isAccess = (token: Token): token is PropertyAccessToken => token.kind === TokenKind.PropertyAccess;

function pathOf(token: PropertyAccessToken): string | null {
  if (token.variable) return null;
  const names = token.props.map((prop) =>
    prop.kind === TokenKind.Word || prop.kind === TokenKind.Quoted
      ? (prop as Token & { content: string }).content
      : null,
  );
  return names.includes(null) ? null : names.join('.');
}

const mentionOf = (token: PropertyAccessToken): Mention => ({
  path: pathOf(token),
  text: token.getText(),
  begin: token.begin,
});

/** The merge tags an expression mentions, those in the arguments of its filters included. */
export function mentionsOf(value: Value): Mention[] {
  const argumentTokens = value.filters.flatMap((filter) =>
    filter.args.map((arg) => (Array.isArray(arg) ? arg[1] : arg)),
  );
  return mentionsIn([...value.initial.postfix, ...argumentTokens]);
}

export const mentionsIn = (tokens: readonly (Token | undefined)[]): Mention[] =>
  tokens
    .filter((token) => token !== undefined)
    .filter(isAccess)
    .map(mentionOf);

/** A condition as read from its postfix notation; `proves` are the tags that are not null when it holds. */
interface Operand {
  path: string | null;
  isNothing: boolean;
  proves: Set<string>;
}

const NOTHING = new Set(['nil', 'null', 'empty', 'blank']);

/** The tags that have a value whenever the condition holds; null when it is not one condition but several in a row. */
export function provenBy(condition: Value): Set<string> | null {
  const stack: Operand[] = [];
  for (const token of condition.initial.postfix) {
    if (token.kind !== TokenKind.Operator) stack.push(operandOf(token));
    else stack.push(combined((token as Token & { operator: string }).operator, stack));
  }
  const [only] = stack;
  if (stack.length !== 1 || !only) return null;
  return condition.filters.length > 0 ? new Set() : only.proves;
}

function operandOf(token: Token): Operand {
  const path = isAccess(token) ? pathOf(token) : null;
  const literal = token.kind === TokenKind.Literal ? (token as Token & { literal: string }).literal : '';
  return {
    path,
    isNothing: NOTHING.has(literal) || literal === 'false',
    proves: new Set(path ? [path] : []),
  };
}

function combined(operator: string, stack: Operand[]): Operand {
  const right = stack.pop();
  const left = operator === 'not' ? undefined : stack.pop();
  return { path: null, isNothing: false, proves: provenByOperator(operator, left, right) };
}

function provenByOperator(operator: string, left?: Operand, right?: Operand): Set<string> {
  const [a, b] = [left?.proves ?? new Set<string>(), right?.proves ?? new Set<string>()];
  if (operator === 'and') return new Set([...a, ...b]);
  if (operator === 'or') return new Set([...a].filter((path) => b.has(path)));
  const comparesWithNothing = left?.isNothing === true || right?.isNothing === true;
  if (operator === '!=') return comparesWithNothing ? new Set([...a, ...b]) : new Set();
  const comparesTags = Boolean(left?.path) && Boolean(right?.path);
  return operator === 'not' || comparesWithNothing || comparesTags ? new Set() : new Set([...a, ...b]);
}
