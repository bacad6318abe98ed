import { raise, type Span } from '../../../diagnostics.js';
import {
  addressOf,
  constant,
  type Expression,
  type RegisterId,
  register,
  uint64,
} from '../../../program/index.js';
import { assigned, converted, type Operand, scalarOf, targetType } from '../memory/conversions.js';
import { type CType, intType, pointerTo, scalar, showType, voidType } from '../memory/types.js';
import type { ExpressionSyntax, MacroSyntax } from '../syntax/c-syntax.js';
import { type Intrinsic, intrinsicOf, isIntrinsic } from '../syntax/macro-intrinsics.js';
import { expandMacro } from '../syntax/macros.js';
import { primitiveSignature, type Signature } from '../syntax/primitives.js';
import { lowerAllocation, lowerFree } from './allocation.js';
import { binaryOperation } from './c-operators.js';
import type { Context } from './context.js';
import { addressOfPlace, type LValue, lowerPlace } from './lvalues.js';

type CallSyntax = ExpressionSyntax & { kind: 'call' };

const noValue: Operand = { value: constant(0), type: voidType };

/** Calls a function, by name or through a pointer, or makes a kernel primitive's instruction. */
export function lowerCall(context: Context, call: CallSyntax, into?: RegisterId): Operand {
  const { callee } = call;
  if (callee.kind === 'name' && !context.local(callee.name) && !context.globals.memory.typeOf(callee.name)) {
    return calledByName(context, call, callee.name, into);
  }
  const { value, type } = context.value(context, callee);
  const target = type.kind === 'pointer' ? type.target : type;
  if (target.kind !== 'function') raise(`expected a function, found ${showType(type)}`, callee.span);
  return callFunction(context, call, value, target, into);
}

function calledByName(context: Context, call: CallSyntax, name: string, into?: RegisterId): Operand {
  const { functions, defined } = context.globals;
  const type = functions.get(name);
  if (type) {
    if (!defined.has(name)) raise(`\`${name}\` is declared but has no body`, call.callee.span);
    return callFunction(context, call, addressOf(name), type, into);
  }
  if (name === 'smp_processor_id' || name === 'raw_smp_processor_id') {
    checkCount(call, name, 0);
    return { value: context.cpu!, type: intType };
  }
  const intrinsic = intrinsicOf(name);
  if (intrinsic) return callPrimitive(context, call, name, intrinsicCall(call, intrinsic), into);
  const { macros } = context.globals;
  const macro = macros?.find(name);
  if (macro) return callMacro(context, call, macro, into);
  // Macro files of older kernels leave it out: herd7 knows it.
  const unless = macros && name === 'atomic_add_unless' ? intrinsicOf(`__${name}`) : undefined;
  const signature = macros ? unless?.signature : primitiveSignature(name);
  if (signature && isOfHeap(name)) return callHeap(context, call, name, signature, into);
  if (signature) return callPrimitive(context, call, name, signature, into);
  return context.unknownName(name, macros ? 'function or macro' : 'function or primitive', call.callee.span);
}

const isOfHeap = (name: string): boolean => name === 'kmalloc' || name === 'kzalloc' || name === 'kfree';

function callHeap(
  context: Context,
  call: CallSyntax,
  name: string,
  { parameters }: Signature,
  into?: RegisterId,
): Operand {
  checkCount(call, name, parameters.length);
  if (name !== 'kfree') return lowerAllocation(context, call, name === 'kzalloc', into);
  lowerFree(context, call);
  return noValue;
}

function callMacro(context: Context, call: CallSyntax, macro: MacroSyntax, into?: RegisterId): Operand {
  checkCount(call, macro.name, macro.parameters.length);
  const parts = expandMacro(macro, call.args, call.span);
  if (macro.body.kind !== 'block') return context.value(context, parts[0], into);
  for (const part of parts) context.value(context, part);
  return noValue;
}

function intrinsicCall(
  { callee, tags, operator }: CallSyntax,
  { signature, shape, tagged }: Intrinsic,
): Signature {
  if (tagged && !tags && shape !== 'op') {
    raise(`expected what its events carry, such as \`${signature.name}{once}\``, callee.span);
  }
  const op = operator ?? signature.op;
  if (shape?.includes('op') && op === undefined) raise('expected an operator such as `+`', callee.span);
  return { ...signature, ...(op !== undefined && { op }) };
}

