import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Conflict, Solver, type Theory } from '../../src/axiomatic/sat/solver.js';
import { runs } from '../seed.js';

type Clause = readonly number[];

/** Clauses to be satisfied: of each, some literal has to be true. Draws conclusions, or only notices contradictions. */
class Clauses implements Theory {
  readonly solver: Solver;
  readonly antecedents = new Set<number>();
  private following: number[] = [];

  constructor(
    readonly variables: number,
    private readonly clauses: readonly Clause[],
    private readonly concludes: boolean,
    mostLearned?: number,
  ) {
    this.solver = new Solver(variables, this, mostLearned);
  }

  assigned(literal: number): Conflict | undefined {
    this.following.push(literal);
    let conflict: Conflict | undefined;
    for (const clause of this.clauses) if (clause.includes(literal ^ 1)) conflict ??= this.look(clause);
    return conflict;
  }

  private look(clause: Clause): Conflict | undefined {
    const { truth } = this.solver;
    const open = clause.filter((literal) => truth[literal] === 0);
    if (clause.some((literal) => truth[literal] === 1) || open.length > 1) return undefined;
    const because = clause.filter((literal) => truth[literal] < 0).map((literal) => literal ^ 1);
    if (open.length === 0) return because;
    return this.concludes ? this.solver.imply(open[0], because) : undefined;
  }

  retracted(literal: number): void {
    if (this.following.pop() !== literal) throw new Error('taken back out of order');
  }

  /** Learns from a conflict; says whether it rests on a decision. Checks what `analyze` promises. */
  private learn(conflict: Conflict, keep: boolean): boolean {
    const has = (truth: number) => (literal: number) => this.solver.truth[literal] === truth;
    if (!conflict.every(has(1))) throw new Error('a conflict has a literal that is not true');
    const { clause, antecedents } = this.solver.analyze(conflict);
    for (const literal of antecedents) this.antecedents.add(literal >> 1);
    if (!clause) return false;
    if (!clause.every(has(-1))) throw new Error('what is learned was no conflict');
    this.solver.learn(clause, keep);
    const [first, ...rest] = clause;
    if (!has(1)(first) || !rest.every(has(-1))) throw new Error('what is learned implies nothing');
    return true;
  }

  /** All ways to satisfy the clauses, each as a string of 0 and 1. */
  solutions(): string[] {
    const found: string[] = [];
    const { solver } = this;
    for (const clause of this.clauses) {
      const refuted = clause.length === 0 || (clause.length === 1 && solver.implyBy(clause[0], -1));
      if (refuted) return found;
    }
    for (;;) {
      const refuted = solver.propagate();
      const open = this.allVariables.find((v) => solver.truth[2 * v] === 0);
      if (!refuted && open !== undefined) {
        solver.decide(2 * open);
        continue;
      }
      if (!refuted) found.push(this.allVariables.map((v) => (solver.truth[2 * v] === 1 ? 1 : 0)).join(''));
      if (!this.learn(refuted ?? solver.decisions(), !refuted)) return found;
    }
  }

  private get allVariables(): number[] {
    return Array.from({ length: this.variables }, (_, v) => v);
  }
}

function bruteForce(variables: number, clauses: readonly Clause[]): string[] {
  return Array.from({ length: 2 ** variables }, (_, bits) => bits)
    .filter((bits) =>
      clauses.every((clause) => clause.some((l) => ((bits >> (l >> 1)) & 1) === ((l & 1) ^ 1))),
    )
    .map((bits) => Array.from({ length: variables }, (_, v) => (bits >> v) & 1).join(''))
    .sort();
}

const VARIABLES = 8;

describe('the conflict-driven search', () => {
  const literal = fc.nat({ max: 2 * VARIABLES - 1 });
  const problems = fc.array(fc.uniqueArray(literal, { minLength: 1, maxLength: 3 }), { maxLength: 40 });

  it('finds each way to satisfy clauses, once, also when it drops what it has learned', () => {
    fc.assert(
      fc.property(problems, fc.boolean(), fc.constantFrom(1, 2, 5, undefined), (clauses, concludes, most) => {
        const found = new Clauses(VARIABLES, clauses, concludes, most).solutions();
        expect([...found].sort()).toEqual(bruteForce(VARIABLES, clauses));
      }),
      runs(400),
    );
  });

  it('says what it rests on that there is none: clauses of other variables alone', () => {
    fc.assert(
      fc.property(problems, (clauses) => {
        const search = new Clauses(VARIABLES, clauses, true);
        fc.pre(clauses.every(({ length }) => length > 1));
        if (search.solutions().length > 0) return;
        const rest = clauses.filter((clause) => clause.every((l) => search.antecedents.has(l >> 1)));
        expect(bruteForce(VARIABLES, rest)).toEqual([]);
      }),
      runs(400),
    );
  });
});
