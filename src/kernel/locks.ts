import { binary, constant, type Instruction, type RegisterId, register, unary } from '../program/index.js';
import { lockEvents } from './lock-events.js';
import type { Expansion, Primitive, Surroundings } from './primitive.js';
import type { LockStep } from './primitive-steps.js';

/**
 * A lock is a location: 0 while it is free, 1 while it is taken. To take it is an atomic read-modify-write
 * that waits for the 0.
 *
 * The events carry the names that herd7 gives them: LKR and LKW, the read and the write that take the lock;
 * UL, the write that frees it; LF, the read of an attempt that fails. What a test of the lock reads, and with
 * it whether it is RL or RU, shows only in an execution, so that its read carries both.
 *
 * This is what lock.cat of the kernel's model says of locks without values. That a read of LKR sees a free
 * lock, and is followed by its own write, puts each LKW right behind the initial write or a UL in coherence
 * order; as a CPU frees only what it took, each UL then stands right behind its LKW: critical sections follow
 * one another, and one that does not end is the last.
 */
function lockCell(
  { args: [address], target, type, span }: Primitive,
  step: LockStep,
  found: RegisterId,
): Expansion {
  const place = span ? { address, type, span } : { address, type };
  const result = (value: ReturnType<typeof unary>): Instruction[] =>
    target === undefined ? [] : [{ kind: 'assign', target, value, ...(span && { span }) }];
  const take = {
    kind: 'rmw',
    target: found,
    condition: unary('!', register(found)),
    update: constant(1),
    readTags: ['LKR'],
    writeTags: ['LKW'],
    // Taking a lock orders all that follows after the read: a dependency would say no more, and herd7 has
    // none.
    uncontrolled: true,
    ...place,
  } as const;
  switch (step) {
    case 'lock':
      return [{ blocks: true, ...take }];
    case 'try-lock':
      return [{ failureTags: ['LF'], ...take }, ...result(unary('!', register(found)))];
    case 'unlock':
      return [{ kind: 'store', value: constant(0), tags: ['UL'], ...place }];
    case 'is-locked':
      return [
        { kind: 'load', target: found, tags: ['RL', 'RU'], ...place },
        ...result(binary('!=', register(found), constant(0))),
      ];
  }
}

/**
 * The instructions of a step that is about a lock.
 * @param found gets what is read of it, where it is a location: not 0 if it is taken
 */
export function expandLock(
  primitive: Primitive,
  step: LockStep,
  found: RegisterId,
  { locks }: Surroundings,
): Expansion {
  return locks === 'events' ? lockEvents(primitive, step) : lockCell(primitive, step, found);
}
