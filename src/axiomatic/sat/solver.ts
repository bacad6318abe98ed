/**
 * Conflict-driven search over literals (Marques-Silva, Sakallah: GRASP, 1999; Moskewicz et al.: Chaff, 2001). Variable v has two
 * literals: 2v says that it is true, 2v + 1 that it is not. What the variables stand for is the theory's business.
 */

/** What follows a search in its own terms. */
export interface Theory {
  /** Draws conclusions from a literal that is true now. False when they contradict each other: `Solver.conflict` says how. */
  assigned(literal: number): boolean;
  /** Takes back what `assigned` did; the latest literal first. */
  retracted(literal: number): void;
  /** Is told each literal that a conflict rests on. */
  touched(literal: number): void;
}

/** Clauses that are kept at once, those that were learned. */
const MOST_LEARNED = 4000;

const negated = (literal: number): number => literal ^ 1;

export class Solver {
  /** By literal: 1 when it is true, -1 when it is false, 0 when it is open. */
  readonly truth: Int8Array;
  /** Literals that are true together and must not be; valid after a step that failed. */
  readonly conflict: number[] = [];
  /** Decisions that are in force. */
  depth = 0;
  private readonly level: Int32Array;
  private readonly trail: Int32Array;
  private length = 0;
  private head = 0;
  /** By depth: the trail's length when its decision was made. */
  private readonly starts: number[] = [];
  /** The true literals that made a variable what it is: `count` of them in `why`, from `first` on. It grows and shrinks with the trail. */
  private why = new Int32Array(256);
  private whyLength = 0;
  private readonly whyFirst: Int32Array;
  private readonly whyCount: Int32Array;
  private clauses: Int32Array[] = [];
  /** By clause: decisions that its literals rested on when it was learned: the fewer, the more it will do. 0 for one that is kept. */
  private spans: number[] = [];
  /** How many may be dropped. */
  private loose = 0;
  /** By literal: the clauses that watch it. */
  private readonly watches: (number[] | undefined)[] = [];
  private readonly seen: Uint8Array;
  private readonly learned: number[] = [];

  constructor(
    variables: number,
    private readonly theory: Theory,
    private readonly mostLearned = MOST_LEARNED,
  ) {
    this.truth = new Int8Array(2 * variables);
    this.level = new Int32Array(variables);
    this.trail = new Int32Array(variables);
    this.whyFirst = new Int32Array(variables);
    this.whyCount = new Int32Array(variables);
    this.seen = new Uint8Array(variables);
  }

  /** Makes a literal true until a conflict says otherwise. */
  decide(literal: number): void {
    this.starts[this.depth++] = this.length;
    this.assign(literal, 0);
  }

  /** The decisions in force become the conflict: nothing more can be said of why. */
  conflictOfDecisions(): false {
    this.conflict.length = 0;
    for (let depth = 0; depth < this.depth; depth++) this.conflict.push(this.trail[this.starts[depth]]);
    return false;
  }

  /** Makes a literal true because others are. False when it is false already: that is the conflict. */
  imply(literal: number, because: readonly number[]): boolean {
    if (this.truth[literal] === 1) return true;
    if (this.truth[literal] < 0) {
      this.conflict.length = 0;
      for (const one of because) this.conflict.push(one);
      this.conflict.push(negated(literal));
      return false;
    }
    for (let index = 0; index < because.length; index++) this.pushWhy(because[index]);
    this.assign(literal, because.length);
    return true;
  }

  /** As `imply`, because of one or two literals; -1 stands for none. */
  imply2(literal: number, first: number, second: number): boolean {
    if (this.truth[literal] === 1) return true;
    if (this.truth[literal] < 0) {
      this.conflict.length = 0;
      if (first >= 0) this.conflict.push(first);
      if (second >= 0) this.conflict.push(second);
      this.conflict.push(negated(literal));
      return false;
    }
    let count = 0;
    if (first >= 0) count = this.pushWhy(first);
    if (second >= 0) count += this.pushWhy(second);
    this.assign(literal, count);
    return true;
  }

