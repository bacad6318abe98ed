import type { Atomic, ParameterKind, Signature } from './primitives.js';

export interface Intrinsic {
  readonly signature: Signature;
  readonly shape?: Atomic['shape'];
  /** Whether the call says in braces what its events carry. */
  readonly tagged: boolean;
}

const intrinsics = new Map<string, Intrinsic>();

function declare(
  name: string,
  parameters: string,
  result: Signature['result'],
  details: Omit<Intrinsic, 'signature' | 'tagged'> & Pick<Signature, 'op' | 'test'> = {},
): void {
  const { shape, ...rest } = details;
  const kinds = parameters.split(' ').filter(Boolean) as ParameterKind[];
  intrinsics.set(name, {
    signature: { name, parameters: kinds, result, ...rest },
    ...(shape && { shape }),
    tagged: !/lock/.test(name),
  });
}

// What macro files for herd7 are made of. An operator stands among the arguments after the address.
declare('__load', 'place', 'place');
declare('__store', 'place value', 'none');
declare('__fence', '', 'none');
declare('__srcu', 'pointer', 'none');
declare('__xchg', 'pointer value', 'place', { shape: 'exchange' });
declare('__cmpxchg', 'pointer value value', 'place', { shape: 'compare-exchange' });
declare('__atomic_op', 'pointer value', 'none', { shape: 'op' });
declare('__atomic_op_return', 'pointer value', 'place', { shape: 'op-return' });
declare('__atomic_fetch_op', 'pointer value', 'place', { shape: 'fetch-op' });
declare('__atomic_add_unless', 'pointer value value', 'place', {
  shape: 'fetch-add-unless',
  op: '+',
  test: 'unless',
});
declare('__lock', 'pointer', 'none');
declare('__unlock', 'pointer', 'none');
declare('__trylock', 'pointer', 'int');
declare('__islocked', 'pointer', 'int');

export const isIntrinsic = (name: string): boolean => intrinsics.has(name);

/** One of herd7's own primitives, by its name. */
export function intrinsicOf(name: string): Intrinsic | undefined {
  return intrinsics.get(name);
}

export function intrinsicNames(): Iterable<string> {
  return intrinsics.keys();
}

/**
 * What an intrinsic does to memory, if it is a read-modify-write; its arguments are as those of
 * `atomicPrimitive`.
 */
export function intrinsicShape(name: string): Atomic['shape'] | undefined {
  return intrinsics.get(name)?.shape;
}
