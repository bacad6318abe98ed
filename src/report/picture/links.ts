import type { Execution } from '../../check/index.js';
import { type EventId, eventId } from '../../execution/index.js';
import {
  type DependencyName,
  dependencyNames,
  isDependency,
  type PictureOptions,
  type PictureRelation,
  usualRelations,
} from './relations.js';
import type { Picture } from './subject.js';

/** A line of a picture, from one event to another. */
export interface Link {
  readonly from: EventId;
  readonly to: EventId;
  /** What its line looks like. */
  readonly relation: Exclude<PictureRelation, 'init'>;
  /**
   * What it stands for: a relation, several dependencies between the same events, or a relation that a
   * model's cycle is made of.
   */
  readonly names: readonly string[];
  readonly inCycle: boolean;
  /** Program order that the model does not keep. */
  readonly notKept: boolean;
}

/**
 * The lines of a picture: po from each event to the next, co from each write to the next, fr to the first
 * write that overwrites what is read, where that is no matter of course, ctrl to the first event that depends
 * on a branch; whatever a cycle consists of; and no relation that is not to be shown.
 */
export function linksOf(picture: Picture, { shown = usualRelations }: PictureOptions = {}): Link[] {
  const { execution } = picture;
  const links = new Links();
  addProgramOrder(links, execution);
  addCommunication(links, execution);
  addDependencies(links, picture);
  addCycle(links, picture);
  const { events } = execution.graph;
  const isShown = (event: EventId) => events[event].cpu >= 0 || showsInitial(picture, shown);
  return links.all.filter(({ from, to, relation }) => shown.has(relation) && isShown(from) && isShown(to));
}

/**
 * Whether initial writes are events of a picture: when they are asked for, and when a cycle goes through one.
 */
function showsInitial(
  { execution, cycle }: Picture,
  shown: ReadonlySet<PictureRelation> = usualRelations,
): boolean {
  const isInitial = (event: EventId) => execution.graph.events[event].cpu < 0;
  return shown.has('init') || cycle.some(({ from, to }) => isInitial(from) || isInitial(to));
}

/** The events of a picture: initial writes only where they are shown. */
export function eventsOf(picture: Picture, { shown = usualRelations }: PictureOptions = {}): EventId[] {
  const { events } = picture.execution.graph;
  const hasInitial = showsInitial(picture, shown);
  return [...events.keys()].map(eventId).filter((event) => events[event].cpu >= 0 || hasInitial);
}

/** Links by what they connect; a link that comes up twice is one, and in the cycle if either is. */
class Links {
  private readonly found = new Map<string, Link>();

  add(from: EventId, to: EventId, relation: Link['relation'], how: Partial<Link> = {}): void {
    const { names = [relation], inCycle = false, notKept = false } = how;
    const key = `${from} ${to} ${names.join(' ')}`;
    const known = this.found.get(key);
    this.found.set(key, {
      from,
      to,
      relation,
      names,
      inCycle: inCycle || (known?.inCycle ?? false),
      notKept,
    });
  }

  has(from: EventId, to: EventId, name: string): boolean {
    return this.all.some((link) => link.from === from && link.to === to && link.names.includes(name));
  }

  get all(): Link[] {
    return [...this.found.values()];
  }
}

function addProgramOrder(links: Links, { graph: { starts } }: Execution): void {
  for (let cpu = 0; cpu + 1 < starts.length; cpu++) {
    for (let event = starts[cpu]; event + 1 < starts[cpu + 1]; event++)
      links.add(eventId(event), eventId(event + 1), 'po');
  }
}

function addCommunication(links: Links, execution: Execution): void {
  const pairs = communication(execution);
  const needed = neededReads(pairs, execution);
  for (const { relation, from, to } of pairs)
    if (relation !== 'fr' || needed.has(from)) links.add(from, to, relation);
}

/**
 * The reads whose fr says something new: not that the CPU itself overwrites later on what it has read; and of
 * reads of another CPU's or an initial write, only that of the last, since those before it in program order
 * come before it.
 */
function neededReads(
  pairs: readonly Communication[],
  { graph: { events }, sources }: Execution,
): Set<EventId> {
  const last = new Map<string, EventId>();
  for (const { relation, from, to } of pairs) {
    if (relation !== 'fr') continue;
    const isInternal = events[from].cpu === events[to].cpu;
    if (!isInternal) last.set(`${events[from].cpu} ${sources[from]}`, from);
    else if (from > to) last.set(`${from}`, from);
  }
  return new Set(last.values());
}

interface Communication {
  readonly relation: 'rf' | 'co' | 'fr';
  readonly from: EventId;
  readonly to: EventId;
}

/** rf; co from each write to the next; fr to the next write after the one that is read from. */
export function communication({ sources, coherence }: Execution): Communication[] {
  const pairs: Communication[] = [];
  const next = new Map<EventId, EventId>();
  for (const writes of coherence.values()) {
    for (let at = 1; at < writes.length; at++) next.set(writes[at - 1], writes[at]);
  }
  sources.forEach((source, read) => {
    if (source === undefined) return;
    const reader = eventId(read);
    pairs.push({ relation: 'rf', from: source, to: reader });
    const overwriting = next.get(source);
    if (overwriting !== undefined) pairs.push({ relation: 'fr', from: reader, to: overwriting });
  });
  for (const [from, to] of next) pairs.push({ relation: 'co', from, to });
  return pairs;
}

function addDependencies(links: Links, { execution, cycle }: Picture): void {
  for (const { from, to, names } of dependencies(execution)) {
    const inCycle = cycle.some((step) => step.from === from && step.to === to && isDependency(step.kind));
    links.add(from, to, names[0], { names, inCycle });
  }
}

/**
 * Pairs of events with all dependencies between them. A branch that many events depend on has its line to the
 * first of them.
 */
function dependencies({ graph }: Execution) {
  const pairs = new Map<string, { from: EventId; to: EventId; names: DependencyName[] }>();
  const first = new Map<EventId, number>();
  for (const [from, to] of graph.ctrl) first.set(from, Math.min(to, first.get(from) ?? to));
  for (const name of dependencyNames) {
    for (const [from, to] of graph[name]) {
      if (name === 'ctrl' && first.get(from) !== to) continue;
      const key = `${from} ${to}`;
      const pair = pairs.get(key) ?? { from, to, names: [] };
      pairs.set(key, pair);
      pair.names.push(name);
    }
  }
  return pairs.values();
}

function addCycle(links: Links, { cycle, reorderings }: Picture): void {
  const isKept = (from: EventId, to: EventId) =>
    !reorderings.some(({ first, second }) => first === from && second === to);
  for (const { kind, from, to, relation } of cycle) {
    if (from === to) continue;
    if (kind === 'po' && isKept(from, to)) {
      for (let event = from; event < to; event++)
        links.add(eventId(event), eventId(event + 1), 'po', { inCycle: true });
    } else if (kind === 'po') {
      links.add(from, to, 'po', { inCycle: true, notKept: true });
    } else if (isDependency(kind)) {
      if (!links.has(from, to, kind)) links.add(from, to, kind, { inCycle: true });
    } else if (kind === 'other' || kind === 'might') {
      links.add(from, to, 'other', { names: [relation ?? kind], inCycle: true });
    } else links.add(from, to, kind, { inCycle: true });
  }
}
