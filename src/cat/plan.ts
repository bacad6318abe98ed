import { isSearched } from '../execution/index.js';
import {
  type Check,
  COHERENCE,
  type Model,
  PROGRAM,
  READS_FROM,
  type RecursiveGroup,
  type Stage,
  type Term,
} from './terms.js';

/** What a step computes; `a` and `b` are the numbers of the terms it reads. */
export type StepKind =
  | 'union'
  | 'intersection'
  | 'difference'
  | 'complement'
  | 'compose'
  | 'inverse'
  | 'plus'
  | 'star'
  | 'optional'
  | 'identity'
  | 'product'
  | 'domain'
  | 'range'
  | 'empty'
  | 'copy'
  | 'restrictDomain' // [a] ; b
  | 'restrictRange' // a ; [b]
  | 'fixpoint'; // `group`, all its variables

/** One operation on the arena: `slot` becomes the result of `kind` on slots `a` and `b`. */
export interface Step {
  readonly kind: StepKind;
  readonly sort: 'set' | 'relation';
  readonly slot: number;
  readonly a: number;
  readonly b: number;
  readonly group?: PlannedGroup;
}

export interface PlannedGroup {
  readonly variables: readonly number[];
  readonly results: readonly number[];
  readonly steps: readonly Step[];
}

export interface PlannedCheck {
  readonly check: Check;
  readonly slot: number;
  readonly stage: Stage;
}

/** A place in the arena for one term. */
export interface Slot {
  readonly sort: 'set' | 'relation';
}

/** A base that must be filled in. */
export interface PlannedBase {
  readonly name: string;
  readonly slot: number;
}

/**
 * A model as work to do, in the order in which its inputs become known. A check `prunes` when its violation on a part of an
 * execution is final: it is acyclic, irreflexive or empty, of a growing term. All others wait for the whole execution.
 */
export interface Plan {
  readonly model: Model;
  readonly slots: readonly Slot[];
  /** Bases that the graph alone determines. */
  readonly bases: readonly PlannedBase[];
  /** Slots of the relations that the search changes: there whether the model uses them or not. */
  readonly rf: number;
  readonly co: number;
  /** Slot of the set FW; -1 when the model does not use it. */
  readonly finalWrites: number;
  readonly steps: {
    /** Once per graph. */
    readonly program: readonly Step[];
    /** After each change of rf, for the checks that prune; then after each change of co. */
    readonly pruneReads: readonly Step[];
    readonly pruneCoherence: readonly Step[];
    /** What the checks that do not prune need besides: once rf is complete, and once co is. */
    readonly finalReads: readonly Step[];
    readonly finalCoherence: readonly Step[];
  };
  readonly checks: {
    /** Decided by the graph alone. */
    readonly program: readonly PlannedCheck[];
    /** Prune on rf alone; on rf and co. */
    readonly pruneReads: readonly PlannedCheck[];
    readonly pruneCoherence: readonly PlannedCheck[];
    /** Do not prune: decided once rf is complete, or once both are. */
    readonly finalReads: readonly PlannedCheck[];
    readonly finalCoherence: readonly PlannedCheck[];
    /** Mark an execution that is consistent. */
    readonly flags: readonly PlannedCheck[];
  };
}

/** Plans a model's evaluation. */
export function planOf(model: Model): Plan {
  return new Planner(model).plan();
}

class Planner {
  private readonly slots: Slot[];
  private readonly bases: PlannedBase[] = [];
  private readonly searched = new Map<string, number>();
  private readonly done = new Set<number>();

  constructor(private readonly model: Model) {
    this.slots = model.terms.map((term) => ({ sort: term.sort }));
  }

  plan(): Plan {
    const tests = this.model.checks.filter((check) => !check.flag);
    const pruning = tests.filter((check) => prunes(check));
    const waiting = tests.filter((check) => !prunes(check));
    const flags = this.model.checks.filter((check) => check.flag);
    const program = this.stepsFor(
      this.model.checks.map((c) => c.term),
      PROGRAM,
    );
    const pruneReads = this.stepsFor(
      pruning.map((c) => c.term),
      READS_FROM,
    );
    const pruneCoherence = this.stepsFor(
      pruning.map((c) => c.term),
      COHERENCE,
    );
    const rest = [...waiting, ...flags].map((c) => c.term);
    const finalReads = this.stepsFor(rest, READS_FROM);
    const finalCoherence = this.stepsFor(rest, COHERENCE);
    const at = (checks: readonly Check[], stage: Stage) =>
      checks.filter((c) => c.term.stage === stage).map((check) => ({ check, slot: check.term.id, stage }));
    return {
      model: this.model,
      slots: this.slots,
      bases: this.bases,
      rf: this.searched.get('rf') ?? this.temporary(),
      co: this.searched.get('co') ?? this.temporary(),
      finalWrites: this.searched.get('FW') ?? -1,
      steps: { program, pruneReads, pruneCoherence, finalReads, finalCoherence },
      checks: {
        program: at(tests, PROGRAM),
        pruneReads: at(pruning, READS_FROM),
        pruneCoherence: at(pruning, COHERENCE),
        finalReads: at(waiting, READS_FROM),
        finalCoherence: at(waiting, COHERENCE),
        flags: flags.map((check) => ({ check, slot: check.term.id, stage: check.term.stage })),
      },
    };
  }

