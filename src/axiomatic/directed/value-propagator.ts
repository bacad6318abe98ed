import { closeCircles } from '../candidate/value-circles.js';
import type { Conflict } from '../sat/solver.js';
import type { SearchView } from './search-view.js';

/** What reads return follows from their sources; a path's branches come out as the path says. */
export class ValuePropagator {
  /** Reads whose source is open. */
  openReads: number;
  /** By read: the mark in the values' trail from before its source was chosen. */
  private readonly marks: Int32Array;

  constructor(private readonly view: SearchView) {
    this.openReads = view.values.reads.length;
    this.marks = new Int32Array(view.arena.n);
  }

  /** A read has got its source: the conflict is what the reads return of a constraint that breaks. */
  chosen(read: number, write: number): Conflict | undefined {
    const { values } = this.view;
    this.openReads--;
    this.marks[read] = values.mark();
    const broken = values.choose(read, write);
    return broken && this.view.blameReads(broken);
  }

  /** A read has lost its source, the latest first. */
  retracted(read: number): void {
    this.openReads++;
    this.view.values.undo(read, this.marks[read]);
  }

  /**
   * All sources are chosen, and values depend on themselves: a conflict when no values go with the sources.
   * Leaves the values open.
   */
  refuteCircles(): Conflict | undefined {
    const { values, conflictSet } = this.view;
    const mark = values.mark();
    const closing = closeCircles(values);
    values.rewind(mark);
    if (closing !== 'impossible') return undefined;
    conflictSet.addAll();
    return this.view.blameReads(values.reads);
  }
}