  /** Of two literals, one has to be true. Only before any decision. False when neither can be. */
  oneOf(first: number, second: number): boolean {
    if (this.truth[first] > 0 || this.truth[second] > 0) return true;
    if (this.truth[first] < 0) return this.imply2(second, negated(first), -1);
    if (this.truth[second] < 0) return this.imply2(first, negated(second), -1);
    this.addClause(Int32Array.of(first, second), 0);
    return true;
  }

  /** Keeps a clause; it watches its first two literals. */
  private addClause(clause: Int32Array, span: number): void {
    this.clauses.push(clause);
    this.spans.push(span);
    if (span > 0) this.loose++;
    this.watch(clause[0], this.clauses.length - 1);
    this.watch(clause[1], this.clauses.length - 1);
  }

  private pushWhy(literal: number): 1 {
    if (this.whyLength === this.why.length) {
      const larger = new Int32Array(2 * this.why.length);
      larger.set(this.why);
      this.why = larger;
    }
    this.why[this.whyLength++] = literal;
    return 1;
  }

  private assign(literal: number, reasons: number): void {
    const variable = literal >> 1;
    this.truth[literal] = 1;
    this.truth[negated(literal)] = -1;
    this.level[variable] = this.depth;
    this.whyFirst[variable] = this.whyLength - reasons;
    this.whyCount[variable] = reasons;
    this.trail[this.length++] = literal;
  }

  /** Whether something has become true that `propagate` has not followed. */
  get isBehind(): boolean {
    return this.head < this.length;
  }

  /** Follows all that is true. False when there is a conflict. */
  propagate(): boolean {
    while (this.head < this.length) {
      const literal = this.trail[this.head++];
      if (!this.theory.assigned(literal) || !this.visitClauses(negated(literal))) return false;
    }
    return true;
  }

  /** Looks at the clauses that watched a literal which is false now. */
  private visitClauses(literal: number): boolean {
    const watching = this.watches[literal];
    if (!watching) return true;
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
      for (let other = 1; other < clause.length; other++) this.pushWhy(negated(clause[other]));
      if (this.truth[clause[0]] < 0) {
        this.whyLength -= clause.length - 1;
        this.conflict.length = 0;
        for (let other = 0; other < clause.length; other++) this.conflict.push(negated(clause[other]));
        while (++index < watching.length) watching[kept++] = watching[index];
        watching.length = kept;
        return false;
      }
      this.assign(clause[0], clause.length - 1);
    }
    watching.length = kept;
    return true;
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
   * Learns from the conflict: takes decisions back as far as what is learned says something there, and follows it. False when the conflict
   * rests on no decision: nothing is left to search.
   * @param keep the conflict says what cannot be found out again
   */
  resolve(keep = false): boolean {
    const highest = this.highestLevel(this.conflict);
    if (highest === 0) {
      for (const literal of this.conflict) this.touchRoot(literal);
      this.clearSeen();
      return false;
    }
    this.backtrack(highest);
    const first = this.firstUniquePoint(highest);
    const { learned } = this;
    let second = 0;
    for (let index = 1; index < learned.length; index++) {
      if (this.level[learned[index] >> 1] > this.level[learned[second] >> 1] || second === 0) second = index;
    }
    const target = second === 0 ? 0 : this.level[learned[second] >> 1];
    this.backtrack(target);
    if (second > 0) {
      const other = learned[second];
      learned[second] = learned[1];
      learned[1] = other;
      if (this.loose >= this.mostLearned) this.forget();
      this.addClause(Int32Array.from(learned), keep ? 0 : this.spanOf(learned));
    }
    for (let index = 1; index < learned.length; index++) this.pushWhy(negated(learned[index]));
    this.assign(negated(first), learned.length - 1);
    return true;
  }

  private readonly levels: number[] = [];

