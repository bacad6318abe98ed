import { isSearched } from '../../execution/index.js';
import type { Dynamic } from '../terms/model-values.js';
import {
  CHOSEN,
  type Check,
  COHERENCE,
  type Model,
  PROGRAM,
  READS_FROM,
  type RecursiveGroup,
  type Stage,
  type Term,
} from '../terms/terms.js';
import { firstRoundOf } from './first-round.js';
import type {
  Computed,
  Plan,
  PlannedBase,
  PlannedChoice,
  PlannedGroup,
  PlanStep,
  Slot,
  StepKind,
} from './plan.js';

/** Plans a model's evaluation. */
export function planOf(model: Model): Plan {
  return new Planner(model).plan();
}

class Planner {
  private readonly slots: Slot[];
  private readonly bases: PlannedBase[] = [];
  private readonly searched = new Map<string, number>();
  private readonly done = new Set<number>();
  /** In the list of steps that is being made. */
  private readonly seen = new Set<Term>();

  constructor(private readonly model: Model) {
    this.slots = model.terms.map((term) => ({ sort: term.sort }));
  }

  plan(): Plan {
    const { checks, choices, ordered } = this.model;
    const tests = checks.filter((check) => !check.flag && !check.assertion);
    const pruning = tests.filter((check) => prunes(check));
    const waiting = tests.filter((check) => !prunes(check));
    const flags = checks.filter((check) => check.flag);
    const assertions = checks.filter((check) => check.assertion);
    const late = choices.filter(({ stage }) => stage === CHOSEN);
    const lateInputs = late.flatMap(({ args }) => args);
    const everything = [...termsOf(checks), ...lateInputs, ...(ordered ? [ordered] : [])];
    const early = choices.filter(({ stage }) => stage === PROGRAM);
    const [program, programChoices] = this.programSteps(early, everything);
    const pruneReads = this.stepsFor(termsOf(pruning), READS_FROM);
    const pruneCoherence = this.stepsFor(termsOf(pruning), COHERENCE);
    const rest = [...termsOf([...waiting, ...flags, ...assertions]), ...lateInputs];
    const finalReads = this.stepsFor(rest, READS_FROM);
    const finalCoherence = this.stepsFor(rest, COHERENCE);
    const at = (some: readonly Check[], stage: Stage) => planned(some.filter((c) => c.term.stage === stage));
    return {
      model: this.model,
      programChoices,
      choices: this.lateChoices(late, waiting, termsOf([...flags, ...assertions])),
      slots: this.slots,
      bases: this.bases,
      rf: this.searched.get('rf') ?? this.temporary(),
      co: this.searched.get('co') ?? this.temporary(),
      finalWrites: this.searched.get('FW') ?? -1,
      differentValues: this.searched.get('different-values') ?? -1,
      ordered: ordered ? ordered.id : -1,
      steps: { program, pruneReads, pruneCoherence, finalReads, finalCoherence },
      checks: {
        program: at(tests, PROGRAM),
        pruneReads: at(pruning, READS_FROM),
        pruneCoherence: at(pruning, COHERENCE),
        finalReads: at(waiting, READS_FROM),
        finalCoherence: at(waiting, COHERENCE),
        flags: planned(flags),
        assertions: planned(assertions),
      },
    };
  }

  /** Before each choice of the program's what it needs, after the last one the rest. */
  private programSteps(choices: readonly Term[], everything: readonly Term[]): [PlanStep[], PlannedChoice[]] {
    const before = choices.map((choice) => this.made(choice, PROGRAM));
    const after = this.stepsFor(everything, PROGRAM);
    const lists = [...before, after];
    const made = choices.map((choice, index) => this.choice(choice, lists[index + 1], []));
    return [lists[0], made];
  }

  private lateChoices(
    choices: readonly Term[],
    waiting: readonly Check[],
    others: readonly Term[],
  ): PlannedChoice[] {
    const open = waiting.filter(({ term }) => term.stage === CHOSEN);
    const level = levels(choices);
    return choices.map((choice, index) => {
      this.done.add(choice.id);
      const decided = open.filter(({ term }) => level(term) === index);
      const last = index === choices.length - 1;
      const roots = [...termsOf(decided), ...(last ? others : choices[index + 1].args)];
      return this.choice(choice, this.stepsFor(roots, CHOSEN), planned(decided));
    });
  }

  /** The steps for what a choice needs; the choice counts as made from here on. */
  private made(choice: Term, stage: Stage): PlanStep[] {
    const steps = this.stepsFor(choice.args, stage);
    this.done.add(choice.id);
    return steps;
  }

