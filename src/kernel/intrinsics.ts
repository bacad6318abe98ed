import { intrinsicShape } from '../litmus/c/index.js';
import type { Instruction } from '../program/index.js';
import { expandAtomic } from './expansion.js';
import { lkmmAtomic } from './lkmm-atomics.js';
import { expandLock } from './locks.js';
import type { Expansion, Primitive, Surroundings } from './primitive.js';
import type { LockStep } from './primitive-steps.js';

const lockSteps: Readonly<Record<string, LockStep>> = {
  __lock: 'lock',
  __unlock: 'unlock',
  __trylock: 'try-lock',
  __islocked: 'is-locked',
};

/**
 * The events of one of herd7's own primitives, of which macro files are made; undefined for another name.
 * They are what herd7 (CSem.ml) makes of them.
 */
export function expandIntrinsic(primitive: Primitive, around: Surroundings): Expansion | undefined {
  const { name, tags = [], span } = primitive;
  const shape = intrinsicShape(name);
  if (shape) {
    const code = lkmmAtomic(shape, tags, around.variant);
    return expandAtomic(primitive, { shape, ordering: 'none' }, code, around);
  }
  if (Object.hasOwn(lockSteps, name)) return expandLock(primitive, lockSteps[name], around.fresh(), around);
  const made = expandAccess(primitive, around);
  return made?.map((instruction) => (span ? { ...instruction, span } : instruction));
}

/** Loads that older macro files mark as the start of a dependency: a barrier of its own follows them. */
const dereference = ['deref', 'lderef'];

function expandAccess(
  { name, args: [address, value], target, type, tags = [] }: Primitive,
  { fresh }: Surroundings,
): Instruction[] | undefined {
  switch (name) {
    case '__load': {
      const load = { kind: 'load', target: target ?? fresh(), address, type } as const;
      if (tags.length !== 1 || !dereference.includes(tags[0])) return [{ ...load, tags }];
      return [
        { ...load, tags: ['once'] },
        { kind: 'fence', tags: ['rb_dep'] },
      ];
    }
    case '__store':
      return [{ kind: 'store', address, value, type, tags }];
    case '__fence':
      return [{ kind: 'fence', tags }];
    case '__srcu':
      return [{ kind: 'fence', about: address, tags }];
    default:
      return undefined;
  }
}
