import type { Source } from '../../diagnostics.js';
import {
  type CBody,
  type ExpressionSyntax,
  type FunctionSyntax,
  primitiveSignature,
  primitiveSpellings,
  type Signature,
  type ThreadSyntax,
} from '../../litmus/index.js';
import { type Placed, placedCalls } from './c-calls.js';
import { type Edit, removal } from './edits.js';
import type { Site, Weakness } from './site.js';

/** The primitives of a C program that can be weakened. */
export function cSites({ items }: CBody, source: Source): Site[] {
  const own = new Set(items.flatMap((item) => (item.kind === 'function' ? [item.name] : [])));
  const sites = items.flatMap((item): Site[] => {
    if (item.kind !== 'function' && item.kind !== 'thread') return [];
    const calls = placedCalls(item.body).filter(({ name }) => !own.has(name));
    return [...calls.flatMap((call) => siteOf(call, item, source)), ...sectionSites(calls, item, source)];
  });
  return sites.sort((a, b) => a.line - b.line);
}

const nameOfItem = (item: FunctionSyntax | ThreadSyntax): string =>
  item.kind === 'thread' ? `P${item.number}` : `${item.name}()`;

function siteOf(placed: Placed, item: FunctionSyntax | ThreadSyntax, source: Source): Site[] {
  const { call, name } = placed;
  const signature = primitiveSignature(name);
  if (!signature) return [];
  const { start, end } = call.span;
  const common = {
    text: source.text.slice(start, end).replace(/\s+/g, ' '),
    line: source.position(start).line,
    within: nameOfItem(item),
  };
  if (/^atomic/.test(name)) return atomicSite(placed, common);
  const kind = signature.parameters[0] as 'place' | 'pointer';
  const load = (weakness: Weakness): Edit[] => weakerLoad(placed, kind, weakness, source);
  const store = (weakness: Weakness): Edit[] => weakerStore(placed, kind, weakness, source);
  switch (signature.weakening) {
    case 'nothing':
      return [{ ...common, remains: () => 'nothing', weakening: () => [leaveOut(placed, source)] }];
    case 'once-load':
      return [{ ...common, remains: left('a plain load', 'READ_ONCE()'), weakening: load }];
    case 'plain-load':
      return [{ ...common, remains: left('a plain load'), weakening: () => load('plain') }];
    case 'once-store':
      return [{ ...common, remains: left('a plain store', 'WRITE_ONCE()'), weakening: store }];
    case 'plain-store':
      return [{ ...common, remains: left('a plain store'), weakening: () => store('plain') }];
    default:
      return atomicSite(placed, common);
  }
}

const left =
  (plain: string, once = plain) =>
  (weakness: Weakness): string =>
    weakness === 'plain' ? plain : once;

/**
 * A read-modify-write that orders more than its relaxed form, where it has one; `atomic_read_acquire` and its
 * like.
 */
function atomicSite({ call, name }: Placed, common: Pick<Site, 'text' | 'line' | 'within'>): Site[] {
  const bare = name.replace(/_(acquire|release|relaxed)$/, '');
  const isAccess = /_(read|set)$/.test(bare);
  const relaxed = isAccess ? bare : `${bare}_relaxed`;
  if (relaxed === name || ![...primitiveSpellings()].includes(relaxed)) return [];
  const { start, end } = call.callee.span;
  return [{ ...common, remains: () => `${relaxed}()`, weakening: () => [{ start, end, text: relaxed }] }];
}

/** Takes a call out that stands alone. */
function leaveOut({ call, statement, inBlock }: Placed, source: Source): Edit {
  const { start, end } = call.span;
  if (!statement) return { start, end, text: '0' };
  if (!inBlock) return { start, end, text: '' };
  const semicolon = source.text.indexOf(';', end);
  return removal(source, start, semicolon + 1);
}

/**
 * `READ_ONCE(x)` to `x`, `smp_load_acquire(&x)` to `READ_ONCE(x)`: only what stands around the place is
 * replaced.
 */
function weakerLoad(placed: Placed, kind: 'place' | 'pointer', weakness: Weakness, source: Source): Edit[] {
  const { call, tight } = placed;
  const place = siteIn(call.args[0], kind, source);
  const [open, close] = weakness === 'once' ? ['READ_ONCE(', ')'] : tight ? ['(', ')'] : ['', ''];
  return [
    { start: call.span.start, end: place.start, text: open + place.prefix },
    { start: place.end, end: call.span.end, text: place.suffix + close },
  ];
}

