/**
 * Conflict-driven clause learning (Marques-Silva, Sakallah: GRASP, 1999; Moskewicz et al.: Chaff, 2001; names
 * as in MiniSat). Variable v has two literals: 2v says that it is true, 2v + 1 that it is not. What the
 * variables stand for is the theory's business.
 */

/**
 * Literals that are all true and that nothing satisfies together; none when there is a contradiction whatever
 * is decided.
 */
export type Conflict = readonly number[];

/** Follows the assignment in its own terms. */
export interface Theory {
  /** Propagates a literal that has become true: implies others, or returns a conflict. */
  assigned(literal: number): Conflict | undefined;
  /** Takes back what `assigned` did, for the latest literal first. */
  retracted(literal: number): void;
}

/** What follows from a conflict. */
export interface Analysis {
  /**
   * A clause that all solutions satisfy: its first literal is the negation of the first unique implication
   * point, its second, if there is one, of the highest other level. Undefined when the conflict rests on no
   * decision.
   */
  readonly clause: readonly number[] | undefined;
  /** The literals that the clause was derived from, whatever their level. */
  readonly antecedents: readonly number[];
}

/** Learned clauses that are kept at once. */
const MAX_LEARNED = 4000;

const negated = (literal: number): number => literal ^ 1;

export class Solver {
  /** By literal: 1 when it is true, -1 when it is false, 0 when it is open. */
  readonly truth: Int8Array;
  /** Decisions that are in force. */
  decisionLevel = 0;
  /** By variable: the decision level at which it was assigned. */
  private readonly level: Int32Array;
  /**
   * The literals that are true, in the order of their assignment; those from `queueHead` on are not
   * propagated yet.
   */
  private readonly trail: Int32Array;
  private trailLength = 0;
  private queueHead = 0;
  /** By decision level: the trail's length when its decision was made. */
  private readonly trailLimits: number[] = [];
  /**
   * By variable: its reason, the true literals that imply it, as `reasonLength` words of `reasons`. They grow
   * and shrink with the trail.
   */
  private readonly reasonStart: Int32Array;
  private readonly reasonLength: Int32Array;
  private reasons = new Int32Array(256);
  private reasonsEnd = 0;
  private clauses: Int32Array[] = [];
  /**
   * By clause: the levels that its literals were of when it was learned; the fewer, the more it will do. 0
   * for one that is never dropped.
   */
  private blockDistances: number[] = [];
  private droppable = 0;
  /** By literal: the clauses that watch it. */
  private readonly watches: (number[] | undefined)[] = [];
  /** By variable: whether the analysis at hand has met it; and those that it has met. */
  private readonly seen: Uint8Array;
  private readonly met: number[] = [];

  constructor(
    variables: number,
    private readonly theory: Theory,
    private readonly maxLearned = MAX_LEARNED,
  ) {
    this.truth = new Int8Array(2 * variables);
    this.level = new Int32Array(variables);
    this.trail = new Int32Array(variables);
    this.reasonStart = new Int32Array(variables);
    this.reasonLength = new Int32Array(variables);
    this.seen = new Uint8Array(variables);
  }

  /** Makes an open literal true until a conflict says otherwise. */
  decide(literal: number): void {
    this.trailLimits[this.decisionLevel++] = this.trailLength;
    this.assign(literal, 0);
  }

  /** The decisions in force. */
  decisions(): Conflict {
    return this.trailLimits.slice(0, this.decisionLevel).map((start) => this.trail[start]);
  }

  /**
   * Makes a literal true for a reason: literals that are true. Returns the conflict when it is false already.
   */
  imply(literal: number, reason: readonly number[]): Conflict | undefined {
    if (this.truth[literal] === 1) return undefined;
    if (this.truth[literal] < 0) return [...reason, negated(literal)];
    for (let index = 0; index < reason.length; index++) this.pushReason(reason[index]);
    this.assign(literal, reason.length);
    return undefined;
  }

  /** As `imply`, for a reason of at most two literals; -1 stands for none. */
  implyBy(literal: number, first: number, second = -1): Conflict | undefined {
    if (this.truth[literal] === 1) return undefined;
    if (this.truth[literal] < 0) return [first, second, negated(literal)].filter((one) => one >= 0);
    let length = 0;
    if (first >= 0) length = this.pushReason(first);
    if (second >= 0) length += this.pushReason(second);
    this.assign(literal, length);
    return undefined;
  }

