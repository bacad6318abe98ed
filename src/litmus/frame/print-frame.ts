import type { InitEntry, InitValue, LitmusSyntax, PlaceSyntax, PropositionSyntax } from './litmus-syntax.js';

/** The file's text, with its body printed by its dialect. Comments move to the head. */
export function printFrame(syntax: LitmusSyntax, body: string): string {
  const { dialect, name, info, init, locations, filter, condition } = syntax;
  const lines = [`${dialect} ${name}`];
  for (const [key, value] of info) lines.push(key === '' ? `"${value}"` : `${key}=${value}`);
  lines.push(...comments(syntax));
  lines.push('{', ...init.map((entry) => `${printEntry(entry)};`), '}', body.replace(/\n+$/, ''));
  if (locations.length > 0)
    lines.push(`locations [${locations.map((place) => `${printPlace(place)};`).join(' ')}]`);
  if (filter) lines.push(`filter (${printProposition(filter)})`);
  lines.push(`${quantifiers[condition.quantifier]} (${printProposition(condition.proposition)})`);
  return `${lines.join('\n')}\n`;
}

const quantifiers = { exists: 'exists', 'not-exists': '~exists', forall: 'forall' } as const;

function comments({ notes }: LitmusSyntax): string[] {
  const texts = notes.map(({ source, start, end }) => source.text.slice(start, end).replace(/\r/g, ''));
  return texts.filter((text) => /^[(/]/.test(text));
}

function printEntry({ type, place, length, value }: InitEntry): string {
  const declared = `${type === undefined ? '' : `${type} `}${printPlace(place)}`;
  return `${declared}${length === undefined ? '' : `[${length}]`}${value ? ` = ${printValue(value)}` : ''}`;
}

function printValue(value: InitValue): string {
  switch (value.kind) {
    case 'integer':
      return String(value.value);
    case 'address':
      return `&${printPlace(value.place)}`;
    case 'list':
      return `{${value.values.map(printValue).join(', ')}}`;
  }
}

/** `0:r1`, or a variable with its path. */
export function printPlace(place: PlaceSyntax): string {
  if (place.kind === 'register') return `${place.thread}:${place.name}`;
  return (
    place.symbol + place.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  );
}

/** How tightly a form binds; `=>` more tightly than `/\`, as in herd7. */
const ranks = { or: 1, and: 2, implies: 3, not: 4, compare: 5, true: 5, false: 5 } as const;
const propositionOperators = { or: '\\/', and: '/\\', implies: '=>' } as const;

/** A proposition in the grammar of conditions, with the parentheses that it needs. */
export function printProposition(proposition: PropositionSyntax): string {
  switch (proposition.kind) {
    case 'true':
    case 'false':
      return proposition.kind;
    case 'compare':
      return `${printPlace(proposition.left)}${proposition.op}${printRight(proposition.right)}`;
    case 'not':
      return `~${inParentheses(proposition.operand, ranks.not)}`;
    case 'and':
    case 'or': {
      const rank = ranks[proposition.kind];
      return `${inParentheses(proposition.left, rank)} ${propositionOperators[proposition.kind]} ${inParentheses(proposition.right, rank + 1)}`;
    }
    case 'implies':
      return `${inParentheses(proposition.left, ranks.not)} => ${inParentheses(proposition.right, ranks.implies)}`;
  }
}

/**
 * An implication inside another form stands in parentheses even where the grammar needs none: few know its
 * rank.
 */
function inParentheses(proposition: PropositionSyntax, rank: number): string {
  const text = printProposition(proposition);
  return ranks[proposition.kind] < rank || proposition.kind === 'implies' ? `(${text})` : text;
}

/** A variable's contents are written `[x]`; `x` alone is its address. */
function printRight(right: InitValue | PlaceSyntax): string {
  if (right.kind === 'memory') return `[${printPlace(right)}]`;
  return right.kind === 'register' ? printPlace(right) : printValue(right);
}