  private choice(term: Term, steps: PlanStep[], checks: PlannedChoice['checks']): PlannedChoice {
    return { slot: term.id, computed: computedSteps(term), steps, checks };
  }

  /** Steps of one stage that the roots need and no earlier list has, arguments first. */
  private stepsFor(roots: readonly Term[], stage: Stage): PlanStep[] {
    const steps: PlanStep[] = [];
    this.seen.clear();
    for (const root of roots) this.visit(root, stage, steps);
    return steps;
  }

  private visit(term: Term, stage: Stage, steps: PlanStep[]): void {
    if (this.done.has(term.id) || this.seen.has(term) || term.operator === 'variable') return;
    this.seen.add(term);
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

  private visitGroup(term: Term, stage: Stage, steps: PlanStep[]): void {
    const group = term.group as RecursiveGroup;
    // What the bodies need from outside; inside steps, which mention a variable, are left for each round.
    const inside = membersOf(group);
    const outside = new Set<Term>();
    for (const member of inside) for (const arg of member.args) if (!inside.has(arg)) outside.add(arg);
    for (const body of group.bodies) if (!inside.has(body)) outside.add(body);
    for (const arg of outside) this.visit(arg, stage, steps);
    if (term.stage !== stage) return;
    const rounds: PlanStep[] = [];
    const emitted = new Set<Term>();
    const emitInside = (member: Term): void => {
      if (!inside.has(member) || emitted.has(member) || member.operator === 'variable') return;
      emitted.add(member);
      for (const arg of member.args) emitInside(arg);
      this.emit(member, rounds);
    };
    for (const body of group.bodies) emitInside(body);
    const round = {
      variables: group.variables.map((variable) => variable.id),
      results: group.bodies.map((body) => body.id),
      steps: rounds,
    };
    const first = firstRoundOf(round, (sort) => this.temporary(sort));
    const planned: PlannedGroup = { ...round, ...(first ? { first } : {}) };
    steps.push({ kind: 'fixpoint', sort: term.sort, slot: -1, a: -1, b: -1, group: planned });
    // Every member of the family has its value now.
    for (const other of this.model.terms) {
      if (other.operator !== 'recursive' || other.group !== group) continue;
      this.done.add(other.id);
      steps.push(this.step('copy', other, group.variables[other.index as number].id));
    }
  }

  private emit(term: Term, steps: PlanStep[]): void {
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
      case 'dynamic':
        steps.push({ ...this.step('dynamic', term, -1), computed: computedSteps(term) });
        return;
      case 'base':
      case 'variable':
      case 'recursive':
      case 'choice':
        throw new Error(`no step for a ${term.operator}`);
      default:
        steps.push(this.step(term.operator, term, first.id, second ? second.id : -1));
    }
  }

  private chain(term: Term, steps: PlanStep[]): void {
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
  private compose(term: Term, steps: PlanStep[]): void {
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

  private temporary(sort: Slot['sort'] = 'relation'): number {
    this.slots.push({ sort });
    return this.slots.length - 1;
  }

  private step(kind: StepKind, term: Term, a: number, b = -1): PlanStep {
    return { kind, sort: term.sort, slot: term.id, a, b };
  }
}

const termsOf = (checks: readonly Check[]): Term[] => checks.map(({ term }) => term);

const planned = (checks: readonly Check[]) =>
  checks.map((check) => ({ check, slot: check.term.id, stage: check.term.stage }));

function computedSteps(term: Term): Computed {
  const dynamic = term.dynamic as Dynamic;
  return { dynamic, slots: new Map(dynamic.inputs.map((input, index) => [input, term.args[index].id])) };
}

/** For each term, the last of some choices that it depends on; -1 for none. */
function levels(choices: readonly Term[]): (term: Term) => number {
  const known = new Map<Term, number>();
  const level = (term: Term): number => {
    const found = known.get(term);
    if (found !== undefined) return found;
    known.set(term, -1);
    const parts = [...term.args, ...(term.group?.bodies ?? [])];
    const result = Math.max(choices.indexOf(term), ...parts.map(level));
    known.set(term, result);
    return result;
  };
  return level;
}

function prunes(check: Check): boolean {
  return check.term.growing && !check.negated && !check.flag && !check.assertion;
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
    // Each part has to be looked at, also where one of them has told already.
    const parts = term.operator === 'recursive' ? (term.group as RecursiveGroup).bodies : term.args;
    const result = parts.map(depends).includes(true);
    known.set(term, result);
    return result;
  };
  for (const body of group.bodies) depends(body);
  const members = new Set([...known].filter(([, inside]) => inside).map(([term]) => term));
  for (const variable of variables) members.add(variable);
  return members;
}
