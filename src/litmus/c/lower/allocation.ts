import { raise } from '../../../diagnostics.js';
import { constant, type RegisterId, register } from '../../../program/index.js';
import { moved, type Operand, targetType } from '../memory/conversions.js';
import { forEachScalar } from '../memory/memory.js';
import { type CType, pointerTo, voidType } from '../memory/types.js';
import type { ExpressionSyntax } from '../syntax/c-syntax.js';
import type { Context } from './context.js';
import { sizedType } from './sized-type.js';

/** Elements of an array that is allocated. */
const MOST_ELEMENTS = 64;

/** `kmalloc(sizeof(*p), GFP_KERNEL)`, which does not fail; `kzalloc`, which then stores zeros. */
export function lowerAllocation(
  context: Context,
  { args, span }: ExpressionSyntax & { kind: 'call' },
  zeroed: boolean,
  into?: RegisterId,
): Operand {
  const { code, globals, loops } = context;
  const type = allocatedType(context, args[0]);
  const once = context.isThread && loops.length === 0;
  const target = into ?? code.temporary();
  code.emit({ kind: 'allocate', target, ...globals.heap.add(type, span, once), span });
  if (zeroed) {
    forEachScalar(globals.types, type, span, (offset, part) => {
      const address = moved(register(target), offset);
      code.emit({ kind: 'store', address, value: constant(0), type: part, tags: ['Plain'], span });
    });
  }
  return { value: register(target), type: pointerTo(voidType) };
}

/** What the size is of: `sizeof(*p)`, or a number times that. */
function allocatedType(context: Context, size: ExpressionSyntax): CType {
  if (size.kind === 'sizeof') return sizedType(context, size);
  if (size.kind === 'binary' && size.op === '*') {
    const [one, count] = size.left.kind === 'sizeof' ? [size.left, size.right] : [size.right, size.left];
    if (one.kind === 'sizeof') {
      const length = Number(context.globals.types.constant(count));
      if (length < 1 || length > MOST_ELEMENTS)
        raise(`expected a number from 1 to ${MOST_ELEMENTS}`, count.span);
      return { kind: 'array', element: sizedType(context, one), length };
    }
  }
  return raise('expected `sizeof` of what is allocated, or a number times that', size.span);
}

/** `kfree(p)`. */
export function lowerFree(context: Context, { args, span }: ExpressionSyntax & { kind: 'call' }): void {
  const { value, type } = context.value(context, args[0]);
  targetType(type, args[0].span);
  context.code.emit({ kind: 'free', address: value, tags: ['Plain', 'Free'], span });
}