  /** Adds a clause of two literals. No decision is in force. Returns the conflict when both are false. */
  addBinary(first: number, second: number): Conflict | undefined {
    if (this.truth[first] > 0 || this.truth[second] > 0) return undefined;
    if (this.truth[first] < 0) return this.implyBy(second, negated(first));
    if (this.truth[second] < 0) return this.implyBy(first, negated(second));
    this.addClause(Int32Array.of(first, second), 0);
    return undefined;
  }

  /** Keeps a clause; it watches its first two literals. */
  private addClause(clause: Int32Array, blockDistance: number): void {
    this.clauses.push(clause);
    this.blockDistances.push(blockDistance);
    if (blockDistance > 0) this.droppable++;
    this.watch(clause[0], this.clauses.length - 1);
    this.watch(clause[1], this.clauses.length - 1);
  }

  private pushReason(literal: number): 1 {
    if (this.reasonsEnd === this.reasons.length) {
      const larger = new Int32Array(2 * this.reasons.length);
      larger.set(this.reasons);
      this.reasons = larger;
    }
    this.reasons[this.reasonsEnd++] = literal;
    return 1;
  }

  /** Makes an open literal true; its reason is the last `reasonLength` words of the reasons. */
  private assign(literal: number, reasonLength: number): void {
    const variable = literal >> 1;
    this.truth[literal] = 1;
    this.truth[negated(literal)] = -1;
    this.level[variable] = this.decisionLevel;
    this.reasonStart[variable] = this.reasonsEnd - reasonLength;
    this.reasonLength[variable] = reasonLength;
    this.trail[this.trailLength++] = literal;
  }

  /** Whether something has become true that `propagate` has not followed. */
  get isBehind(): boolean {
    return this.queueHead < this.trailLength;
  }

  /** Follows all that is true, until nothing new does or there is a conflict. */
  propagate(): Conflict | undefined {
    while (this.queueHead < this.trailLength) {
      const literal = this.trail[this.queueHead++];
      const conflict = this.theory.assigned(literal) ?? this.visitClauses(negated(literal));
      if (conflict) return conflict;
    }
    return undefined;
  }

  /** Looks at the clauses that watched a literal which is false now. */
  private visitClauses(literal: number): Conflict | undefined {
    const watching = this.watches[literal];
    if (!watching) return undefined;
    let kept = 0;
    for (let index = 0; index < watching.length; index++) {
      const number = watching[index];
      const clause = this.clauses[number];
      if (clause[0] === literal) {
        clause[0] = clause[1];
        clause[1] = literal;
      }
      if (this.truth[clause[0]] !== 1 && this.watchAnother(clause, number)) continue;
      watching[kept++] = number;
      if (this.truth[clause[0]] === 1) continue;
      if (this.truth[clause[0]] < 0) {
        while (++index < watching.length) watching[kept++] = watching[index];
        watching.length = kept;
        return Array.from(clause, negated);
      }
      for (let other = 1; other < clause.length; other++) this.pushReason(negated(clause[other]));
      this.assign(clause[0], clause.length - 1);
    }
    watching.length = kept;
    return undefined;
  }

  private watchAnother(clause: Int32Array, number: number): boolean {
    for (let index = 2; index < clause.length; index++) {
      if (this.truth[clause[index]] < 0) continue;
      const literal = clause[index];
      clause[index] = clause[1];
      clause[1] = literal;
      this.watch(literal, number);
      return true;
    }
    return false;
  }

  private watch(literal: number, clause: number): void {
    const watching = this.watches[literal];
    if (watching) watching.push(clause);
    else this.watches[literal] = [clause];
  }

  /**
   * Derives a clause from a conflict. Changes nothing.
   *
   * Requires: the conflict's literals are true, and propagation has not gone on since it came up. Let
   * `highest` be the highest decision level among them. Ensures: the conflict is resolved with the reasons of
   * its literals, the latest first, until one literal of `highest` is left, the first unique implication
   * point: the clause says that it and the others, of lower levels, are not true together. If `highest` is 0,
   * there is no clause, and no solution.
   */
  analyze(conflict: Conflict): Analysis {
    const antecedents: number[] = [];
    const highest = this.highestLevel(conflict);
    const clause = highest === 0 ? undefined : this.resolve(conflict, highest, antecedents);
    if (!clause) for (const literal of conflict) this.traceRoot(literal, antecedents);
    for (const variable of this.met) this.seen[variable] = 0;
    this.met.length = 0;
    return { clause, antecedents };
  }

