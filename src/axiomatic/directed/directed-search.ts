import type { PlannedCheck } from '../../cat/index.js';
import type { ExecutionGraph } from '../../execution/index.js';
import { look, tick } from '../../limits.js';
import { UNKNOWN } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import type { Suspect } from '../candidate/candidate-errors.js';
import { GraphExecution, type SearchContext } from '../candidate/candidate-execution.js';
import type { Aim } from '../candidate/collector.js';
import { closeCircles } from '../candidate/value-circles.js';
import { Solver, type Theory } from '../sat/solver.js';
import { circlesPossible } from '../thin-air/thin-air.js';
import { ordersToTake } from './alike-cpus.js';
import { explainError, forbidError, requireError } from './error-obligations.js';
import { Lookahead } from './exclusion-propagator.js';
import { type Blame, Explainer } from './explainer.js';
import { compileWant } from './negation-normal-form.js';
import type { Ground, Paths } from './search-view.js';
import { storableValues } from './storable-values.js';
import { Needs } from './value-requirements.js';
import { ORDER, SOURCE, Variables } from './variables.js';

/** Decisions between two looks at the limits. */
const POLL_INTERVAL = 256;

/**
 * Search for one consistent execution of a graph after the other that satisfies what is wanted. What is wanted constrains values, sources
 * and final writes before anything is decided; what closes a branch is derived back to the decisions that it rests on, and learned
 * (conflict-driven, with the model's checks as the theory).
 */
export class DirectedSearch extends GraphExecution implements Ground, Theory, Blame {
  readonly variables: Variables;
  readonly solver: Solver;
  private readonly explainer: Explainer;
  private readonly lookahead: Lookahead;
  private readonly needs: Needs;
  /** By target: the variable of its source; -1 while that is open. And how many sources are not ruled out. */
  readonly chosen: Int32Array;
  private readonly left: Int32Array;
  private openReads = 0;
  /** By read: the mark in the values' trail from before its source was chosen. */
  private readonly marks: Int32Array;
  private conflicts = 0;
  private readsChanged = true;
  private coherenceChanged = true;
  private blamesEverything = false;
  /** By cell: the events that co orders, the initial write first. */
  private readonly orderedEvents: ReadonlyMap<number, readonly number[]>;
  /** Of all that is decided: the ways to make the model's choices that are left. */
  private ways: Iterator<void> | undefined;
  /** Whether the model may allow values that depend on themselves. */
  private mayCircle = false;
  /** While the execution found has such values: the mark in the values' trail from before they were given. */
  private closed = -1;

  constructor(
    graph: ExecutionGraph,
    context: SearchContext,
    private readonly aim: Aim,
    shown: ReadonlySet<number>,
    readonly paths: Paths,
    /** How they are to come to the error that the aim wants. */
    private readonly demand?: Suspect,
  ) {
    super(graph, context);
    this.prepare();
    this.orderedEvents = this.eventsInOrder();
    const mayRead = (read: number, write: number) => this.mayRead(read, write);
    this.variables = new Variables(graph, this.writes, this.orderedEvents, shown, mayRead);
    this.solver = new Solver(this.variables.count, this);
    this.explainer = new Explainer(this.evaluator, context.localities);
    this.chosen = new Int32Array(this.variables.targets).fill(-1);
    this.lookahead = new Lookahead(
      this,
      this.evaluator,
      this.explainer,
      context.exclusions,
      context.looks ?? 0,
    );
    this.left = this.variables.size.slice();
    this.marks = new Int32Array(this.n);
    const want = compileWant(aim.wanted, context.values);
    this.needs = new Needs(this, this.values, want, aim.states?.shown ?? []);
  }

  /** Puts down what holds before any decision. False when that rules the graph out. */
  begin(): boolean {
    const { plan } = this.context;
    bits.clear(this.m, this.co, this.n * this.w);
    for (const own of this.orderedEvents.values()) {
      for (let index = 1; index < own.length; index++) bits.add(this.m, this.co, own[0], own[index], this.w);
    }
    if (!this.evaluator.all(plan.checks.program)) {
      this.paths.all();
      return false;
    }
    this.mayCircle = circlesPossible(
      this.graph,
      this.values,
      (read) => this.variables.sourcesOf(read),
      this.evaluator,
    );
    if (this.orderOwn() && this.takeOnlySources() && this.takeErrors() && this.needs.begin()) return true;
    // There is no decision: this only tells what the contradiction rests on.
    this.solver.resolve();
    return false;
  }

