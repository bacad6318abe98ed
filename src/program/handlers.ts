/** Which interrupt handlers may come where. */
import type { Program, Thread } from './program.js';

/** Code on a CPU: its own thread's, or that of a handler. */
export type ContextKind = 'own' | NonNullable<Thread['interrupt']>['kind'];

/** A CPU's own thread first, then the handlers that interrupt it. */
export function contextsOf(program: Program, own: Thread): readonly Thread[] {
  return [own, ...program.threads.filter(({ interrupt }) => interrupt?.on === own.id)];
}

export function contextKind({ interrupt }: Thread): ContextKind {
  return interrupt?.kind ?? 'own';
}

/**
 * Whether a handler may interrupt code. Nothing interrupts an NMI handler, only an NMI an irq handler, and no irq comes
 * where the CPU's own thread has them disabled.
 */
export function mayInterrupt(handler: ContextKind, inside: ContextKind, irqsAreOff: boolean): boolean {
  if (handler === 'irq' && irqsAreOff) return false;
  return inside === 'own' || (inside === 'irq' && handler === 'nmi');
}