  private highestLevel(literals: readonly number[]): number {
    let highest = 0;
    for (const literal of literals) highest = Math.max(highest, this.level[literal >> 1]);
    return highest;
  }

  private resolve(conflict: Conflict, highest: number, antecedents: number[]): number[] {
    const clause = [-1];
    const meet = (literal: number): 0 | 1 => {
      if (this.seen[literal >> 1] !== 0) return 0;
      const level = this.level[literal >> 1];
      if (level === 0) {
        this.traceRoot(literal, antecedents);
        return 0;
      }
      this.mark(literal, antecedents);
      if (level === highest) return 1;
      clause.push(negated(literal));
      return 0;
    };
    let open = 0;
    for (const literal of conflict) open += meet(literal);
    for (let at = this.trailLength - 1; ; at--) {
      const literal = this.trail[at];
      const variable = literal >> 1;
      if (this.seen[variable] === 0) continue;
      if (--open === 0) {
        clause[0] = negated(literal);
        return this.withHighestSecond(clause);
      }
      const start = this.reasonStart[variable];
      for (let index = 0; index < this.reasonLength[variable]; index++)
        open += meet(this.reasons[start + index]);
    }
  }

  private withHighestSecond(clause: number[]): number[] {
    let second = 1;
    for (let index = 2; index < clause.length; index++)
      if (this.level[clause[index] >> 1] > this.level[clause[second] >> 1]) second = index;
    if (clause.length > 1) [clause[1], clause[second]] = [clause[second], clause[1]];
    return clause;
  }

  private mark(literal: number, antecedents: number[]): void {
    this.seen[literal >> 1] = 1;
    this.met.push(literal >> 1);
    antecedents.push(literal);
  }

  /** Adds a literal that holds without any decision, and all that it comes from. */
  private traceRoot(literal: number, antecedents: number[]): void {
    const variable = literal >> 1;
    if (this.seen[variable] !== 0) return;
    this.mark(literal, antecedents);
    const start = this.reasonStart[variable];
    for (let index = 0; index < this.reasonLength[variable]; index++)
      this.traceRoot(this.reasons[start + index], antecedents);
  }

  /**
   * Learns the clause of an analysis: takes decisions back as far as it implies its first literal there, and
   * makes that true.
   * @param keep whether the clause says what cannot be found out again, so that it must not be dropped
   */
  learn(clause: readonly number[], keep = false): void {
    this.backtrack(clause.length > 1 ? this.level[clause[1] >> 1] : 0);
    if (clause.length > 1) {
      if (this.droppable >= this.maxLearned) this.reduce();
      this.addClause(Int32Array.from(clause), keep ? 0 : this.blockDistanceOf(clause));
    }
    for (let index = 1; index < clause.length; index++) this.pushReason(negated(clause[index]));
    this.assign(clause[0], clause.length - 1);
  }

  /** How many levels literals are of (the literal block distance: Audemard, Simon: Glucose, 2009). */
  private blockDistanceOf(literals: readonly number[]): number {
    return new Set(literals.map((literal) => this.level[literal >> 1])).size;
  }

  /**
   * Drops half of the learned clauses: those of the largest distance, and of these the oldest. What is true
   * keeps its reasons, and the search never comes back to where it has been: it ends without what is dropped.
   */
  private reduce(): void {
    const { clauses, blockDistances } = this;
    const order = [...blockDistances.keys()].filter((index) => blockDistances[index] > 0);
    order.sort((a, b) => blockDistances[a] - blockDistances[b] || b - a);
    const dropped = new Set(order.slice(order.length >> 1));
    this.clauses = clauses.filter((_, index) => !dropped.has(index));
    this.blockDistances = blockDistances.filter((_, index) => !dropped.has(index));
    this.droppable -= dropped.size;
    for (const watching of this.watches) if (watching) watching.length = 0;
    this.clauses.forEach((clause, number) => {
      this.watch(clause[0], number);
      this.watch(clause[1], number);
    });
  }

  /** Takes back all decisions but the first `level`, and what follows from them. */
  backtrack(level: number): void {
    if (this.decisionLevel <= level) return;
    const end = this.trailLimits[level];
    while (this.trailLength > end) {
      const literal = this.trail[--this.trailLength];
      if (this.trailLength < this.queueHead) this.theory.retracted(literal);
      this.truth[literal] = 0;
      this.truth[negated(literal)] = 0;
      this.reasonsEnd = this.reasonStart[literal >> 1];
    }
    if (this.queueHead > end) this.queueHead = end;
    this.decisionLevel = level;
  }
}
