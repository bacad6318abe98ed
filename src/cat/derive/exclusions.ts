import { tick } from '../../limits.js';
import type { Plan, PlannedCheck, PlanStep, Slot, StepKind } from '../plan/plan.js';
import { PROGRAM, type Sort, type Term } from '../terms/terms.js';

/**
 * Where a part of a model stands: as what a check tests, or as argument number `position` of another part.
 */
export type Use = { readonly check: PlannedCheck } | { readonly of: Part; readonly position: number };

/** A relation of the model that grows with rf or co, and with which a check can come to fail. */
export interface Part {
  readonly term: Term;
  readonly uses: readonly Use[];
  /**
   * The pairs that it must not get, turned around: (j, i) where a check would fail if the part had (i, j).
   */
  readonly slot: number;
}

/**
 * What a plan's checks exclude: edges that rf and co cannot get any more, since a check that holds would fail
 * with them. A check that prunes only looks at terms that grow. So it is read backwards: from the pairs that
 * what it tests must not get, to those that the arguments of that must not get, and so on down to rf and co.
 */
export interface Exclusions {
  /** Brings the parts' slots up to date, when those of the checks are. */
  readonly steps: readonly PlanStep[];
  /** The parts that are rf and co themselves; undefined where no check that prunes rests on them. */
  readonly rf: Part | undefined;
  readonly co: Part | undefined;
}

/**
 * Plans what the checks of a plan exclude. The plan returned has slots for it, and makes what the program
 * determines of it.
 */
export function withExclusions(plan: Plan): { readonly plan: Plan; readonly exclusions: Exclusions } {
  const backward = new Backward(plan);
  const exclusions = backward.exclusions();
  const program = [...plan.steps.program, ...backward.program];
  return { plan: { ...plan, slots: backward.slots, steps: { ...plan.steps, program } }, exclusions };
}

class Backward {
  readonly slots: Slot[];
  readonly program: PlanStep[] = [];
  private readonly steps: PlanStep[] = [];
  private readonly inverses = new Map<Term, number>();

  constructor(private readonly plan: Plan) {
    this.slots = [...plan.slots];
  }

  exclusions(): Exclusions {
    const { pruneReads, pruneCoherence } = this.plan.checks;
    const parts = this.partsOf([...pruneReads, ...pruneCoherence]);
    const base = (name: string) => parts.find(({ term }) => term.operator === 'base' && term.name === name);
    return { steps: this.steps, rf: base('rf'), co: base('co') };
  }

  /** The parts, users before what they use. */
  private partsOf(checks: readonly PlannedCheck[]): Part[] {
    const order: Term[] = [];
    const known = new Map<Term, boolean>();
    const visit = (term: Term): boolean => {
      const found = known.get(term);
      if (found !== undefined) return found;
      const relevant = argumentsOf(term).map(visit).includes(true) || isSearched(term);
      known.set(term, relevant);
      if (relevant) order.push(term);
      return relevant;
    };
    const uses = new Map<Term, Use[]>();
    const add = (term: Term, use: Use): void => {
      tick();
      const own = uses.get(term);
      if (own) own.push(use);
      else uses.set(term, [use]);
    };
    for (const check of checks) if (visit(check.check.term)) add(check.check.term, { check });
    return order.reverse().map((term) => {
      const own = uses.get(term) as Use[];
      const part: Part = { term, uses: own, slot: this.together(own.map((use) => this.slotFor(use))) };
      argumentsOf(term).forEach((argument, position) => {
        if (known.get(argument)) add(argument, { of: part, position });
      });
      return part;
    });
  }

  /** The slot that has the pairs of all. */
  private together(slots: readonly number[]): number {
    return slots.reduce((all, one) => this.emit('union', all, one));
  }

  /** What must not come about in one place where a part stands. */
  private slotFor(use: Use): number {
    if ('check' in use) return this.fromCheck(use.check);
    const { of, position } = use;
    const { operator, args, id } = of.term;
    switch (operator) {
      case 'intersection': {
        const others = args.filter((_, index) => index !== position);
        return others.reduce((at, other) => this.emit('intersection', at, this.inverse(other)), of.slot);
      }
      case 'difference':
        return this.emit('difference', of.slot, this.inverse(args[1]));
      case 'compose':
        return position === 0 ? this.compose(args[1], of.slot) : this.composeWith(of.slot, args[0]);
      case 'inverse':
        return this.emit('inverse', of.slot);
      case 'plus':
      case 'star': {
        // A pair makes a path of what leads to it and on from it.
        const path = this.emit('optional', id);
        return this.emit('compose', this.emit('compose', path, of.slot), path);
      }
      default:
        // A union, `?`, or a definition: what it must not get, none of its parts must.
        return of.slot;
    }
  }

  private fromCheck({ check, slot }: PlannedCheck): number {
    switch (check.kind) {
      case 'acyclic':
        return this.emit('star', slot);
      case 'irreflexive':
        return this.once('identity', this.once('complement', this.slot('set'), 'set'));
      case 'empty':
        return this.once('complement', this.slot('relation'));
    }
  }

  private compose({ operator, args, id }: Term, slot: number): number {
    return operator === 'identity'
      ? this.emit('restrictDomain', args[0].id, slot)
      : this.emit('compose', id, slot);
  }

  private composeWith(slot: number, { operator, args, id }: Term): number {
    return operator === 'identity'
      ? this.emit('restrictRange', slot, args[0].id)
      : this.emit('compose', slot, id);
  }

  private inverse(term: Term): number {
    let found = this.inverses.get(term);
    if (found === undefined) {
      // What rests on a choice is not known when the program's steps are made.
      const early = term.stage === PROGRAM && this.plan.programChoices.length === 0;
      found = early ? this.once('inverse', term.id) : this.emit('inverse', term.id);
      this.inverses.set(term, found);
    }
    return found;
  }

  private slot(sort: Sort): number {
    this.slots.push({ sort });
    return this.slots.length - 1;
  }

  private emit(kind: StepKind, a: number, b = -1): number {
    const slot = this.slot('relation');
    this.steps.push({ kind, sort: 'relation', slot, a, b });
    return slot;
  }

  /** As `emit`, for what the program determines. */
  private once(kind: StepKind, a: number, sort: Sort = 'relation'): number {
    const slot = this.slot(sort);
    this.program.push({ kind, sort, slot, a, b: -1 });
    return slot;
  }
}

const isSearched = ({ operator, name }: Term): boolean =>
  operator === 'base' && (name === 'rf' || name === 'co');

/**
 * The arguments through which a relation grows, and of which it can be told what new pairs of theirs make of
 * it.
 */
function argumentsOf(term: Term): readonly Term[] {
  if (term.sort !== 'relation' || term.stage === PROGRAM) return [];
  switch (term.operator) {
    case 'union':
    case 'intersection':
    case 'compose':
    case 'inverse':
    case 'plus':
    case 'star':
    case 'optional':
      return term.args;
    case 'difference':
      return term.args[1].stage === PROGRAM ? [term.args[0]] : [];
    case 'recursive':
      return term.group ? [term.group.bodies[term.index as number]] : [];
    default:
      return [];
  }
}