function callFunction(
  context: Context,
  call: CallSyntax,
  callee: Expression,
  { result, parameters }: CType & { kind: 'function' },
  into?: RegisterId,
): Operand {
  const { span } = call;
  checkCount(call, call.callee.kind === 'name' ? call.callee.name : 'this function', parameters.length);
  const args = call.args.map((arg, index) =>
    assigned(context.globals.warnings, context.value(context, arg), parameters[index], arg.span),
  );
  if (context.globals.passCpu) args.unshift(context.cpu!);
  if (result.kind === 'void') {
    context.code.emit({ kind: 'call', callee, args, span });
    return noValue;
  }
  scalarOf(result, span);
  const target = into ?? context.code.temporary();
  context.code.emit({ kind: 'call', callee, args, target, span });
  return { value: register(target), type: result };
}

function checkCount({ args, span }: CallSyntax, name: string, expected: number): void {
  if (args.length === expected) return;
  const counted = expected === 1 ? '1 argument' : `${expected === 0 ? 'no' : expected} arguments`;
  raise(`\`${name}\` takes ${counted}, found ${args.length}`, span);
}

/** The arguments of a primitive, as its instruction takes them: the address, then the values. */
interface Arguments {
  address: Expression | undefined;
  /** The type of the place in memory. */
  type: CType;
  readonly values: Expression[];
}

function callPrimitive(
  context: Context,
  call: CallSyntax,
  spelling: string,
  signature: Signature,
  into?: RegisterId,
): Operand {
  checkCount(call, spelling, signature.parameters.length);
  if (signature.attempt) return attempt(context, call, signature);
  const made = lowerArguments(context, call, signature);
  for (const value of signature.implied ?? []) made.values.push(constant(value));
  if (signature.perCpu) made.values.push(context.cpu!);
  const result = emitPrimitive(context, call, signature, made, signature.test ? undefined : into);
  return signature.test ? tested(context, signature.test, result, made.values.at(-1), call.span) : result;
}

/**
 * `value pointer` is written in that order but the type of the place is needed to convert the value, so the
 * arguments are evaluated left to right first, and converted afterwards.
 */
function lowerArguments(context: Context, call: CallSyntax, signature: Signature): Arguments {
  const { parameters } = signature;
  const operands = call.args.map((_, index) => argument(context, call, signature, index));
  const at = parameters.findIndex((kind) => kind === 'place' || kind === 'pointer');
  const address = operands[at];
  const type = address ? targetType(address.type, call.args[at].span) : intType;
  const values: Expression[] = [];
  operands.forEach((operand, index) => {
    const { span } = call.args[index];
    if (operand && parameters[index] === 'value')
      values.push(assigned(context.globals.warnings, operand, holder(type), span));
    if (operand && parameters[index] === 'size') values.push(converted(operand, scalar(uint64), span));
  });
  return { address: address?.value, type, values };
}

/** An undefined structure, such as `struct srcu_struct`, counts as a counter. */
const holder = (type: CType): CType => (type.kind === 'struct' || type.kind === 'void' ? intType : type);

/** `WRITE_ONCE(x, 1)` of a pointer `x`. */
function itself(
  { callee }: CallSyntax,
  { name, result }: Signature,
  { local, name: variable }: LValue & { kind: 'register' },
): string {
  const does = result === 'none' ? 'stores to' : 'reads';
  const what = local.isParameter ? 'parameter' : 'variable';
  const who = callee.kind !== 'name' || isIntrinsic(name) ? 'this' : callee.name;
  return `${who} ${does} the ${what} \`${variable}\` itself; did you mean \`*${variable}\`?`;
}

function argument(
  context: Context,
  call: CallSyntax,
  signature: Signature,
  index: number,
): Operand | undefined {
  const arg = call.args[index];
  switch (signature.parameters[index]) {
    case 'ignored':
      return undefined;
    case 'place': {
      if (arg.kind === 'unary' && arg.op === '&')
        raise(
          `${call.callee.kind === 'name' ? call.callee.name : 'this'} takes a variable, not its address: leave out \`&\``,
          arg.span,
        );
      const place = lowerPlace(context, arg);
      if (place.kind === 'register' && place.local.type?.kind === 'pointer')
        raise(itself(call, signature, place), arg.span);
      if (place.kind === 'memory' && (place.type.kind === 'function' || place.type.kind === 'array')) {
        raise(`expected a variable of a number's or pointer's type, found ${showType(place.type)}`, arg.span);
      }
      return addressOfPlace(place, arg.span);
    }
    case 'pointer': {
      const operand = context.value(context, arg);
      if (operand.type.kind === 'scalar') refuseValue(context, call, arg);
      checkAtomic(call, targetType(operand.type, arg.span), arg.span);
      return operand;
    }
    default:
      return context.value(context, arg);
  }
}

