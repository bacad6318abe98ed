import type { Span } from '../diagnostics.js';
import type { Fault } from './errors.js';

/** What an instruction says of where its thread stands, for grace periods and interrupts to go by. */
export type RegionChange =
  | 'section-begin'
  | 'section-end'
  | 'irq-disable'
  | 'irq-enable'
  /** Puts by whether interrupts are enabled, and disables them. */
  | 'irq-save'
  | 'irq-restore'
  /** Waits until every section that has begun on another CPU is over. */
  | 'grace-period';

/**
 * Where a thread stands. It is in a read-side section while `depth` is not 0, or interrupts are disabled: sections that nest or
 * overlap are one.
 */
export interface Regions {
  /** How many sections were begun and not ended. */
  readonly depth: number;
  /**
   * Bits: lowest, whether interrupts are disabled; above it, what was so at each `irq-save` that is open, the innermost lowest; and a 1
   * above them all. 0: the thread is over, and left them disabled.
   */
  readonly irqs: number;
  /** Where the outermost section was begun. */
  readonly since?: Span;
}

/** Sections, and saved interrupts, that may be open at once. */
const MAX_DEPTH = 28;

export const OUTSIDE: Regions = { depth: 0, irqs: 0b10 };

export function inSection({ depth, irqs }: Regions): boolean {
  return depth > 0 || (irqs & 1) === 1;
}

export function irqsDisabled({ irqs }: Regions): boolean {
  return irqs === 0 || (irqs & 1) === 1;
}

/** Where a thread stands after a change; or what is wrong with it, or that it is followed no further. */
export function changed(
  regions: Regions,
  change: RegionChange,
  inHandler: boolean,
  span?: Span,
): Regions | Fault | 'too-deep' {
  const { depth, irqs } = regions;
  const since = inSection(regions) ? regions.since : span;
  const fault = (name: Fault['name']): Fault => (span ? { name, span } : { name });
  const moved = (to: Pick<Regions, 'depth' | 'irqs'>): Regions | 'too-deep' => {
    if (to.depth > MAX_DEPTH || to.irqs >> MAX_DEPTH > 0) return 'too-deep';
    return since ? { ...to, since } : to;
  };
  switch (change) {
    case 'section-begin':
      return moved({ depth: depth + 1, irqs });
    case 'section-end':
      return depth > 0 ? moved({ depth: depth - 1, irqs }) : fault('unmatched-rcu-unlock');
    case 'irq-disable':
      return moved({ depth, irqs: irqs | 1 });
    case 'irq-enable':
      return moved({ depth, irqs: irqs & ~1 });
    case 'irq-save':
      return moved({ depth, irqs: (irqs << 1) | 1 });
    case 'irq-restore':
      return irqs > 0b11 ? moved({ depth, irqs: irqs >> 1 }) : fault('unmatched-irq-restore');
    case 'grace-period':
      if (inHandler) return fault('invalid-sleep');
      return inSection(regions) ? fault('deadlock') : regions;
  }
}

/** What a thread is to say against its end, if it ends here: only interrupts may be left disabled. */
export function unfinished({ depth, since }: Regions): Fault | undefined {
  if (depth === 0) return undefined;
  return { name: 'unmatched-rcu-lock', ...(since ? { span: since } : {}) };
}

/** Where a thread stands once it is over: in no section any more. */
export function over(regions: Regions): Regions {
  return { depth: 0, irqs: irqsDisabled(regions) ? 0 : OUTSIDE.irqs };
}

/**
 * The tags of the event that a change makes; none, and no event, for what changes nothing.
 * `rcu-lock`, `rcu-unlock`: the outermost section begins, ends; `irq-off`, `irq-on`: interrupts are disabled, enabled.
 */
export function tagsOfChange(before: Regions, after: Regions): string[] {
  const tags: string[] = [];
  if (inSection(before) !== inSection(after)) tags.push(inSection(after) ? 'rcu-lock' : 'rcu-unlock');
  if (irqsDisabled(before) !== irqsDisabled(after)) tags.push(irqsDisabled(after) ? 'irq-off' : 'irq-on');
  return tags;
}
