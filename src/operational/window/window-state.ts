import type { Span } from '../../diagnostics.js';
import {
  type CellId,
  type Code,
  type Fault,
  isPointer,
  type Frame as ProgramFrame,
  type Regions,
  type Resource,
  type Symbolic,
  type Tag,
  type ValueId,
  valueKey,
} from '../../program/index.js';
import { NONE, type SetId } from './load-sets.js';
import { type PairMask, startsIn } from './orders.js';

/**
 * What a register holds: a value that may still be arithmetic over loads that wait (by slot), and the loads that it depends on,
 * which may be more: those, too, that decided branches which chose what it holds.
 */
export interface Content {
  readonly value: Symbolic;
  readonly deps: SetId;
  /** Loads that decided, by branches that are over, what it holds, where these are kept apart. */
  readonly choice?: SetId;
}

export const ZERO: Content = { value: { kind: 'constant', value: 0n }, deps: NONE };

/** A branch that was taken, or the call of the frame to an address, and the loads that decided it. */
export interface Control {
  /** Where it is in the code. -1: the call; or a branch in assembly, that controls all behind it. */
  readonly pc: number;
  /** Where it controls no more. */
  readonly join: number;
  readonly deps: SetId;
}

/** Code being run. What controls what is issued is only what depends on loads that wait. A state that was made is not changed. */
export type Frame = ProgramFrame<Content, readonly Control[]>;

/** A thread or handler on its CPU. */
export interface Context {
  readonly frames: readonly Frame[];
  readonly ended: boolean;
  /** By site: how many objects it has allocated there. */
  readonly allocated: readonly number[];
  /** Where it stands, for grace periods and interrupts. */
  readonly regions: Regions;
  /** The locks that it has taken and not freed, and sections of SRCU. */
  readonly taken: readonly Resource[];
  /** A load of it has returned junk, or it has come to what it cannot do: what it cannot do from then on is no fault of the program's. */
  readonly misled?: true;
  /**
   * What it could not do when no load of it had returned junk; `slots`: how many loads waited then. If one of its own among them returns
   * junk, it was no fault.
   */
  readonly fault?: Fault & { readonly slots: number };
}

/**
 * What the read of an atomic pair keeps other CPUs from until the pair has written: from storing to the locations of `range`, from
 * when it performs (Alpha handbook, 5.6.1.8). `slot` is its own while it waits.
 */
export interface Hold {
  readonly slot?: number;
  readonly range: readonly CellId[];
}

/** An access that was issued and has not performed. `origin` is its instruction, where there are loops, else -1. */
export type Pending =
  | {
      readonly kind: 'load';
      readonly cell: CellId;
      /** What it must return: later instructions have made use of it. */
      readonly predicted?: ValueId;
      /** It must return what the location holds now: a later load of it has done so. */
      readonly bound?: true;
      /** The loads that it waits for. */
      readonly deps: SetId;
      readonly mark?: Tag;
      readonly origin: number;
      /** The context that issued it. */
      readonly place: number;
    }
  | {
      readonly kind: 'store';
      readonly cell: CellId;
      readonly value: Symbolic;
      /** The loads that it depends on; those that a load waits for that it is forwarded to. */
      readonly deps: SetId;
      readonly source: SetId;
      /** Of the write of an atomic pair. */
      readonly hold?: Hold;
      /** It is forwarded to no load. */
      readonly isKept?: true;
      readonly mark?: Tag;
      readonly origin: number;
    }
  /** A barrier, with the pairs of accesses that it keeps in order. Invariant: it is of use (`separates`). */
  | { readonly kind: 'barrier'; readonly pairs: PairMask; readonly name: Tag };

/**
 * A read-side section of a CPU that is not over. It starts when the first access that was issued behind its start performs, be it behind
 * its end as well; it is over when all that was issued before its end has performed. That is as late, and as early, as the law of
 * grace periods lets it (models/rcu.cat). Places are as in the window: what stands there, and behind, was issued later.
 */
export interface Section {
  /** Accesses from this place on were issued behind its start. 0 once it has started. */
  readonly from: number;
  readonly started: boolean;
  /** Accesses before this place were issued before its end; undefined while that has not come. */
  readonly to?: number;
  /** The CPUs whose grace periods wait for it, a bit for each. */
  readonly awaitedBy: number;
}

/** Dependencies of the accesses issued so far, for the writes that are ordered after them. */
export interface Causes {
  /** By location. */
  readonly cells: readonly SetId[];
  readonly accesses: SetId;
  readonly writes: SetId;
  /** `accesses` at the last MB, and `writes` at the last WMB. */
  readonly mb: SetId;
  readonly wmb: SetId;
  /** Of the addresses of all accesses. */
  readonly addresses: SetId;
}