  /** Steps of one stage that the roots need and no earlier list has, arguments first. */
  private stepsFor(roots: readonly Term[], stage: Stage): Step[] {
    const steps: Step[] = [];
    for (const root of roots) this.visit(root, stage, steps);
    return steps;
  }

  private visit(term: Term, stage: Stage, steps: Step[]): void {
    if (this.done.has(term.id) || term.operator === 'variable') return;
    if (term.operator === 'recursive') {
      this.visitGroup(term, stage, steps);
      return;
    }
    for (const arg of term.args) this.visit(arg, stage, steps);
    if (term.stage !== stage) return;
    this.done.add(term.id);
    if (term.operator === 'base') this.base(term);
    else this.emit(term, steps);
  }

  private base(term: Term): void {
    const name = term.name as string;
    if (isSearched(name)) this.searched.set(name, term.id);
    else this.bases.push({ name, slot: term.id });
  }

  private visitGroup(term: Term, stage: Stage, steps: Step[]): void {
    const group = term.group as RecursiveGroup;
    // What the bodies need from outside; inside steps, which mention a variable, are left for each round.
    const inside = membersOf(group);
    const outside = new Set<Term>();
    for (const member of inside) for (const arg of member.args) if (!inside.has(arg)) outside.add(arg);
    for (const body of group.bodies) if (!inside.has(body)) outside.add(body);
    for (const arg of outside) this.visit(arg, stage, steps);
    if (term.stage !== stage) return;
    const rounds: Step[] = [];
    const emitted = new Set<Term>();
    const emitInside = (member: Term): void => {
      if (!inside.has(member) || emitted.has(member) || member.operator === 'variable') return;
      emitted.add(member);
      for (const arg of member.args) emitInside(arg);
      this.emit(member, rounds);
    };
    for (const body of group.bodies) emitInside(body);
    const planned: PlannedGroup = {
      variables: group.variables.map((variable) => variable.id),
      results: group.bodies.map((body) => body.id),
      steps: rounds,
    };
    steps.push({ kind: 'fixpoint', sort: term.sort, slot: -1, a: -1, b: -1, group: planned });
    // Every member of the family has its value now.
    for (const other of this.model.terms) {
      if (other.operator !== 'recursive' || other.group !== group) continue;
      this.done.add(other.id);
      steps.push(this.step('copy', other, group.variables[other.index as number].id));
    }
  }

  private emit(term: Term, steps: Step[]): void {
    const [first, second] = term.args;
    switch (term.operator) {
      case 'union':
      case 'intersection':
        this.chain(term, steps);
        return;
      case 'compose':
        this.compose(term, steps);
        return;
      case 'empty':
        steps.push(this.step('empty', term, -1));
        return;
      case 'base':
      case 'variable':
      case 'recursive':
        throw new Error(`no step for a ${term.operator}`);
      default:
        steps.push(this.step(term.operator, term, first.id, second ? second.id : -1));
    }
  }

  private chain(term: Term, steps: Step[]): void {
    const kind = term.operator as 'union' | 'intersection';
    const [first, second, ...rest] = term.args;
    if (!second) {
      steps.push(this.step('copy', term, first.id));
      return;
    }
    steps.push(this.step(kind, term, first.id, second.id));
    for (const arg of rest) steps.push(this.step(kind, term, term.id, arg.id));
  }

  /** `[S] ; r` and `r ; [S]` only drop rows or columns. */
  private compose(term: Term, steps: Step[]): void {
    let left = term.args[0];
    let from = left.id;
    term.args.slice(1).forEach((right, index) => {
      const last = index === term.args.length - 2;
      const slot = last ? term.id : this.temporary();
      const onlyFirst = index === 0 && left.operator === 'identity';
      if (onlyFirst)
        steps.push({ kind: 'restrictDomain', sort: 'relation', slot, a: left.args[0].id, b: right.id });
      else if (right.operator === 'identity')
        steps.push({ kind: 'restrictRange', sort: 'relation', slot, a: from, b: right.args[0].id });
      else steps.push({ kind: 'compose', sort: 'relation', slot, a: from, b: right.id });
      left = right;
      from = slot;
    });
  }

  private temporary(): number {
    this.slots.push({ sort: 'relation' });
    return this.slots.length - 1;
  }

  private step(kind: StepKind, term: Term, a: number, b = -1): Step {
    return { kind, sort: term.sort, slot: term.id, a, b };
  }
}

function prunes(check: Check): boolean {
  return check.term.growing && !check.negated && !check.flag;
}

/** The terms of a group's bodies that depend on one of its variables. */
function membersOf(group: RecursiveGroup): Set<Term> {
  const variables = new Set(group.variables);
  const known = new Map<Term, boolean>();
  const depends = (term: Term): boolean => {
    if (variables.has(term)) return true;
    const found = known.get(term);
    if (found !== undefined) return found;
    known.set(term, false);
    let result = term.args.some(depends);
    if (term.operator === 'recursive') result = (term.group as RecursiveGroup).bodies.some(depends);
    known.set(term, result);
    return result;
  };
  for (const body of group.bodies) depends(body);
  const members = new Set([...known].filter(([, inside]) => inside).map(([term]) => term));
  for (const variable of variables) members.add(variable);
  return members;
}