  private orderOwn(): boolean {
    if (!this.context.coherent) return true;
    const { first, second, count, orders } = this.variables;
    const { events } = this.graph;
    for (let variable = orders; variable < count; variable++) {
      const same = events[first[variable]].cpu === events[second[variable]].cpu;
      if (same && !this.solver.imply2(2 * variable, -1, -1)) return false;
    }
    return true;
  }

  private takeErrors(): boolean {
    if (this.demand) return requireError(this.demand, this);
    return this.aim.error !== 'none' || this.suspects.all.every((suspect) => forbidError(suspect, this));
  }

  private takeOnlySources(): boolean {
    const { targets, cellOf, base, size } = this.variables;
    for (let target = 0; target < targets; target++) {
      if (cellOf[target] < 0) continue;
      if (target < this.n) this.openReads++;
      if (size[target] === 0) {
        this.touchTarget(target);
        return false;
      }
      if (size[target] === 1 && !this.solver.imply2(2 * base[target], -1, -1)) return false;
    }
    return true;
  }

  /** Finds the next execution. False when there is none any more: `paths` has been told what that rests on. */
  next(): boolean {
    if (this.ways) return true;
    for (;;) {
      if (!this.follow()) {
        if (!this.learn()) return false;
        continue;
      }
      const literal = this.choose();
      if (literal >= 0) {
        this.decide(literal);
      } else if (this.complete()) return true;
      else if (!this.learn()) return false;
    }
  }

  /** Looks no more for what the aim has found: an execution, or one with its state. False when there is nothing else. */
  exclude(): boolean {
    const { every, states } = this.aim;
    if (every && this.nextWay()) return true;
    if (!every && !states) return false;
    this.ways = undefined;
    const circular = this.closed >= 0;
    this.reopen();
    if (every || circular) {
      this.blameDecisions();
      return this.learn(true);
    }
    this.solver.conflict.length = 0;
    for (const place of states?.shown ?? []) this.needs.explain(place, this.solver.conflict);
    return this.learn();
  }

  /** Takes back the values that were given to what depends on itself. */
  private reopen(): void {
    if (this.closed >= 0) this.values.rewind(this.closed);
    this.closed = -1;
  }

  private decide(literal: number): void {
    if (++this.context.counts.decisions % POLL_INTERVAL === 0) look();
    this.needs.mark(this.solver.depth);
    this.solver.decide(literal);
  }

  private learn(keep = false): boolean {
    if (++this.context.counts.conflicts % POLL_INTERVAL === 0) look();
    if (!this.solver.resolve(keep)) return false;
    this.needs.truncate(this.solver.depth);
    return ++this.conflicts !== this.context.strengthenAfter || this.strengthen();
  }

  /**
   * Goes back to where nothing is decided, and adds what takes more than a look to find out: which values writes can store, and an order of
   * the CPUs that do the same.
   */
  private strengthen(): boolean {
    this.solver.backtrack(0);
    this.needs.truncate(0);
    const writes = [...this.writes.values()].flat();
    // Values that depend on themselves are in no such list.
    if (!this.mayCircle)
      this.needs.storable = storableValues(writes, this.values, this.variables, this.context.mostPaths);
    // What a write can store depends on what the others can.
    if (this.needs.storable.length > 0) this.paths.all();
    return this.paths.alike().every((group) => this.orderAlike(group)) || this.solver.resolve();
  }

  private orderAlike(group: readonly number[]): boolean {
    const order = ordersToTake(this.graph, group, new Set(this.variables.ends.keys()));
    if (!order) return true;
    for (const cpu of group) this.paths.cpu(cpu);
    for (let index = 1; index < order.length; index++) {
      if (!this.put(order[index - 1], order[index], -1, -1)) return false;
    }
    return true;
  }

  /** Draws all conclusions. False when they contradict each other. */
  private follow(): boolean {
    do {
      do {
        if (!this.solver.propagate() || !this.needs.follow()) return false;
      } while (this.solver.isBehind);
      if (!this.consistent()) return false;
    } while (this.solver.isBehind);
    return this.meetsDemand() && !this.knownState();
  }

  // --- Conclusions from one literal ---

  assigned(literal: number): boolean {
    const variable = literal >> 1;
    const { kind, first, second } = this.variables;
    const holds = (literal & 1) === 0;
    if (kind[variable] === ORDER) {
      return holds
        ? this.ordered(first[variable], second[variable], literal)
        : this.ordered(second[variable], first[variable], literal);
    }
    const target = second[variable];
    if (!holds) return this.ruledOut(target);
    this.chosen[target] = variable;
    return kind[variable] === SOURCE
      ? this.sourceChosen(target, first[variable], literal)
      : this.lastChosen(target, first[variable], literal);
  }

