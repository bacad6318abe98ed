import { intrinsicShape } from '../litmus/c/index.js';
import type { Instruction } from '../program/index.js';
import { expandAtomic } from './expansion.js';
import { taggedAtomic } from './lkmm.js';
import { expandLock } from './locks.js';
import type { Expansion, Primitive, Surroundings } from './primitive.js';
import type { LockStep } from './steps.js';

const lockSteps: Readonly<Record<string, LockStep>> = {
  __lock: 'lock',
  __unlock: 'unlock',
  __trylock: 'try-lock',
  __islocked: 'is-locked',
};

/**
 * The events of one of herd7's own primitives, of which macro files are made; undefined for another name. They are what herd7
 * (CSem.ml, variant lkmmv2) makes of them: both accesses of an atomic operation carry its tags, and one that fails is a read. The
 * write depends on the read where it is computed from it, but not on a comparison.
 */
export function expandIntrinsic(primitive: Primitive, around: Surroundings): Expansion | undefined {
  const { name, tags = [], span } = primitive;
  const shape = intrinsicShape(name);
  if (shape) {
    return expandAtomic(primitive, { shape, ordering: 'none' }, taggedAtomic(tags), around);
  }
  if (Object.hasOwn(lockSteps, name)) return expandLock(primitive, lockSteps[name], around);
  const made = expandAccess(primitive, around);
  return made && [span ? { ...made, span } : made];
}

function expandAccess(
  { name, args: [address, value], target, type, tags = [] }: Primitive,
  { fresh }: Surroundings,
): Instruction | undefined {
  switch (name) {
    case '__load':
      return { kind: 'load', target: target ?? fresh(), address, type, tags };
    case '__store':
      return { kind: 'store', address, value, type, tags };
    case '__fence':
      return { kind: 'fence', tags };
    case '__srcu':
      return { kind: 'fence', about: address, tags };
    default:
      return undefined;
  }
}
