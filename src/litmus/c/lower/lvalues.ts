import { raise, type Span } from '../../../diagnostics.js';
import { addressOf, type Expression, type RegisterId, register } from '../../../program/index.js';
import {
  advanced,
  assigned,
  decayed,
  moved,
  type Operand,
  scalarOf,
  targetType,
} from '../memory/conversions.js';
import { type CType, pointerTo, showType } from '../memory/types.js';
import type { ExpressionSyntax } from '../syntax/c-syntax.js';
import type { Context, Local } from './context.js';

/**
 * What can stand left of `=`: a local variable, or a place in memory. A function is one that can only be
 * called.
 */
export type LValue =
  | { readonly kind: 'register'; readonly local: Local; readonly name: string }
  | { readonly kind: 'memory'; readonly address: Expression; readonly type: CType };

type MemoryLValue = LValue & { kind: 'memory' };

/** The place that an expression stands for. */
export function lowerPlace(context: Context, expression: ExpressionSyntax): LValue {
  switch (expression.kind) {
    case 'name':
      return (
        namedPlace(context, expression.name) ??
        context.unknownName(expression.name, 'variable', expression.span)
      );
    case 'unary':
      if (expression.op === '*')
        return dereferenced(context.value(context, expression.operand), expression.span);
      break;
    case 'index':
      return element(context, context.value(context, expression.object), expression.index, expression.span);
    case 'member':
      return member(context, expression);
    case 'call': {
      const array = perCpuArray(context, expression.callee);
      if (array && expression.args.length === 1) {
        return element(
          context,
          readPlace(context, array, expression.span),
          expression.args[0],
          expression.span,
        );
      }
      break;
    }
  }
  return raise('expected a variable or a place in memory', expression.span);
}

/** What a name stands for, if it is that of a variable or a function. */
export function namedPlace(context: Context, name: string): LValue | undefined {
  const local = context.local(name);
  if (local) return { kind: 'register', local, name };
  const { memory, functions } = context.globals;
  const type = memory.typeOf(name) ?? functions.get(name);
  if (type) return { kind: 'memory', address: addressOf(name), type };
  const undeclared = context.undeclaredLocal(name);
  return undeclared && { kind: 'register', local: undeclared, name };
}

/**
 * `count(cpu)`, as the kernel's macros for per-CPU variables are called, is `count[cpu]` of a global array.
 */
function perCpuArray(context: Context, callee: ExpressionSyntax): MemoryLValue | undefined {
  const place = callee.kind === 'name' ? namedPlace(context, callee.name) : undefined;
  return place?.kind === 'memory' && place.type.kind === 'array' ? place : undefined;
}

function dereferenced({ value, type }: Operand, span: Span): MemoryLValue {
  return { kind: 'memory', address: value, type: targetType(type, span) };
}

function element(context: Context, array: Operand, index: ExpressionSyntax, span: Span): MemoryLValue {
  if (array.type.kind !== 'pointer')
    raise(`expected an array or a pointer, found ${showType(array.type)}`, span);
  const count = context.value(context, index);
  scalarOf(count.type, index.span);
  const { target } = array.type;
  const size = context.globals.types.sizeOf(target, span);
  return { kind: 'memory', address: advanced(array.value, count.value, size), type: target };
}

function member(context: Context, expression: ExpressionSyntax & { kind: 'member' }): MemoryLValue {
  const { object, arrow, name, span } = expression;
  const place = arrow ? dereferenced(context.value(context, object), span) : lowerPlace(context, object);
  if (place.kind === 'register' || place.type.kind !== 'struct') {
    const type = place.kind === 'register' ? context.read(place.local).type : place.type;
    const hint = !arrow && type.kind === 'pointer' ? '; write `->` for a pointer' : '';
    return raise(
      `expected a structure before \`${arrow ? '->' : '.'}${name}\`, found ${showType(type)}${hint}`,
      object.span,
    );
  }
  const { tag } = place.type;
  const members =
    context.globals.types.members(tag) ?? raise(`\`struct ${tag}\` is not defined: it has no members`, span);
  const found = members.find((candidate) => candidate.name === name);
  if (!found)
    raise(
      `\`struct ${tag}\` has no member \`${name}\`, only ${members.map((one) => one.name).join(', ')}`,
      span,
    );
  return { kind: 'memory', address: moved(place.address, found.offset), type: found.type };
}

/** The address of a place, for `&` and for primitives. */
export function addressOfPlace(place: LValue, span: Span): Operand {
  if (place.kind === 'register' && place.local.type?.kind === 'pointer')
    raise(`\`${place.name}\` is a pointer, which has no address here; did you mean \`${place.name}\`?`, span);
  if (place.kind === 'register')
    raise(
      `\`${place.name}\` is a local variable, which has no address here: make it a global variable`,
      span,
    );
  return { value: place.address, type: pointerTo(place.type) };
}

/** The value at a place: a plain load for memory, into the register `into` where one is given. */
export function readPlace(context: Context, place: LValue, span: Span, into?: RegisterId): Operand {
  if (place.kind === 'register') return context.read(place.local);
  const { address, type } = place;
  if (type.kind === 'array') return decayed(address, type);
  if (type.kind === 'function') return { value: address, type: pointerTo(type) };
  const target = into ?? context.code.temporary();
  const scalar = scalarOf(type, span);
  context.code.emit({ kind: 'load', target, address, type: scalar, tags: ['Plain'], span });
  return { value: register(target), type };
}

/**
 * Assigns; gives the value as it was converted. A local variable without a declaration takes the value's
 * type.
 */
export function writePlace(context: Context, place: LValue, value: Operand, span: Span): Operand {
  if (place.kind === 'register') {
    const { local } = place;
    if (!local.type) {
      scalarOf(value.type, span);
      local.type = value.type;
    }
    if (
      local.isParameter &&
      context.isThread &&
      local.type.kind === 'pointer' &&
      value.type.kind === 'scalar'
    ) {
      const reason = `this changes the parameter \`${place.name}\` itself, and nothing in memory; did you mean \`*${place.name}\`?`;
      context.globals.warnings.push({ reason, span });
    }
    const made = assigned(context.globals.warnings, value, local.type, span);
    if (made.kind !== 'register' || made.register !== local.register) {
      context.code.emit({ kind: 'assign', target: local.register, value: made, span });
    }
    return context.read(local);
  }
  const { address, type } = place;
  if (type.kind === 'array' || type.kind === 'function') raise(`cannot assign to ${showType(type)}`, span);
  const made = assigned(context.globals.warnings, value, type, span);
  context.code.emit({
    kind: 'store',
    address,
    value: made,
    type: scalarOf(type, span),
    tags: ['Plain'],
    span,
  });
  return { value: made, type };
}