/** `WRITE_ONCE(x, v)` to `x = v`. */
function weakerStore(placed: Placed, kind: 'place' | 'pointer', weakness: Weakness, source: Source): Edit[] {
  const { call, statement } = placed;
  const place = siteIn(call.args[0], kind, source);
  const value = call.args[1].span;
  const plain = statement ? ['', ' = ', ''] : ['(', ' = ', ')'];
  const [open, between, close] = weakness === 'once' ? ['WRITE_ONCE(', ', ', ')'] : plain;
  return [
    { start: call.span.start, end: place.start, text: open + place.prefix },
    { start: place.end, end: value.start, text: place.suffix + between },
    { start: value.end, end: call.span.end, text: close },
  ];
}

/** The place that an argument means, and what has to stand around its text. */
function siteIn(argument: ExpressionSyntax, kind: 'place' | 'pointer', source: Source) {
  const { start, end } = outer(argument, source);
  if (kind === 'place') return { start, end, prefix: '', suffix: '' };
  if (argument.kind === 'unary' && argument.op === '&') {
    const inner = argument.operand.span;
    return { start: inner.start, end: inner.end, prefix: '', suffix: '' };
  }
  return ['name', 'call', 'member', 'index'].includes(argument.kind)
    ? { start, end, prefix: '*', suffix: '' }
    : { start, end, prefix: '*(', suffix: ')' };
}

/**
 * Parentheses around an argument are not in its tree; the call's own, of which it is the first argument, are
 * not meant.
 */
function outer({ span }: ExpressionSyntax, { text }: Source): { start: number; end: number } {
  let { start, end } = span;
  for (;;) {
    const before = /\(\s*$/.exec(text.slice(0, start));
    const after = /^\s*\)/.exec(text.slice(end));
    if (!before || !after || !/\(\s*$/.test(text.slice(0, before.index))) return { start, end };
    start = before.index;
    end += after[0].length;
  }
}

/**
 * The sections of a function: each opening call with the closing one that follows; all in one where they do
 * not alternate.
 */
function sectionSites(calls: readonly Placed[], item: FunctionSyntax | ThreadSyntax, source: Source): Site[] {
  const families = new Map<string, Placed[]>();
  for (const placed of calls) {
    const signature = primitiveSignature(placed.name);
    const opening = signature && openingOf(signature);
    // The start of a section that gives a value is part of an expression.
    if (!opening || !(placed.statement || opening.result !== 'none')) continue;
    const told = placed.call.args.filter((_, index) => opening.parameters[index] === 'pointer');
    const key = [opening.name, ...told.map(({ span }) => source.text.slice(span.start, span.end))].join(' ');
    families.set(key, [...(families.get(key) ?? []), placed]);
  }
  return [...families.values()].flatMap((family) =>
    pairsOf(family).map((pair): Site => {
      const first = pair[0].call.span;
      const texts = pair.map(({ call: { span } }) => source.text.slice(span.start, span.end));
      return {
        text: texts.join(' ... '),
        line: source.position(first.start).line,
        within: nameOfItem(item),
        remains: () => 'nothing',
        weakening: () => pair.map((placed) => leaveOut(placed, source)),
      };
    }),
  );
}

/** The primitive that opens the sections that one opens or closes. */
function openingOf(signature: Signature): Signature | undefined {
  if (signature.closedBy !== undefined) return signature;
  const spelling = [...primitiveSpellings()].find(
    (one) => primitiveSignature(one)?.closedBy === signature.name,
  );
  return spelling === undefined ? undefined : primitiveSignature(spelling);
}

function pairsOf(family: readonly Placed[]): Placed[][] {
  const opens = ({ name }: Placed) => primitiveSignature(name)?.closedBy !== undefined;
  const alternating = family.every((placed, index) => opens(placed) === (index % 2 === 0));
  if (!alternating || family.length % 2 === 1) return [[...family]];
  return family.flatMap((placed, index) => (index % 2 === 0 ? [[placed, family[index + 1]]] : []));
}