  retracted(literal: number): void {
    const variable = literal >> 1;
    const { kind, first, second } = this.variables;
    const holds = (literal & 1) === 0;
    if (kind[variable] === ORDER) {
      const [before, after] = holds
        ? [first[variable], second[variable]]
        : [second[variable], first[variable]];
      bits.remove(this.m, this.co, before, after, this.w);
      this.coherenceChanged = true;
      return;
    }
    const target = second[variable];
    if (!holds) {
      this.left[target]++;
      return;
    }
    this.chosen[target] = -1;
    if (kind[variable] !== SOURCE) return;
    this.openReads++;
    bits.remove(this.m, this.rf, first[variable], target, this.w);
    this.values.undo(target, this.marks[target]);
    this.readsChanged = true;
  }

  private ruledOut(target: number): boolean {
    const left = --this.left[target];
    if (this.chosen[target] >= 0 || left > 1) return true;
    const { base, size } = this.variables;
    const end = base[target] + size[target];
    const because: number[] = [];
    let only = -1;
    for (let variable = base[target]; variable < end; variable++) {
      if (this.solver.truth[2 * variable] < 0) because.push(2 * variable + 1);
      else only = variable;
    }
    if (only >= 0) return this.solver.imply(2 * only, because);
    return this.contradiction(because);
  }

  private contradiction(literals: readonly number[]): false {
    const { conflict } = this.solver;
    conflict.length = 0;
    for (const literal of literals) if (literal >= 0) conflict.push(literal);
    return false;
  }

  private onlyOne(target: number, literal: number): boolean {
    const { base, size } = this.variables;
    const end = base[target] + size[target];
    for (let other = base[target]; other < end; other++) {
      if (2 * other !== literal && !this.solver.imply2(2 * other + 1, literal, -1)) return false;
    }
    return true;
  }

  private sourceChosen(read: number, write: number, literal: number): boolean {
    this.openReads--;
    this.marks[read] = this.values.mark();
    bits.add(this.m, this.rf, write, read, this.w);
    this.readsChanged = true;
    if (!this.values.choose(read, write)) {
      return this.contradictReads(this.values.broken);
    }
    return this.onlyOne(read, literal) && (!this.context.coherent || this.coherent(read, write, literal));
  }

  /**
   * What coherence per location makes of a new rf edge: around the read in its chain, other writes, and the sources of other reads, come
   * before the write or after it, as they stand before the read or after it (the shapes CoWR, CoRW, CoRR).
   */
  private coherent(read: number, write: number, literal: number): boolean {
    const chain = this.chains[read];
    let before = true;
    for (let index = 0; index < chain.length; index++) {
      const other = chain[index];
      if (other === read) {
        before = false;
        continue;
      }
      const isWrite = this.graph.events[other].kind === 'write';
      const near = isWrite ? other : this.values.source[other];
      if (near < 0 || near === write) continue;
      const because = isWrite ? -1 : 2 * this.chosen[other];
      if (!(before ? this.put(near, write, literal, because) : this.put(write, near, literal, because)))
        return false;
    }
    return true;
  }

  /** Puts a write before another in co, because of one or two literals. */
  private put(before: number, after: number, first: number, second: number): boolean {
    const { initial } = this.variables;
    if (before < initial) return true;
    if (after < initial) return this.contradiction([first, second]);
    return this.solver.imply2(this.variables.order(before, after), first, second);
  }

  private lastChosen(target: number, write: number, literal: number): boolean {
    const own = this.writes.get(this.variables.cellOf[target]) as readonly number[];
    for (let index = 1; index < own.length; index++) {
      if (own[index] !== write && !this.put(own[index], write, literal, -1)) return false;
    }
    return true;
  }

  private ordered(before: number, after: number, literal: number): boolean {
    const { m, co, w, solver, variables } = this;
    bits.add(m, co, before, after, w);
    this.coherenceChanged = true;
    // A model may order more than the writes.
    const last = this.graph.events[after].kind === 'write' ? variables.lastOf[before] : -1;
    if (last >= 0 && !solver.imply2(2 * last + 1, literal, -1)) return false;
    const own = this.orderedEvents.get(this.graph.events[before].cell) as readonly number[];
    tick(own.length >>> 6);
    for (let index = 1; index < own.length; index++) {
      const other = own[index];
      if (other === before || other === after) continue;
      if (bits.has(m, co, other, before, w)) {
        if (!solver.imply2(variables.order(other, after), variables.order(other, before), literal))
          return false;
      } else if (bits.has(m, co, after, other, w)) {
        if (!solver.imply2(variables.order(before, other), literal, variables.order(after, other)))
          return false;
      }
    }
    return true;
  }

