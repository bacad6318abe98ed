import { raise, type Span } from '../../../diagnostics.js';
import {
  errorWords,
  evaluate,
  faultIn,
  isPointer,
  type Pointer,
  type Value,
} from '../../../program/index.js';
import type { InitEntry, InitValue, PlaceSyntax } from '../../frame/litmus-syntax.js';
import { printPlace } from '../../frame/print-frame.js';
import { held } from '../../reading/constants.js';
import { assigned } from '../memory/conversions.js';
import { Memory } from '../memory/memory.js';
import { type CType, intType, numbersOf, showType, type Types } from '../memory/types.js';
import type { CBody, InitializerSyntax, ThreadSyntax } from '../syntax/c-syntax.js';
import { lowerExpression } from './c-expressions.js';
import { Context, type Globals } from './context.js';

/** What is known of a shared object before its cells are made. */
interface Claim {
  readonly type: CType;
  readonly span: Span;
  /** A declaration, or a name that is only mentioned: whatever declares it says more. */
  readonly rank: 'declared' | 'mentioned';
  /** Declared by a line of the init section, of which no parameter has shown yet how it is meant. */
  readonly open?: true;
}

type Claims = Map<string, Claim>;

/**
 * Finds the shared objects: what the program declares at file level, what the init section declares or
 * mentions, and what the threads' parameters name.
 */
export function buildMemory(
  body: CBody,
  threads: readonly ThreadSyntax[],
  init: readonly InitEntry[],
  types: Types,
  functions: ReadonlyMap<string, CType>,
): Memory {
  const claims: Claims = new Map();
  claimGlobals(body, types, functions, claims);
  for (const entry of init) claimInit(entry, types, functions, claims);
  for (const thread of threads) claimParameters(thread, types, claims);
  for (const entry of init) claimPointedTo(entry, types, functions, claims);
  const memory = new Memory(types);
  for (const [symbol, { type, span }] of claims) memory.declare(symbol, type, span);
  return memory;
}

function claimGlobals(
  body: CBody,
  types: Types,
  functions: ReadonlyMap<string, CType>,
  claims: Claims,
): void {
  const seen = new Set<string>();
  for (const item of body.items) {
    if (item.kind !== 'global') continue;
    const { declared, initial, span } = item;
    const name = declared.name!;
    let type = types.resolve(declared.type);
    if (type.kind === 'function') {
      if (initial) raise(`\`${name}\` is a function: it has no initial value`, initial.span);
      continue;
    }
    if (functions.has(name) || seen.has(name)) raise(`\`${name}\` is declared twice`, span);
    if (type.kind === 'void') raise(`\`${name}\` cannot be void`, span);
    if (type.kind === 'array' && type.length === undefined && initial?.kind === 'list') {
      type = { ...type, length: initial.entries.length };
    }
    seen.add(name);
    claims.set(name, { type, rank: 'declared', span });
  }
}

function claimInit(
  { place, span, ...entry }: InitEntry,
  types: Types,
  functions: ReadonlyMap<string, CType>,
  claims: Claims,
): void {
  const type = entry.type === undefined ? undefined : types.fromWords(entry.type, span);
  if (place.kind !== 'memory') return;
  const { symbol, path } = place;
  if (functions.has(symbol)) raise(`\`${symbol}\` is a function: it has no initial value`, place.span);
  const { length } = entry;
  const whole: CType =
    length === undefined ? (type ?? intType) : { kind: 'array', element: type ?? intType, length };
  const isDeclared = type !== undefined && path.length === 0;
  if (claims.get(symbol)?.rank === 'declared' || (claims.has(symbol) && !isDeclared)) return;
  claims.set(symbol, {
    type: whole,
    span,
    ...(isDeclared ? { rank: 'declared', open: true } : { rank: 'mentioned' }),
  });
}

function claimParameters(thread: ThreadSyntax, types: Types, claims: Claims): void {
  for (const { name, type: syntax, span } of thread.parameters) {
    if (name === undefined) raise("a thread's parameter needs a name: that of a variable", span);
    const type = types.parameter(syntax);
    if (type.kind !== 'pointer')
      raise(`a thread's parameter is a pointer to the variable of its name: write \`*${name}\``, span);
    const { target } = type;
    if (target.kind === 'function') raise("a thread's parameter cannot be a pointer to a function", span);
    const known = claims.get(name);
    const claim: Claim = { type: target, rank: 'declared', span };
    claims.set(name, known?.rank === 'declared' ? agreed(types, name, known, claim) : claim);
  }
}

