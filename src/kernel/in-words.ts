import { type Atomic, atomicPrimitive } from '../litmus/c/index.js';
import type { RegionChange } from '../program/index.js';
import { tableFor } from './lower-primitives.js';
import type { AtomicCode, PrimitiveStep } from './primitive-steps.js';
import type { KernelTarget } from './target.js';

const regionWords: Readonly<Record<RegionChange, string>> = {
  'section-begin': 'a read-side section begins',
  'section-end': 'a read-side section ends',
  'irq-disable': 'interrupts off',
  'irq-enable': 'interrupts on',
  'irq-save': 'interrupts off',
  'irq-restore': 'interrupts as before',
  'grace-period': 'waits for a grace period',
};

const shapes: Readonly<Record<Atomic['shape'], string>> = {
  exchange: 'atomic exchange',
  'compare-exchange': 'atomic compare and exchange',
  op: 'atomic operation',
  'op-return': 'atomic operation',
  'fetch-op': 'atomic operation',
  'fetch-add-unless': 'atomic addition, unless it is forbidden',
};

/**
 * What a primitive comes to on a target, in a few words: `load, MB`. Undefined where the target has nothing
 * for it.
 * @param name of the instruction: what its spellings share
 */
export function codeInWords(name: string, target: KernelTarget): string | undefined {
  const table = tableFor(target);
  if (Object.hasOwn(table.primitives, name)) return inWords(table.primitives[name]);
  const atomic = atomicPrimitive(name);
  return atomic && atomicInWords(atomic, table.atomic(atomic, 'lkmmv2'));
}

function inWords(steps: readonly PrimitiveStep[]): string {
  return steps.length === 0 ? 'nothing' : steps.map(stepInWords).join(', ');
}

function stepInWords(step: PrimitiveStep): string {
  switch (step.step) {
    case 'fence':
      return step.tag;
    case 'load':
    case 'store':
      return withTag(step.step, step.tag);
    case 'mark':
      return step.tag;
    case 'region':
      return regionWords[step.change];
    case 'lock':
      return 'takes the lock';
    case 'unlock':
      return 'frees the lock';
    case 'is-locked':
      return 'looks at the lock';
    case 'try-lock':
      return ['tries the lock', ...(step.after ?? []).map(stepInWords)].join(', ');
    case 'srcu-enter':
      return 'counts itself in';
    case 'srcu-leave':
      return 'counts itself out';
    case 'srcu-wait':
      return 'waits for a grace period';
  }
}

function withTag(access: string, tag: string): string {
  if (tag === 'Once') return access;
  return tag === 'Plain' ? `plain ${access}` : `${access} (${tag})`;
}

function atomicInWords({ shape }: Atomic, code: AtomicCode): string {
  const { before, after, afterSuccess, around, read, write } = code;
  const tags = [...new Set([...(read ?? []), ...(write ?? [])])].filter((tag) => tag !== 'Once');
  const access = tags.length > 0 ? `${shapes[shape]} (${tags.join(', ')})` : shapes[shape];
  const onSuccess = (tag: string): string => `${tag} where it stores`;
  return [
    ...(before ? [before] : []),
    ...(around ? [onSuccess(around)] : []),
    access,
    ...(around ? [onSuccess(around)] : []),
    ...(after ? [after] : []),
    ...(afterSuccess ? [onSuccess(afterSuccess)] : []),
  ].join(', ');
}