  explainReads(reads: readonly number[], into: number[]): void {
    for (const read of reads) {
      const literal = 2 * this.chosen[read];
      if (into.includes(literal)) continue;
      into.push(literal);
      this.explainReads(this.values.readsOfWrite(this.variables.first[this.chosen[read]]), into);
    }
  }

  explainLast(cell: number, into: number[]): void {
    this.paths.writers(cell);
    const own = this.writes.get(cell);
    if (!own || own.length === 1) return;
    const last = own.find((write) => this.isLast(write, own)) as number;
    const variable = this.variables.lastOf[last];
    if (variable >= 0 && this.solver.truth[2 * variable] === 1) into.push(2 * variable);
    else for (const other of own.slice(1)) if (other !== last) into.push(this.variables.order(other, last));
    this.explainReads(this.values.readsOfWrite(last), into);
  }

  // --- The model ---

  /** Whether all the checks hold that prune; and once all sources are chosen, those that wait for that. */
  private consistent(): boolean {
    const { steps, checks } = this.context.plan;
    if (this.readsChanged) {
      this.evaluator.run(steps.pruneReads);
      if (!this.allHold(checks.pruneReads)) return false;
      if (this.openReads === 0 && !this.sourcesAccepted()) return false;
    }
    if (this.readsChanged || this.coherenceChanged) {
      this.evaluator.run(steps.pruneCoherence);
      if (!this.allHold(checks.pruneCoherence)) return false;
    }
    const changed = this.readsChanged || this.coherenceChanged;
    this.readsChanged = false;
    this.coherenceChanged = false;
    return !changed || this.lookahead.follow();
  }

  private allHold(checks: readonly PlannedCheck[]): boolean {
    for (let index = 0; index < checks.length; index++) {
      if (this.evaluator.test(checks[index])) continue;
      this.solver.conflict.length = 0;
      this.blamesEverything = false;
      this.explainer.violation(checks[index], this);
      this.lookahead.missed();
      return this.blamesEverything ? this.blameDecisions() : false;
    }
    return true;
  }

  private sourcesAccepted(): boolean {
    const { plan } = this.context;
    if (!this.values.complete()) return this.mayClose();
    if (plan.checks.finalReads.length === 0) return true;
    if (plan.differentValues >= 0) this.fillDifferentValues();
    this.evaluator.run(plan.steps.finalReads);
    return this.evaluator.all(plan.checks.finalReads) || this.blameDecisions();
  }

  /** Whether there can be values that go with the sources, which are all chosen. */
  private mayClose(): boolean {
    const mark = this.values.mark();
    const closing = closeCircles(this.values);
    this.values.rewind(mark);
    if (closing !== 'impossible') return true;
    this.paths.all();
    return this.contradictReads(this.values.reads);
  }

  private blameDecisions(): false {
    this.paths.all();
    return this.solver.conflictOfDecisions();
  }

  /** All is decided. False when the execution is not consistent, or not the one that is looked for. */
  private complete(): boolean {
    return this.values.complete() ? this.accepted(() => this.accept()) : this.completeCircle();
  }

  /** All is decided, but there are values that depend on themselves. */
  private completeCircle(): boolean {
    this.closed = this.values.mark();
    const closing = closeCircles(this.values);
    const isOpen = closing === 'open';
    const accept = (): boolean => {
      if (!isOpen) return this.accept();
      this.leaveOpen();
      return false;
    };
    if (closing !== 'impossible' && !this.isUnwanted() && this.accepted(accept)) return true;
    this.reopen();
    return this.blameDecisions();
  }

  private isUnwanted(): boolean {
    return this.needs.isRefuted() || !this.meetsDemand() || this.knownState();
  }

