import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Solver, type Theory } from '../../src/axiomatic/sat/solver.js';
import { runs } from '../seed.js';

type Clause = readonly number[];

/** Clauses to be satisfied: of each, some literal has to be true. Draws conclusions, or only notices contradictions. */
class Clauses implements Theory {
  readonly solver: Solver;
  readonly touchedVariables = new Set<number>();
  private following: number[] = [];

  constructor(
    readonly variables: number,
    private readonly clauses: readonly Clause[],
    private readonly concludes: boolean,
    mostLearned?: number,
  ) {
    this.solver = new Solver(variables, this, mostLearned);
  }

  assigned(literal: number): boolean {
    this.following.push(literal);
    for (const clause of this.clauses) if (clause.includes(literal ^ 1) && !this.look(clause)) return false;
    return true;
  }

  private look(clause: Clause): boolean {
    const { truth } = this.solver;
    const open = clause.filter((literal) => truth[literal] === 0);
    if (clause.some((literal) => truth[literal] === 1) || open.length > 1) return true;
    const because = clause.filter((literal) => truth[literal] < 0).map((literal) => literal ^ 1);
    if (open.length === 1) return !this.concludes || this.solver.imply(open[0], because);
    this.solver.conflict.length = 0;
    this.solver.conflict.push(...because);
    return false;
  }

  retracted(literal: number): void {
    if (this.following.pop() !== literal) throw new Error('taken back out of order');
  }

  touched(literal: number): void {
    this.touchedVariables.add(literal >> 1);
  }

  /** All ways to satisfy the clauses, each as a string of 0 and 1. */
  solutions(): string[] {
    const found: string[] = [];
    const { solver } = this;
    for (const clause of this.clauses) {
      const known = clause.length === 0 || (clause.length === 1 && !solver.imply2(clause[0], -1, -1));
      if (known) return found;
    }
    for (;;) {
      let keep = false;
      if (solver.propagate()) {
        const open = Array.from({ length: this.variables }, (_, v) => v).find(
          (v) => solver.truth[2 * v] === 0,
        );
        if (open !== undefined) {
          solver.decide(2 * open);
          continue;
        }
        found.push(
          Array.from({ length: this.variables }, (_, v) => (solver.truth[2 * v] === 1 ? 1 : 0)).join(''),
        );
        solver.conflictOfDecisions();
        keep = true;
      }
      if (!solver.resolve(keep)) return found;
    }
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
        const rest = clauses.filter((clause) => clause.every((l) => search.touchedVariables.has(l >> 1)));
        expect(bruteForce(VARIABLES, rest)).toEqual([]);
      }),
      runs(400),
    );
  });
});
