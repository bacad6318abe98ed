import type { Instruction } from '../../src/program/index.js';

/**
 * Where a run stands: what it has begun and not ended, what was so at each irq-save, whether interrupts are
 * disabled.
 */
export interface Standing {
  readonly open: number;
  readonly saved: readonly boolean[];
  readonly masked: boolean;
}

export const START: Standing = { open: 0, saved: [], masked: false };

type Change = (Instruction & { readonly kind: 'region' })['change'];

/** Where a run stands afterwards; or what is wrong with that. */
export function stand(before: Standing, change: Change, isHandler: boolean): Standing | string {
  const { open, saved, masked } = before;
  switch (change) {
    case 'section-begin':
      return { ...before, open: open + 1 };
    case 'section-end':
      return open === 0 ? 'unmatched-rcu-unlock' : { ...before, open: open - 1 };
    case 'irq-disable':
      return { ...before, masked: true };
    case 'irq-enable':
      return { ...before, masked: false };
    case 'irq-save':
      return { ...before, saved: [...saved, masked], masked: true };
    case 'irq-restore':
      return saved.length === 0
        ? 'unmatched-irq-restore'
        : { ...before, saved: saved.slice(0, -1), masked: saved[saved.length - 1] };
    case 'grace-period':
      if (isHandler) return 'invalid-sleep';
      return open > 0 || masked ? 'deadlock' : before;
  }
}

/** What is noticed of a change: the outermost bounds of sections, and of where interrupts are disabled. */
export function noticed(before: Standing, after: Standing): string[] {
  const inside = ({ open, masked }: Standing): boolean => open > 0 || masked;
  return [
    ...(!inside(before) && inside(after) ? ['rcu-lock'] : []),
    ...(inside(before) && !inside(after) ? ['rcu-unlock'] : []),
    ...(!before.masked && after.masked ? ['irq-off'] : []),
    ...(before.masked && !after.masked ? ['irq-on'] : []),
  ];
}