/** What an earlier declaration of a variable and a thread's parameter come to. */
function agreed(types: Types, name: string, { open, ...known }: Claim, parameter: Claim): Claim {
  // `int *x = y;` of an init section is often meant as `int *x` of a parameter is.
  const isRepeated =
    known.type.kind === 'pointer' && showType(known.type.target) === showType(parameter.type);
  if (open && isRepeated) return parameter;
  const [bits, wanted] = [bitsOf(known.type), bitsOf(parameter.type)];
  if (bits !== undefined && wanted !== undefined && bits !== wanted) {
    const { line } = known.span.source.position(known.span.start);
    raise(
      `\`${name}\` is ${showType(parameter.type)} here and ${showType(known.type)} on line ${line}: a variable has one size`,
      parameter.span,
    );
  }
  // A type that is not defined, as that of some lock, says nothing of the size.
  return (types.size(parameter.type) ?? 0) > (types.size(known.type) ?? 0) ? parameter : known;
}

/** The size of a number or a pointer, or of those that an array has. */
function bitsOf(type: CType): number | undefined {
  if (type.kind === 'array') return bitsOf(type.element);
  return type.kind === 'scalar' ? type.scalar.bits : type.kind === 'pointer' ? 64 : undefined;
}

/** `int *p = x;` needs an `x`, even if nothing else names it: of the type that p points to. */
function claimPointedTo(
  { place, span, value, ...entry }: InitEntry,
  types: Types,
  functions: ReadonlyMap<string, CType>,
  claims: Claims,
): void {
  if (!value) return;
  const written = entry.type === undefined ? undefined : types.fromWords(entry.type, span);
  const holder = place.kind === 'memory' ? claims.get(place.symbol)?.type : written;
  claimTargets(value, pointedTo(holder), functions, claims);
}

/** A number that holds an address is taken for the address of one of its own kind. */
function pointedTo(holder: CType | undefined): CType {
  if (holder?.kind === 'array') return pointedTo(holder.element);
  if (holder?.kind === 'pointer') return holder.target.kind === 'function' ? intType : holder.target;
  return holder?.kind === 'scalar' ? holder : intType;
}

function claimTargets(
  value: InitValue,
  type: CType,
  functions: ReadonlyMap<string, CType>,
  claims: Claims,
): void {
  if (value.kind === 'list') for (const each of value.values) claimTargets(each, type, functions, claims);
  if (value.kind !== 'address' || functions.has(value.place.symbol) || value.place.path.length > 0) return;
  if (claims.get(value.place.symbol)?.rank !== 'declared')
    claims.set(value.place.symbol, { type, rank: 'mentioned', span: value.span });
}

/** Puts initial values into the cells: those written at file level, then those of the init section. */
export function setInitialValues(body: CBody, init: readonly InitEntry[], globals: Globals): void {
  const { memory } = globals;
  for (const item of body.items) {
    if (item.kind !== 'global' || !item.initial) continue;
    const symbol = item.declared.name!;
    const type = memory.typeOf(symbol);
    if (type) setFromInitializer(globals, { symbol, offset: 0 }, type, item.initial);
  }
  for (const entry of init) {
    if (entry.place.kind !== 'memory' || !entry.value) continue;
    const { symbol, path } = entry.place;
    const found = memory.find(symbol, path) ?? noSuchPart(globals, entry.place);
    setFromInit(globals, found.place, found.type, entry.value);
  }
}

/** Calls `visit` for the parts of an array or a structure that a list gives values to, in order. */
function forEachPart(
  { types }: Globals,
  type: CType,
  count: number,
  span: Span,
  visit: (index: number, offset: number, type: CType, name?: string) => void,
): void {
  const members = type.kind === 'struct' ? types.members(type.tag) : undefined;
  if (type.kind !== 'array' && !members) raise('a list gives values to an array or a structure', span);
  const length = type.kind === 'array' ? type.length! : members!.length;
  if (count > length) raise(`expected at most ${length} values, found ${count}`, span);
  for (let index = 0; index < length; index++) {
    if (type.kind === 'array') visit(index, index * types.size(type.element)!, type.element);
    else visit(index, members![index].offset, members![index].type, members![index].name);
  }
}