  /** Whether the execution, of which all is decided, is consistent and taken. */
  private accepted(accept: () => boolean): boolean {
    const { plan } = this.context;
    const { evaluator } = this;
    if (plan.differentValues >= 0) this.fillDifferentValues();
    evaluator.run(plan.steps.finalReads);
    if (plan.finalWrites >= 0) this.fillFinalWrites(evaluator.offsets[plan.finalWrites]);
    evaluator.run(plan.steps.finalCoherence);
    if (!evaluator.all(plan.checks.finalReads) || !evaluator.all(plan.checks.finalCoherence)) {
      return this.blameDecisions();
    }
    if (this.aim.error === 'none' && this.isInSomeError()) return false;
    if (plan.choices.length > 0) this.ways = this.waysToChoose(0);
    return (plan.choices.length > 0 ? this.nextWay(accept) : accept()) || this.blameDecisions();
  }

  /** Goes on to another way to make the model's choices. False when there is none. */
  private nextWay(accept = () => this.accept()): boolean {
    while (this.ways && !this.ways.next().done) if (accept()) return true;
    this.ways = undefined;
    return false;
  }

  private *waysToChoose(index: number): IterableIterator<void> {
    const choice = this.context.plan.choices[index];
    if (!choice) {
      yield;
      return;
    }
    for (const relation of this.evaluator.choices(choice)) {
      this.evaluator.choose(choice, relation);
      this.evaluator.run(choice.steps);
      if (this.evaluator.all(choice.checks)) yield* this.waysToChoose(index + 1);
    }
  }

  /** Whether the order of writes makes an error, which is then the conflict. */
  private isInSomeError(): boolean {
    const [error] = this.errors();
    if (!error) return false;
    this.solver.conflict.length = 0;
    explainError(error, this, this.solver.conflict);
    return true;
  }

  /** Whether what is demanded can still come about. */
  private meetsDemand(): boolean {
    if (this.demand?.kind !== 'fault') return true;
    const excuse = this.suspects.excuseOf(this.demand, this);
    return excuse === undefined || this.contradictReads([excuse]);
  }

  /** What the reads return is the conflict. */
  private contradictReads(reads: readonly number[]): false {
    this.solver.conflict.length = 0;
    this.explainReads(reads, this.solver.conflict);
    return false;
  }

  /** Whether the execution's state is determined, and known already: that is then the conflict. */
  private knownState(): boolean {
    const { states } = this.aim;
    if (!states?.known(this)) return false;
    this.solver.conflict.length = 0;
    for (const place of states.shown) this.needs.explain(place, this.solver.conflict);
    return true;
  }

  // --- Blame ---

  readsFrom(_write: number, read: number): void {
    this.solver.conflict.push(2 * this.chosen[read]);
  }

  coherence(first: number, second: number): void {
    if (first >= this.variables.initial) this.solver.conflict.push(this.variables.order(first, second));
  }

  event(event: number): void {
    const { cpu } = this.graph.events[event];
    if (cpu >= 0) this.paths.cpu(cpu);
  }

  allPaths(): void {
    this.paths.all();
  }

  everything(): void {
    this.blamesEverything = true;
  }

  touched(literal: number): void {
    const variable = literal >> 1;
    const { kind, first, second } = this.variables;
    this.lookahead.touched(variable);
    this.event(first[variable]);
    if (kind[variable] === ORDER) this.event(second[variable]);
    else this.touchTarget(second[variable]);
  }

  private touchTarget(target: number): void {
    if (target < this.n) this.event(target);
    this.paths.writers(this.variables.cellOf[target]);
  }

  // --- What to decide next ---

  /** The next decision: what is wanted first, and of that what has the fewest ways. -1 when nothing is open. */
  private choose(): number {
    const { targets, cellOf } = this.variables;
    let best = -1;
    let bestRank = Number.MAX_SAFE_INTEGER;
    for (let target = 0; target < targets; target++) {
      if (cellOf[target] < 0 || this.chosen[target] >= 0) continue;
      const rank = this.needs.rank(target) * 4096 + this.left[target];
      if (rank >= bestRank) continue;
      bestRank = rank;
      best = target;
    }
    return best >= 0 ? this.bestSource(best) : this.openOrder();
  }

  private bestSource(target: number): number {
    const { base, size, first } = this.variables;
    const end = base[target] + size[target];
    const wanted = this.needs.needed[target];
    let open = -1;
    for (let variable = base[target]; variable < end; variable++) {
      if (this.solver.truth[2 * variable] !== 0) continue;
      if (wanted !== UNKNOWN && this.values.of[first[variable]] === wanted) return 2 * variable;
      if (open < 0) open = variable;
    }
    return 2 * open;
  }

  private openOrder(): number {
    const { orders, count } = this.variables;
    for (let variable = orders; variable < count; variable++) {
      if (this.solver.truth[2 * variable] === 0) return 2 * variable;
    }
    return -1;
  }
}