/** All that one CPU remembers, but for memory. */
export interface CpuState {
  /** The CPU's own thread, then its handlers. */
  readonly contexts: readonly Context[];
  /** The handlers that it is in, the innermost last. */
  readonly active: readonly number[];
  /** A bit for each handler that was entered. */
  readonly ran: number;
  /** An atomic instruction has issued its read and not its write, if there is to be one. No `hold`: there can be none any more. */
  readonly midway?: { readonly cell: CellId; readonly hold?: Hold };
  /** No handler is entered before the next event. */
  readonly declined: boolean;
  /** In issue order. The `n`-th load in it is slot `n`. */
  readonly window: readonly Pending[];
  /** Those that are not over, in issue order. */
  readonly sections: readonly Section[];
  /** Its grace period has begun. */
  readonly waiting: boolean;
  /** The load-locked that a store-conditional may pair with. No `hold`: it cannot any more, as another CPU has stored in its range. */
  readonly link?: { readonly cell: CellId; readonly hold?: Hold };
  /** A guess was made for the sake of what must happen next: the access at a place performs, or one issued `after` performs. */
  readonly must?: { readonly kind: 'entry' | 'after'; readonly at: number };
  readonly causes: Causes;
  /** A thread on it is not followed any further. */
  readonly limit?: { readonly span?: Span };
  /** A thread on it goes round for ever. */
  readonly hangs?: true;
}

/** The place in the window of the load in a slot. */
export function placeOfSlot(window: readonly Pending[], slot: number): number {
  let seen = 0;
  return window.findIndex(({ kind }) => kind === 'load' && seen++ === slot);
}

/** The slot of the load at a place, or of the next load that is issued behind the window. */
export function slotAt(window: readonly Pending[], place: number): number {
  let slot = 0;
  for (let at = 0; at < place; at++) if (window[at].kind === 'load') slot++;
  return slot;
}

/** The youngest store to a location before a place in the window; -1 when there is none. */
export function sourceOf(window: readonly Pending[], cell: CellId, before: number): number {
  for (let at = before - 1; at >= 0; at--) {
    const entry = window[at];
    if (entry.kind === 'store' && entry.cell === cell) return at;
  }
  return -1;
}

/** Whether a barrier at a place keeps anything apart that the barriers before it do not. */
export function separates(window: readonly Pending[], place: number, pairs: PairMask): boolean {
  for (let at = place - 1; at >= 0; at--) {
    const entry = window[at];
    if (entry.kind !== 'barrier') {
      if (startsIn(pairs, entry)) return true;
    } else if ((entry.pairs & pairs) === pairs) return false;
  }
  return false;
}

/** Applies functions to every set and every value in a state, and to every hold. */
export function mapped(
  state: CpuState,
  sets: (set: SetId) => SetId,
  values: (value: Symbolic) => Symbolic,
  holds: (hold: Hold) => Hold,
): CpuState {
  const { causes } = state;
  const content = ({ value, deps, choice }: Content): Content => {
    const kept = choice === undefined ? NONE : sets(choice);
    const plain = { value: values(value), deps: sets(deps) };
    return kept === NONE ? plain : { ...plain, choice: kept };
  };
  const frame = (f: Frame): Frame => ({
    ...f,
    registers: f.registers.map(content),
    control: f.control.map(({ pc, join, deps }) => ({ pc, join, deps: sets(deps) })),
  });
  return {
    ...state,
    contexts: state.contexts.map((context) => ({ ...context, frames: context.frames.map(frame) })),
    window: state.window.map((entry) => {
      if (entry.kind === 'barrier') return entry;
      if (entry.kind === 'load') return { ...entry, deps: sets(entry.deps) };
      const { value, deps, source } = entry;
      const store = { ...entry, value: values(value), deps: sets(deps), source: sets(source) };
      return entry.hold ? { ...store, hold: holds(entry.hold) } : store;
    }),
    ...(state.midway?.hold ? { midway: { ...state.midway, hold: holds(state.midway.hold) } } : {}),
    ...(state.link?.hold ? { link: { ...state.link, hold: holds(state.link.hold) } } : {}),
    causes: {
      cells: causes.cells.map(sets),
      accesses: sets(causes.accesses),
      writes: sets(causes.writes),
      mb: sets(causes.mb),
      wmb: sets(causes.wmb),
      addresses: sets(causes.addresses),
    },
  };
}

