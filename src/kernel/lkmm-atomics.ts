import type { Atomic } from '../litmus/c/index.js';
import type { Tag } from '../program/index.js';
import type { AtomicCode } from './primitive-steps.js';
import type { LkmmVariant } from './target.js';

/**
 * What an atomic operation with these tags is in the Linux-kernel memory model, as herd7 has it (CSem.ml).
 * The write depends on the read where it is computed from it, but not on a comparison: what a
 * compare-and-exchange stores does not depend on what it finds, so that success orders nothing more by
 * itself.
 */
export function lkmmAtomic(shape: Atomic['shape'], tags: readonly Tag[], variant: LkmmVariant): AtomicCode {
  return variant === 'lkmmv1' ? fencedAtomic(shape, tags) : taggedAtomic(tags);
}

/**
 * Both accesses carry the tags; the model takes each for what it can order. A comparison that fails leaves a
 * read that is still part of an atomic operation.
 */
function taggedAtomic(tags: readonly Tag[]): AtomicCode {
  return { read: tags, write: tags, failure: [...tags, 'RMW'], uncontrolled: true };
}

/**
 * A tag stands where it can order something, and `mb` is a fence on either side. Operations that give no
 * value have a tag of their own whatever the macro says, and `add_unless` is always fenced. One that fails is
 * a read that orders nothing.
 */
function fencedAtomic(shape: Atomic['shape'], tags: readonly Tag[]): AtomicCode {
  const once = { read: ['once'], write: ['once'], failure: ['once', 'RMW'], uncontrolled: true } as const;
  if (shape === 'op') return { ...once, read: ['noreturn'] };
  const tag = tags.length === 1 ? tags[0].toLowerCase() : undefined;
  if (tag === 'mb' || shape === 'fetch-add-unless') return { ...once, around: 'mb' };
  if (tag === 'acquire') return { ...once, read: tags };
  return tag === 'release' ? { ...once, write: tags } : once;
}