function setFromInitializer(globals: Globals, place: Pointer, type: CType, initial: InitializerSyntax): void {
  if (initial.kind !== 'list') {
    if (type.kind === 'array' || type.kind === 'struct')
      raise('expected a list of values in braces', initial.span);
    globals.memory.setInitial(place, constantValue(globals, initial, type));
    return;
  }
  // `int x = {1};` is C; the kernel writes atomic_t so.
  if (type.kind === 'scalar' && initial.entries.length === 1) {
    setFromInitializer(globals, place, type, initial.entries[0].value);
    return;
  }
  const values = new Map<number, InitializerSyntax>();
  let next = 0;
  const { entries, span } = initial;
  const names: (string | undefined)[] = [];
  forEachPart(globals, type, 0, span, (_index, _offset, _type, name) => names.push(name));
  for (const { member, index, value } of entries) {
    if (member !== undefined) next = names.indexOf(member);
    if (index) next = Number(globals.types.constant(index));
    if (next < 0 || next >= names.length) {
      raise(
        member === undefined ? `expected at most ${names.length} values` : `there is no member \`${member}\``,
        value.span,
      );
    }
    values.set(next++, value);
  }
  forEachPart(globals, type, 0, span, (index, offset, part) => {
    const value = values.get(index);
    if (value)
      setFromInitializer(globals, { symbol: place.symbol, offset: place.offset + offset }, part, value);
  });
}

/** The value of an initialiser at file level: arithmetic, addresses of globals and functions. */
function constantValue(globals: Globals, initial: InitializerSyntax, type: CType): Value {
  if (initial.kind === 'list') raise('expected a value, found a list', initial.span);
  const context = new Context(globals, new Set(), lowerExpression);
  if (
    initial.kind === 'call' &&
    initial.callee.kind === 'name' &&
    /^ATOMIC(?:64|_LONG)?_INIT$/.test(initial.callee.name)
  ) {
    return constantValue(globals, initial.args[0], type);
  }
  const operand = context.value(context, initial);
  if (context.code.registers.length > 0) raise('expected a constant as an initial value', initial.span);
  const value = assigned(globals.warnings, operand, type, initial.span);
  const fault = faultIn(value, () => 0n);
  if (fault) raise(`this has no value: it ${errorWords[fault.name]}`, fault.span ?? initial.span);
  return evaluate(value, () => 0n);
}

function setFromInit(globals: Globals, place: Pointer, type: CType, value: InitValue): void {
  if (value.kind === 'list') {
    forEachPart(globals, type, value.values.length, value.span, (index, offset, part) => {
      const each = value.values[index];
      if (each) setFromInit(globals, { symbol: place.symbol, offset: place.offset + offset }, part, each);
    });
    return;
  }
  if (globals.memory.cellAt(place) === undefined || type.kind === 'array') {
    raise('expected a list of values in braces', value.span);
  }
  const first = simpleValue(globals, value);
  globals.memory.setInitial(place, isPointer(first) ? first : held(first, numbersOf(type), value.span));
}

function simpleValue({ memory, functions }: Globals, value: InitValue): Value {
  if (value.kind === 'integer') return value.value;
  if (value.kind === 'list') return raise('expected one value, found a list', value.span);
  const { symbol, path } = value.place;
  if (functions.has(symbol) && path.length === 0) return { symbol, offset: 0 };
  return (memory.find(symbol, path) ?? noSuchPart({ memory }, value.place)).place;
}

function noSuchPart({ memory }: Pick<Globals, 'memory'>, place: PlaceSyntax & { kind: 'memory' }): never {
  const type = memory.typeOf(place.symbol);
  const is = type ? `\`${place.symbol}\` is ${showType(type)}` : `there is no \`${place.symbol}\``;
  return raise(`${is}, and has no part \`${printPlace(place)}\``, place.span);
}

/** The value that an init line gives a register. */
export function initialValue(globals: Globals, { value }: InitEntry): Value {
  return value ? simpleValue(globals, value) : 0n;
}
