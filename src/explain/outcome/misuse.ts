import type { Execution } from '../../check/index.js';
import { type EventId, eventId } from '../../execution/index.js';
import { type CellId, FREED, heldAfter, type Resource, SECTIONS, valuesEqual } from '../../program/index.js';

/** Why a free does not wait for an access of another CPU, as far as that is a matter of grace periods. */
export type NotAwaited =
  /** No grace period stands before the free on its CPU. */
  | { readonly kind: 'no-grace-period' }
  /** The access is in no read-side section, so a grace period does not wait for it. */
  | { readonly kind: 'no-section'; readonly gracePeriod: EventId }
  /** The section begins only after the grace period has: it does not wait for that either. */
  | { readonly kind: 'late-section'; readonly gracePeriod: EventId; readonly section: EventId };

/** An error in an execution: the event that shows it, and what it rests on. */
export interface Misuse {
  readonly event: EventId;
  /** Of an access after a free, and of a second free: the free that comes before it. */
  readonly free?: EventId;
  /** Of memory that is read before it is initialised: the store that initialises it, if there is one. */
  readonly firstStore?: EventId;
  /** Of what a thread cannot do: the reads that give what it tries to do it with. */
  readonly given?: readonly EventId[];
  /** Of a deadlock: where what is waited for was taken, or the section begun that is waited for. */
  readonly heldSince?: readonly EventId[];
  readonly notAwaited?: NotAwaited;
}

/**
 * The first event of an execution that is in an error of a name. @throws RangeError when it is in no such
 * error
 */
export function misuseOf(execution: Execution, name: string, order?: readonly EventId[]): Misuse {
  const shown = execution.errors.filter((error) => error.name === name).map(({ event }) => event);
  if (shown.length === 0) throw new RangeError(`the execution is in no error ${name}`);
  const at = (event: EventId) => (order ? order.indexOf(event) : event);
  const event = shown.reduce((first, other) => (at(other) < at(first) ? other : first));
  const free = freeBefore(event, execution);
  if (free === undefined) {
    const firstStore = name === 'use-before-init' ? firstStoreAfter(event, execution) : undefined;
    const given = givenBy(event, execution);
    const heldSince = name === 'deadlock' ? heldSinceOf(event, execution) : [];
    return {
      event,
      ...(firstStore === undefined ? {} : { firstStore }),
      ...(given.length > 0 ? { given } : {}),
      ...(heldSince.length > 0 ? { heldSince } : {}),
    };
  }
  const notAwaited = reasonNotAwaited(event, free, execution, order);
  return { event, free, ...(notAwaited ? { notAwaited } : {}) };
}

/** The reads that a fault's address, or its operands, come from. */
function givenBy(event: EventId, { graph }: Execution): EventId[] {
  if (!graph.events[event].fault) return [];
  return [...graph.addr, ...graph.data].flatMap(([from, to]) => (to === event ? [from] : []));
}

/** Where what a thread waits for was taken: on its own CPU, or else on others. */
function heldSinceOf(event: EventId, { graph }: Execution): EventId[] {
  const { waitsFor = SECTIONS, cpu } = graph.events[event];
  const found = graph.starts.slice(0, -1).map((_, of) => openOn(of, waitsFor, graph));
  return found[cpu].length > 0 ? found[cpu] : found.flat();
}

/** What a CPU has taken, or begun, of something, and not given back before it comes no further. */
function openOn(cpu: number, resource: Resource, { starts, events }: Execution['graph']): EventId[] {
  const own = events.slice(starts[cpu], starts[cpu + 1]);
  const end = own.findLastIndex(
    ({ waitsFor, fault }) => waitsFor !== undefined || fault?.name === 'deadlock',
  );
  let held: readonly Resource[] = [];
  const open: EventId[] = [];
  for (const [index, { tags, cell }] of own.slice(0, end).entries()) {
    const before = held;
    held = heldAfter(held, tags, cell < 0 ? undefined : (cell as CellId)).filter((one) => one === resource);
    if (held.length > before.length) open.push(eventId(starts[cpu] + index));
    if (held.length < before.length) open.pop();
  }
  return open;
}

