/**
 * The names that a model may use without defining them. An execution gives each a set of events or a relation; a
 * name that no program uses is empty. What a name means is told in docs/cat.md for people who write models.
 */

/** Sets of events that come from an event's kind. */
export const kindSets = {
  _: 'every event',
  R: 'reads',
  W: 'writes, the initial ones included',
  M: 'accesses: reads and writes',
  F: 'fences, and other events that touch no memory',
  IW: 'the initial writes, one for each location',
  FW: 'the final writes: the last in co of each location whose final value the test shows',
  B: 'branches (always empty: a branch is no event here, its dependency is in ctrl)',
  RMW: 'accesses of atomic read-modify-writes',
  X: 'accesses of atomic read-modify-writes, load-locked and store-conditional included',
  A: 'X, as the x86 models call it; in C11 programs the atomic accesses',
  LL: 'load-locked',
  SC: 'successful store-conditional; in C11 programs the events of order seq_cst',
} as const;

/** Sets of the events that carry a tag: barriers by the names of their instructions, and what kernel primitives mean. */
export const tagSets = {
  // Alpha (handbook 4.11.7 and 5.6)
  MB: 'Alpha memory barrier',
  WMB: 'Alpha write memory barrier',
  // X86
  MFENCE: 'x86 full fence',
  LFENCE: 'x86 load fence',
  SFENCE: 'x86 store fence',
  // PSO (SPARC v8's STBAR orders stores)
  STBAR: 'SPARC store barrier',
  // C
  Plain: 'plain C accesses',
  Once: 'READ_ONCE, WRITE_ONCE and accesses alike',
  // Memory that is allocated and freed
  Free: 'stores of kfree(): each location of the object',
  BadFree: 'kfree() of what is no object (an event that touches no memory)',
  // Locks of C programs; these events are neither reads nor writes: models make them so
  LK: 'lock operations',
  LKR: 'the read of a lock operation that took the lock',
  LKW: 'the write of a lock operation that took the lock',
  LS: 'lock operations that took the lock',
  LF: 'lock operations that found the lock taken',
  UL: 'unlock operations',
  RL: 'tests of a lock that found it taken',
  RU: 'tests of a lock that found it free',
  // C11: the orders of atomic operations
  ACQ: 'order acquire',
  REL: 'order release',
  ACQ_REL: 'order acq_rel',
  RLX: 'order relaxed',
  CON: 'order consume',
  NA: 'C11 accesses that are not atomic',
  // Where a CPU stands, for grace periods and interrupts
  'Rcu-lock': 'the start of a read-side section',
  'Rcu-unlock': 'the end of a read-side section',
  'Sync-rcu-start': 'the start of a grace period',
  'Sync-rcu-end': 'the end of a grace period',
  'Irq-off': 'interrupts are disabled from here',
  'Irq-on': 'interrupts are enabled again',
  // Interrupt handlers
  IntEntry: 'the entry of an interrupt handler',
  IntReturn: 'the return from an interrupt handler',
} as const;

/** Relations over events. */
export const baseRelations = {
  id: 'each event with itself',
  po: 'program order: the order in which one CPU issues its events',
  addr: 'address dependency: a read, and an access whose address it determines',
  data: 'data dependency: a read, and a write whose value it determines',
  ctrl: 'control dependency: a read, and an event whose execution it determines',
  choice:
    'a read, and an event whose address, value or execution comes from what a branch chose that it decided',
  might:
    'a read, and a write that an Alpha would keep behind an access or barrier that the read decides about, on whichever way (dependence constraint)',
  rmw: 'the read and the write of one atomic read-modify-write, or of a load-locked and a store-conditional to its block',
  loc: 'accesses to the same location',
  'same-block': 'accesses to one naturally aligned block of 16 bytes, which a load-locked of the Alpha locks',
  int: 'events of the same thread',
  ext: 'events of different threads',
  'same-instance':
    'events of one execution of an instruction: each with itself, and the read and write of an instruction that has both',
  rf: 'reads-from: a write, and a read that returns its value',
  co: 'coherence: the order in which writes to one location take effect',
} as const;

/**
 * What only the predefined function of the same name shows: events of which both have a value, and not the same. A base like the
 * others, but no name of the language.
 */
const hiddenRelations: readonly string[] = ['different-values'];

/** Whether a base is a relation; else it is a set: of a kind, or of the events with a tag. */
export function isRelation(name: string): boolean {
  return Object.hasOwn(baseRelations, name) || hiddenRelations.includes(name);
}

/**
 * Whether an event with the tag belongs to the set of that name: the set `Rcu-lock`, or `MB`, is of the events that carry a tag
 * `rcu-lock`, or `mb`, in any case of the letters.
 */
export function isTagOf(tag: string, set: string): boolean {
  return tag === set || tag.toLowerCase() === set.toLowerCase();
}

/** Whether a base is empty in many programs: a tag, a kind of access that few have, or what only branches bring about. */
export function mayBeAbsent(name: string): boolean {
  if (isRelation(name)) return name === 'choice' || name === 'might';
  return !Object.hasOwn(kindSets, name) || ['B', 'RMW', 'X', 'A', 'LL', 'SC'].includes(name);
}
