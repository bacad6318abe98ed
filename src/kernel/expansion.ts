import type { Span } from '../diagnostics.js';
import type { Atomic } from '../litmus/c/index.js';
import {
  type BinaryOperator,
  binary,
  type Expression,
  forEachRegister,
  type Instruction,
  type RegisterId,
  register,
  type Tag,
  unary,
  wrapped,
} from '../program/index.js';
import { expandLock } from './locks.js';
import { type Expansion, either, type Primitive, type Surroundings } from './primitive.js';
import type { AtomicCode, PrimitiveStep, SrcuStep } from './primitive-steps.js';
import { expandSrcu } from './srcu.js';

const placedCode = (span: Span | undefined): { span?: Span } => (span ? { span } : {});

/** The instructions of a primitive that is loads, stores and fences. */
export function expandSteps(
  primitive: Primitive,
  steps: readonly PrimitiveStep[],
  around: Surroundings,
): Expansion {
  return joinedCode(
    steps.map((step) => {
      if ('change' in step) {
        const { span } = primitive;
        return around.keeps(step.change)
          ? [{ kind: 'region', change: step.change, ...placedCode(span) }]
          : [];
      }
      if ('tag' in step) return [expandStep(primitive, step, around)];
      if (step.step === 'try-lock') return expandTryLock(primitive, step, around);
      if (isOfSrcu(step)) return expandSrcu(primitive, step, around);
      return expandLock(primitive, step.step, around.fresh(), around);
    }),
  );
}

const isOfSrcu = (step: PrimitiveStep): step is SrcuStep => step.step.startsWith('srcu-');

/** An attempt to take a lock, and what follows it. */
function expandTryLock(
  primitive: Primitive,
  { after = [], failed = [] }: PrimitiveStep & { step: 'try-lock' },
  around: Surroundings,
): Expansion {
  const found = around.fresh();
  const failing = expandSteps(primitive, failed, around);
  const { span } = primitive;
  const past: Instruction = {
    kind: 'branch',
    condition: unary('!', register(found)),
    goto: failing.length + 1,
    ...placedCode(span),
  };
  return joinedCode([
    expandLock(primitive, 'try-lock', found, around),
    expandSteps(primitive, after, around),
    failing.length > 0 ? joinedCode([[past], failing]) : [],
  ]);
}

/** One expansion after another. */
function joinedCode(parts: readonly Expansion[]): Expansion {
  const all: Instruction[] = [];
  for (const part of parts) {
    const start = all.length;
    for (const one of part)
      all.push(one.kind === 'branch' || one.kind === 'jump' ? { ...one, goto: one.goto + start } : one);
  }
  return all;
}

function expandStep(
  { args: [address, value], target, type, span }: Primitive,
  step: Extract<PrimitiveStep, { tag: Tag }>,
  { fresh }: Surroundings,
): Instruction {
  const common = { tags: [step.tag], ...placedCode(span) };
  switch (step.step) {
    case 'load':
      return { kind: 'load', target: target ?? fresh(), address, type, ...common };
    case 'store':
      return { kind: 'store', address, value, type, ...common };
    case 'mark':
      return { kind: 'fence', about: address, ...common };
    case 'fence':
      return { kind: 'fence', ...common };
  }
}

const fenceInstruction = (tag: string, span: Span | undefined): Instruction => ({
  kind: 'fence',
  tags: [tag],
  ...placedCode(span),
});

/** The instructions of a read-modify-write primitive. */
export function expandAtomic(
  primitive: Primitive,
  atomic: Atomic,
  code: AtomicCode,
  { fresh }: Surroundings,
): Expansion {
  const { args, target, type, span } = primitive;
  // The value found may not overwrite what the address and the operands are made of.
  const found = target !== undefined && !args.some((arg) => mentions(arg, target)) ? target : fresh();
  const { condition, update, result } = effect(primitive, atomic, register(found));
  const made: Instruction[] = [];
  if (code.before) made.push(fenceInstruction(code.before, span));
  const operation = {
    kind: 'rmw',
    target: found,
    address: args[0],
    ...(condition && { condition }),
    update,
    type,
    readTags: code.read ?? ['Once'],
    writeTags: code.write ?? ['Once'],
    ...(code.failure && { failureTags: code.failure }),
    ...(code.uncontrolled && { uncontrolled: code.uncontrolled }),
    ...placedCode(span),
  } as const;
  made.push(...(code.around ? fenced(operation, code.around) : [operation]));
  if (code.afterSuccess) {
    // Past the branch and the fence.
    if (condition)
      made.push({
        kind: 'branch',
        condition: unary('!', condition),
        goto: made.length + 2,
        ...placedCode(span),
      });
    made.push(fenceInstruction(code.afterSuccess, span));
  }
  if (code.after) made.push(fenceInstruction(code.after, span));
  if (target !== undefined && (result.kind !== 'register' || result.register !== target)) {
    made.push({ kind: 'assign', target, value: result, ...placedCode(span) });
  }
  return made;
}

/** An operation between two fences, if it succeeds; alone if it fails. */
function fenced(operation: Instruction & { kind: 'rmw' }, tag: string): Expansion {
  const { condition, span } = operation;
  const fence = fenceInstruction(tag, span);
  if (!condition) return [fence, operation, fence];
  return either(
    [fence, { ...operation, blocks: true }, fence],
    { ...operation, fails: true },
    placedCode(span),
  );
}

interface Effect {
  readonly condition?: Expression;
  readonly update: Expression;
  readonly result: Expression;
}

/** What a read-modify-write stores, and gives, when it finds `old`. */
function effect({ args, type, op }: Primitive, { shape }: Atomic, old: Expression): Effect {
  const changed = (): Expression => {
    const value =
      op === '&~' ? binary('&', old, unary('~', args[1])) : binary(op as BinaryOperator, old, args[1]);
    return wrapped(type, value);
  };
  switch (shape) {
    case 'exchange':
      return { update: args[1], result: old };
    case 'compare-exchange':
      return { condition: binary('==', old, args[1]), update: args[2], result: old };
    case 'op':
    case 'fetch-op':
      return { update: changed(), result: old };
    case 'op-return':
      return { update: changed(), result: changed() };
    case 'fetch-add-unless':
      return { condition: binary('!=', old, args[2]), update: changed(), result: old };
  }
}

function mentions(expression: Expression, wanted: RegisterId): boolean {
  let found = false;
  forEachRegister(expression, (id) => {
    found ||= id === wanted;
  });
  return found;
}