/** The free that a read reads from, or that a write comes right after. */
function freeBefore(event: EventId, { graph, sources, coherence, values }: Execution): EventId | undefined {
  const { kind, cell } = graph.events[event];
  if (kind === 'fence' || cell < 0) return undefined;
  const writes = writesTo(cell, coherence);
  const before = kind === 'read' ? sources[event] : writes[writes.indexOf(event) - 1];
  const value = before === undefined ? undefined : values[before];
  return value !== undefined && valuesEqual(value, FREED) ? before : undefined;
}

/** The store that comes right after the initial write that a read reads from; not a free. */
function firstStoreAfter(
  event: EventId,
  { graph, sources, coherence, values }: Execution,
): EventId | undefined {
  const writes = writesTo(graph.events[event].cell, coherence);
  const next = writes[writes.indexOf(sources[event] as EventId) + 1];
  const value = next === undefined ? undefined : values[next];
  return value === undefined || valuesEqual(value, FREED) ? undefined : next;
}

function writesTo(cell: number, coherence: Execution['coherence']): readonly EventId[] {
  return [...coherence].find(([location]) => location === cell)?.[1] ?? [];
}

/**
 * Tags of the events of each kind of RCU: what waits, and where a section that it waits for begins and ends.
 */
const KINDS = [
  { waits: ['sync-rcu-start', 'sync-rcu'], begins: 'rcu-lock', ends: 'rcu-unlock' },
  { waits: ['sync-srcu'], begins: 'srcu-lock', ends: 'srcu-unlock' },
];
type Kind = (typeof KINDS)[number];

const hasTag = ({ graph }: Execution, event: number, names: readonly string[]): boolean =>
  graph.events[event].tags.some((tag) => names.includes(tag.toLowerCase()));

function reasonNotAwaited(
  event: EventId,
  free: EventId,
  execution: Execution,
  order: readonly EventId[] | undefined,
): NotAwaited | undefined {
  const { graph } = execution;
  const [user, owner] = [graph.events[event].cpu, graph.events[free].cpu];
  if (user === owner || owner < 0) return undefined;
  for (let gracePeriod = free - 1; gracePeriod >= graph.starts[owner]; gracePeriod--) {
    if (isCodeOfSrcu(gracePeriod, execution)) return undefined;
    const kind = KINDS.find(({ waits }) => hasTag(execution, gracePeriod, waits));
    if (kind) return waitingIn(kind, event, eventId(gracePeriod), execution, order);
  }
  return { kind: 'no-grace-period' };
}

/** On a machine SRCU is code that counts and waits: its sections are not marked as such. */
function isCodeOfSrcu(event: number, { graph }: Execution): boolean {
  const { kind, span, tags } = graph.events[event];
  const isMarked = kind === 'fence' && tags.includes('sync-srcu');
  return !isMarked && span !== undefined && span.source.text.startsWith('synchronize_srcu', span.start);
}

/** Why the last grace period before a free does not wait for an access. */
function waitingIn(
  kind: Kind,
  event: EventId,
  gracePeriod: EventId,
  execution: Execution,
  order: readonly EventId[] | undefined,
): NotAwaited | undefined {
  const section = sectionAround(event, kind, execution);
  if (section === undefined) return { kind: 'no-section', gracePeriod };
  const isLate = order !== undefined && order.indexOf(gracePeriod) < order.indexOf(section);
  return isLate ? { kind: 'late-section', gracePeriod, section } : undefined;
}

/** Where the outermost read-side section begins that an event stands in. */
function sectionAround(event: EventId, { begins, ends }: Kind, execution: Execution): EventId | undefined {
  const { graph } = execution;
  let depth = 0;
  let outermost: EventId | undefined;
  for (let each = graph.starts[graph.events[event].cpu]; each < event; each++) {
    if (hasTag(execution, each, [begins]) && depth++ === 0) outermost = eventId(each);
    if (hasTag(execution, each, [ends])) depth = Math.max(0, depth - 1);
  }
  return depth > 0 ? outermost : undefined;
}
