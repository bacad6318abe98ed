import { tick } from '../limits.js';
import { type ContextKind, contextKind, mayInterrupt, type Thread } from '../program/index.js';
import { type CpuTrace, HANDLER_ENTRY, HANDLER_RETURN, type Trace, truncated } from './trace.js';

type Order = CpuTrace['order'];

/**
 * All that a CPU can do when each handler runs once, at any point between two events of the thread, before the first or after the
 * last. A handler runs as one block; an NMI may hit inside an irq handler, but nothing hits inside an NMI handler, and no irq inside an irq handler,
 * or where the thread has interrupts disabled. Where a part breaks off, a handler need not come.
 */
export function withHandlers(
  traces: readonly Trace[],
  handlers: readonly { readonly handler: Thread; readonly traces: readonly Trace[] }[],
): CpuTrace[] {
  let cpus: CpuTrace[] = traces.map((trace) => ({
    parts: [trace],
    order: trace.events.map((_, index) => ({ part: 0, index })),
    ...(trace.partial ? { partial: true } : {}),
  }));
  // Irqs first: an NMI's places then include those inside them.
  const inOrder = [...handlers].sort((a, b) => rank(a.handler) - rank(b.handler));
  const kinds: ContextKind[] = ['own'];
  for (const { handler, traces: ways } of inOrder) {
    const kind = contextKind(handler);
    const missing = (cpu: CpuTrace): CpuTrace[] => (cpu.partial ? [withoutHandler(cpu, handler)] : []);
    cpus = cpus.flatMap((cpu) => [...missing(cpu), ...ways.flatMap((way) => insert(cpu, way, kind, kinds))]);
    kinds.push(kind);
  }
  return cpus;
}

function rank(handler: Thread): number {
  return handler.interrupt?.kind === 'irq' ? 0 : 1;
}

function insert(cpu: CpuTrace, way: Trace, kind: ContextKind, kinds: readonly ContextKind[]): CpuTrace[] {
  const part = cpu.parts.length;
  const block: Order = [
    { part, index: HANDLER_ENTRY },
    ...way.events.map((_, index) => ({ part, index })),
    { part, index: HANDLER_RETURN },
  ];
  const parts = [...cpu.parts, way];
  const woven: CpuTrace[] = [];
  for (let at = 0; at <= cpu.order.length; at++) {
    tick(1 + (cpu.order.length >>> 4));
    if (!mayEnter(cpu, at, kind, kinds)) continue;
    const next = way.partial
      ? brokenOff(parts, [...cpu.order.slice(0, at), ...block.slice(0, -1)])
      : { ...cpu, parts, order: [...cpu.order.slice(0, at), ...block, ...cpu.order.slice(at)] };
    if (!splitsPair(next)) woven.push(next);
  }
  return woven;
}

/** A handler has not come. */
function withoutHandler({ parts, order }: CpuTrace, { id }: Thread): CpuTrace {
  const nothing: Trace = {
    thread: id,
    events: [],
    constraints: [],
    registers: [],
    decisions: [],
    partial: true,
  };
  return { parts: [...parts, nothing], order, partial: true };
}

/** A CPU that stays in a handler: of its other parts there is what came before, and the ends of the sections that are open in them. */
function brokenOff(parts: readonly Trace[], order: Order): CpuTrace {
  const lengths = parts.map((_, part) => order.filter((at) => at.part === part && at.index >= 0).length);
  const kept = parts.map((part, index) => truncated(part, lengths[index]));
  const ends = kept.map(({ events }, part) =>
    events.slice(lengths[part]).map((_, more) => ({ part, index: lengths[part] + more })),
  );
  return { parts: kept, order: [...order, ...ends.reverse().flat()], partial: true };
}

/** @param kinds of the parts of the CPU */
function mayEnter(cpu: CpuTrace, at: number, kind: ContextKind, kinds: readonly ContextKind[]): boolean {
  const open: number[] = [0];
  for (let index = 0; index < at; index++) {
    if (cpu.order[index].index === HANDLER_ENTRY) open.push(cpu.order[index].part);
    else if (cpu.order[index].index === HANDLER_RETURN) open.pop();
  }
  const inside = kinds[open[open.length - 1]];
  return mayInterrupt(kind, inside, irqsAreOff(cpu, at)) && !inLockedInstruction(cpu, at);
}

/** Whether the CPU's own thread has interrupts disabled at a place. */
function irqsAreOff({ parts, order }: CpuTrace, at: number): boolean {
  let off = false;
  for (const { part, index } of order.slice(0, at)) {
    if (part !== 0) continue;
    const { tags } = parts[0].events[index];
    off = tags.includes('irq-off') || (off && !tags.includes('irq-on'));
  }
  return off;
}

/** An instruction is not interrupted between its read and its write. */
function inLockedInstruction(cpu: CpuTrace, at: number): boolean {
  const next = cpu.order[at];
  if (at === 0 || !next || next.index < 0) return false;
  const event = cpu.parts[next.part].events[next.index];
  return event.atomic === 'rmw' && event.rmwRead !== undefined;
}

/**
 * Whether a handler stands between a load-locked and the store-conditional that succeeds with it: returning from an interrupt
 * clears the lock flag, so such a store-conditional fails (Alpha handbook, 4.2.5).
 */
function splitsPair(cpu: CpuTrace): boolean {
  const position = new Map(cpu.order.map(({ part, index }, at) => [`${part}:${index}`, at]));
  return cpu.order.some(({ part, index }, at) => {
    if (index < 0) return false;
    const event = cpu.parts[part].events[index];
    if (event.atomic !== 'locked' || event.rmwRead === undefined) return false;
    const from = position.get(`${part}:${event.rmwRead}`) as number;
    return cpu.order.slice(from, at).some((other) => other.part !== part);
  });
}