  /** How many levels literals are of (the literal block distance: Audemard, Simon: Glucose, 2009). */
  private spanOf(literals: readonly number[]): number {
    const { levels } = this;
    levels.length = 0;
    for (const literal of literals) {
      const level = this.level[literal >> 1];
      if (!levels.includes(level)) levels.push(level);
    }
    return levels.length;
  }

  /**
   * Drops half of what was learned: what spans most decisions, and of that the oldest. What is true keeps its reasons, and the search
   * never comes back to where it has been: it ends without what is dropped.
   */
  private forget(): void {
    const { clauses, spans } = this;
    const order = spans.map((_, index) => index).filter((index) => spans[index] > 0);
    order.sort((a, b) => spans[a] - spans[b] || b - a);
    const dropped = new Set(order.slice(order.length >> 1));
    this.clauses = clauses.filter((_, index) => !dropped.has(index));
    this.spans = spans.filter((_, index) => !dropped.has(index));
    this.loose -= dropped.size;
    for (const watching of this.watches) if (watching) watching.length = 0;
    this.clauses.forEach((clause, number) => {
      this.watch(clause[0], number);
      this.watch(clause[1], number);
    });
  }

  private highestLevel(literals: readonly number[]): number {
    let highest = 0;
    for (const literal of literals)
      if (this.level[literal >> 1] > highest) highest = this.level[literal >> 1];
    return highest;
  }

  /**
   * Resolves the conflict with the reasons of its literals, the latest first, until one literal of its level is left; leaves the clause in
   * `learned`, with that literal's negation first.
   */
  private firstUniquePoint(highest: number): number {
    const { learned, seen, trail } = this;
    learned.length = 1;
    let open = 0;
    for (const literal of this.conflict) open += this.meet(literal, highest);
    for (let at = this.length - 1; ; at--) {
      const literal = trail[at];
      const variable = literal >> 1;
      if (seen[variable] === 0) continue;
      if (--open === 0) {
        learned[0] = negated(literal);
        this.clearSeen();
        return literal;
      }
      const from = this.whyFirst[variable];
      for (let index = 0; index < this.whyCount[variable]; index++) {
        open += this.meet(this.why[from + index], highest);
      }
    }
  }

  /** Counts a literal of the conflict's level, and keeps one of a lower level. */
  private meet(literal: number, highest: number): 0 | 1 {
    const variable = literal >> 1;
    if (this.seen[variable] !== 0) return 0;
    const level = this.level[variable];
    if (level === 0) {
      this.touchRoot(literal);
      return 0;
    }
    this.mark(variable);
    this.theory.touched(literal);
    if (level === highest) return 1;
    this.learned.push(negated(literal));
    return 0;
  }

  /** Tells the theory of a literal that holds without any decision, and of all that it comes from. */
  private touchRoot(literal: number): void {
    const variable = literal >> 1;
    if (this.seen[variable] !== 0) return;
    this.mark(variable);
    this.theory.touched(literal);
    const from = this.whyFirst[variable];
    for (let index = 0; index < this.whyCount[variable]; index++) this.touchRoot(this.why[from + index]);
  }

  private readonly marked: number[] = [];

  private mark(variable: number): void {
    this.seen[variable] = 1;
    this.marked.push(variable);
  }

  private clearSeen(): void {
    for (const variable of this.marked) this.seen[variable] = 0;
    this.marked.length = 0;
  }

  /** Takes all decisions after the first `depth` back, and what follows from them. */
  backtrack(depth: number): void {
    if (this.depth <= depth) return;
    const end = this.starts[depth];
    while (this.length > end) {
      const literal = this.trail[--this.length];
      const variable = literal >> 1;
      if (this.length < this.head) this.theory.retracted(literal);
      this.truth[literal] = 0;
      this.truth[negated(literal)] = 0;
      this.whyLength = this.whyFirst[variable];
    }
    if (this.head > end) this.head = end;
    this.depth = depth;
  }
}