/** The window without the entries at some places; places move up. */
export function without(state: CpuState, leaves: (at: number) => boolean): CpuState {
  const moved: number[] = [];
  let kept = 0;
  for (let at = 0; at < state.window.length; at++) moved.push(leaves(at) ? -1 : kept++);
  moved.push(kept);
  const { must, ...rest } = state;
  const before = (place: number): number => moved.slice(0, place).filter((at) => at >= 0).length;
  return {
    ...rest,
    window: rest.window.filter((_, at) => !leaves(at)),
    sections: rest.sections.length === 0 ? rest.sections : movedSections(rest.sections, before),
    ...(must ? { must: { ...must, at: moved[must.at] } } : {}),
  };
}

/** The sections when the window loses entries: `kept` says how many before a place stay. */
function movedSections(sections: readonly Section[], kept: (before: number) => number): readonly Section[] {
  return sections.map((section) => ({
    ...section,
    from: kept(section.from),
    ...(section.to === undefined ? {} : { to: kept(section.to) }),
  }));
}

function sectionsKey(sections: readonly Section[]): string {
  return sections
    .map(({ from, started, to, awaitedBy }) => `${started ? 's' : from}-${to ?? ''}:${awaitedBy}`)
    .join(',');
}

/** A string that is equal for equal states and only for those. `codeId` numbers the codes. */
export function stateKey(state: CpuState, codeId: (code: Code) => number): string {
  const { causes, link, must, midway } = state;
  const standing = ({ depth, irqs }: Regions): string => `${depth}/${irqs}`;
  const frame = (f: Frame): string =>
    `${codeId(f.code)}:${f.pc}:${f.result ?? ''}:${f.stage}:${f.registers.map(contentKey).join(',')}:${f.control
      .map(({ pc, join, deps }) => `${pc}/${join}/${deps}`)
      .join(',')}`;
  return [
    state.contexts
      .map(
        (c) =>
          `${c.ended ? '.' : ''}${wrong(c)}${c.allocated.join(',')}/${standing(c.regions)}/${c.taken.join(',')}:${c.frames.map(frame).join(';')}`,
      )
      .join('|'),
    state.active.join(','),
    state.ran,
    midway ? `${midway.cell}${holdKey(midway.hold)}` : '',
    state.declined ? 1 : 0,
    state.window.map(pendingKey).join(';'),
    sectionsKey(state.sections),
    state.waiting ? 1 : 0,
    link ? `${link.cell}${holdKey(link.hold)}` : '',
    must ? `${must.kind}${must.at}` : '',
    `${causes.cells.join(',')};${causes.accesses};${causes.writes};${causes.mb};${causes.wmb};${causes.addresses}`,
    state.limit ? (state.limit.span?.start ?? '?') : '',
    state.hangs ? 1 : 0,
  ].join('#');
}

function wrong({ misled, fault }: Context): string {
  return fault ? `!${fault.name}@${fault.span?.start}/${fault.slots}!` : misled ? '!' : '';
}

function contentKey({ value, deps, choice }: Content): string {
  if (choice !== undefined) return `${symbolicKey(value)}/${deps}~${choice}`;
  return deps === NONE ? symbolicKey(value) : `${symbolicKey(value)}/${deps}`;
}

/** A location has at most two ranges around it, of different lengths. */
function holdKey(hold: Hold | undefined): string {
  return hold ? `h${hold.slot ?? ''}/${hold.range.length}` : '';
}

function pendingKey(entry: Pending): string {
  switch (entry.kind) {
    case 'load':
      return `R${entry.cell}=${entry.predicted ?? ''}@${entry.origin}^${entry.place}/${entry.deps}${entry.mark ?? ''}${entry.bound ? '!' : ''}`;
    case 'store':
      return `W${entry.cell}=${symbolicKey(entry.value)}/${entry.deps}<${entry.source}${holdKey(entry.hold)}@${entry.origin}${entry.mark ?? ''}${entry.isKept ? '!' : ''}`;
    case 'barrier':
      return `B${entry.pairs}`;
  }
}

function symbolicKey(value: Symbolic): string {
  switch (value.kind) {
    case 'constant':
      return isPointer(value.value) ? valueKey(value.value) : String(value.value);
    case 'register':
      return `r${value.register}`;
    case 'unary':
      return `(${value.op}${symbolicKey(value.operand)})`;
    case 'wrap':
      return `(${value.type.signed ? 's' : 'u'}${value.type.bits} ${symbolicKey(value.operand)})`;
    case 'binary':
      return `(${symbolicKey(value.left)}${value.op}${symbolicKey(value.right)})`;
    case 'select':
      return `(${symbolicKey(value.condition)}?${symbolicKey(value.then)}:${symbolicKey(value.otherwise)})`;
  }
}