/** `atomic64_inc()` is about 64 bits whatever it is given, and `atomic_inc()` never is. */
function checkAtomic({ callee }: CallSyntax, type: CType, span: Span): void {
  const name = callee.kind === 'name' ? callee.name : '';
  const [, wide] = /^atomic(64|_long)?_/.exec(name) ?? [];
  if (!name.startsWith('atomic') || type.kind !== 'scalar') return;
  const bytes = wide === undefined ? 4 : 8;
  if ((type.scalar.bits === 64) !== (bytes === 8))
    raise(`${name} accesses ${bytes} bytes, and this is the address of ${showType(type)}`, span);
}

/**
 * A register may hold an address, whatever its type, as in herd7; what is read from memory is no address by
 * itself.
 */
function refuseValue(context: Context, { callee }: CallSyntax, arg: ExpressionSyntax): void {
  const who = callee.kind === 'name' ? callee.name : 'this';
  const isGlobal = arg.kind === 'name' && !context.local(arg.name) && context.globals.memory.typeOf(arg.name);
  const meant = isGlobal ? `&${arg.name}` : starred(arg);
  if (meant) raise(`${who} takes an address, and this is a number; did you mean \`${meant}\`?`, arg.span);
}

/** `x` of `*x`. */
function starred(arg: ExpressionSyntax): string | undefined {
  return arg.kind === 'unary' && arg.op === '*' && arg.operand.kind === 'name' ? arg.operand.name : undefined;
}

function emitPrimitive(
  context: Context,
  { tags, span }: CallSyntax,
  { name, result, op }: Signature,
  { address, type, values }: Arguments,
  into?: RegisterId,
): Operand {
  const place = holder(type);
  const target = result === 'none' ? undefined : (into ?? context.code.temporary());
  context.code.emit({
    kind: 'primitive',
    name,
    args: address ? [address, ...values] : values,
    ...(target !== undefined && { target }),
    type: scalarOf(place, span),
    ...(op && { op }),
    ...(tags && { tags }),
    span,
  });
  if (target === undefined) return noValue;
  const types = { place, int: intType, pointer: pointerTo(voidType) };
  return { value: register(target), type: types[result as keyof typeof types] };
}

/** What a spelling such as `atomic_dec_and_test` gives, told of the value that the instruction gives. */
function tested(
  context: Context,
  test: NonNullable<Signature['test']>,
  result: Operand,
  unless: Expression | undefined,
  span: Span,
): Operand {
  const { types } = context.globals;
  const zero: Operand = { value: constant(0), type: intType };
  switch (test) {
    case 'zero':
      return binaryOperation(types, '==', result, zero, span);
    case 'negative':
      return binaryOperation(types, '<', result, zero, span);
    case 'unless':
      return binaryOperation(types, '!=', result, { value: unless!, type: result.type }, span);
  }
}

/** `try_cmpxchg(p, &old, new)`: success is that what was found is `old`; `old` becomes what was found. */
function attempt(context: Context, call: CallSyntax, signature: Signature): Operand {
  const [pointer, reference, replacement] = call.args;
  const wanted = 'expected `&` and a local variable that holds the expected value';
  if (reference.kind !== 'unary' || reference.op !== '&') raise(wanted, reference.span);
  const old = lowerPlace(context, reference.operand);
  if (old.kind !== 'register') raise(wanted, reference.span);
  const { local } = old;
  const plain: CallSyntax = { ...call, args: [pointer, reference.operand, replacement] };
  const found = emitPrimitive(context, call, signature, lowerArguments(context, plain, signature));
  const same = binaryOperation(context.globals.types, '==', found, context.read(local), call.span);
  const success = context.code.copied(same.value, call.span);
  const value = converted(found, local.type ?? intType, call.span);
  context.code.emit({ kind: 'assign', target: local.register, value, span: call.span });
  return { value: success, type: intType };
}
