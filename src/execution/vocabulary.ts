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
  FW: 'the final writes: the last of each location in co',
  B: 'branches (always empty: a branch is no event here, its dependency is in ctrl)',
  RMW: 'accesses of atomic read-modify-writes',
  X: 'accesses of atomic read-modify-writes, load-locked and store-conditional included',
  A: 'X, as the x86 models call it',
  LL: 'load-locked',
  SC: 'successful store-conditional',
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
  rmw: 'the read and the write of one atomic read-modify-write, or of a load-locked and its store-conditional',
  loc: 'accesses to the same location',
  int: 'events of the same thread',
  ext: 'events of different threads',
  rf: 'reads-from: a write, and a read that returns its value',
  co: 'coherence: the order in which writes to one location take effect',
} as const;
