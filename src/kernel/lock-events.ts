import { constant, type Instruction } from '../program/index.js';
import { type Expansion, either, type Primitive } from './primitive.js';
import type { LockStep } from './primitive-steps.js';

/**
 * Lock operations as herd7 gives them to a model (CSem.ml): events about the lock, neither reads nor writes,
 * of which the model says what they read. An attempt may succeed or fail, a test may find the lock taken or
 * free: the model says which of these ways can be. What the program does next depends on the event that
 * failed, or tested, but not on one that took the lock.
 */
export function lockEvents({ args: [about], target, span }: Primitive, step: LockStep): Expansion {
  const place = span ? { span } : {};
  const event = (tag: string, value?: bigint): Instruction => {
    const gives = value !== undefined && target !== undefined ? { gives: { target, value } } : {};
    return { kind: 'fence', tags: [tag], about, ...gives, ...place };
  };
  switch (step) {
    case 'lock':
      return [{ ...event('LKR'), blocks: true } as Instruction, event('LKW')];
    case 'unlock':
      return [event('UL')];
    case 'try-lock': {
      const taken: Instruction[] =
        target === undefined ? [] : [{ kind: 'assign', target, value: constant(1), ...place }];
      return either([event('LKR'), event('LKW'), ...taken], event('LF', 0n), place);
    }
    case 'is-locked':
      return either([event('RL', 1n)], event('RU', 0n), place);
  }
}
