import { printTerm } from '../terms/print-term.js';
import type { Term } from '../terms/terms.js';
import type { Plan, PlannedCheck, PlannedChoice, PlanStep } from './plan.js';

/**
 * A plan in words, for people who write models: what is computed when, which checks cut the search short, and
 * what they share. Terms are numbered; a term that is more than a base is shown by its operator and the
 * numbers of its arguments.
 */
export function explainPlan(plan: Plan): string {
  return new Explanation(plan).lines().join('\n');
}

class Explanation {
  private readonly text: string[] = [];
  private readonly users: Map<number, number>;

  constructor(private readonly plan: Plan) {
    this.users = usersOf(plan);
  }

  lines(): string[] {
    const { model, steps, checks, programChoices, choices, bases } = this.plan;
    const shared = model.terms.filter((term) => (this.users.get(term.id) ?? 0) > 1 && term.args.length > 0);
    this.say(
      `${model.title}: ${counted(model.terms.length, 'term')}, of which ${shared.length} serve more than one check`,
    );
    this.say(
      `From the program: ${bases
        .map(({ name }) => name)
        .sort()
        .join(' ')}`,
    );
    this.stageIfAny('Once per program', steps.program, checks.program, 'decides');
    for (const [index, choice] of programChoices.entries())
      this.choice(choice, `Choice ${index + 1} of the program`);
    this.stageIfAny(
      'Each time a read gets its write (rf grows)',
      steps.pruneReads,
      checks.pruneReads,
      'cuts off',
    );
    this.stageIfAny(
      'Then, and each time two writes are ordered (co grows)',
      steps.pruneCoherence,
      checks.pruneCoherence,
      'cuts off',
    );
    this.stageIfAny('Once rf is complete', steps.finalReads, checks.finalReads, 'decides');
    this.stageIfAny('Once co is complete', steps.finalCoherence, checks.finalCoherence, 'decides');
    for (const [index, choice] of choices.entries())
      this.choice(choice, `Choice ${index + 1} of a complete execution`);
    if (checks.flags.length > 0)
      this.say('Flags of a consistent execution', ...checks.flags.map((flag) => `  ${test(flag)}`));
    if (checks.assertions.length > 0)
      this.say('Assertions', ...checks.assertions.map((one) => `  ${test(one)}`));
    return this.text;
  }

  private choice({ slot, computed, steps, checks }: PlannedChoice, title: string): void {
    const { terms } = this.plan.model;
    const reads = [...computed.slots.values()].map((input) => printTerm(short(terms[input]))).join(', ');
    this.stage(`${title}: #${slot}, from ${reads || 'nothing'}`, steps, checks, 'decides');
  }

  private stageIfAny(...[title, steps, checks, verb]: Parameters<Explanation['stage']>): void {
    if (steps.length > 0 || checks.length > 0) this.stage(title, steps, checks, verb);
  }

  stage(title: string, steps: readonly PlanStep[], checks: readonly PlannedCheck[], verb: string): void {
    this.say(`${title}: ${counted(steps.length, 'step')}`);
    const shown = new Set<number>();
    for (const term of steps.flatMap((step) => this.termsOf(step))) {
      if (shown.has(term.id)) continue;
      shown.add(term.id);
      const users = this.users.get(term.id) ?? 0;
      this.say(`  #${term.id} = ${definition(term)}${users > 1 ? `   (${users} checks)` : ''}`);
    }
    for (const check of checks) this.say(`  ${verb}: ${test(check)}`);
  }

  /** The terms whose values a step makes; none for an intermediate result. */
  private termsOf({ slot, group }: PlanStep): Term[] {
    const { terms } = this.plan.model;
    if (group) return group.steps.flatMap((step) => this.termsOf(step));
    return slot < terms.length ? [terms[slot]] : [];
  }

  private say(...lines: string[]): void {
    this.text.push(...lines);
  }
}

function test({ check, slot }: PlannedCheck): string {
  return `${check.negated ? '~' : ''}${check.kind} #${slot} as ${check.name}`;
}

/** A term by its number, a base by its name. */
function short(term: Term): Term {
  if (term.operator === 'base' || term.operator === 'empty') return term;
  return { ...term, operator: 'base', name: `#${term.id}`, args: [] };
}

/** What a term is made of. */
function definition(term: Term): string {
  if (term.operator === 'recursive') {
    const { bodies } = term.group as NonNullable<Term['group']>;
    return `the least solution of ${term.name} = #${bodies[term.index as number].id}`;
  }
  return printTerm({ ...term, args: term.args.map(short) });
}

/** How many checks each term serves. */
function usersOf({ model }: Plan): Map<number, number> {
  const users = new Map<number, number>();
  for (const { term } of model.checks) {
    const seen = new Set<Term>();
    const todo = [term];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      users.set(next.id, (users.get(next.id) ?? 0) + 1);
      todo.push(...next.args, ...(next.group?.bodies ?? []));
    }
  }
  return users;
}

function counted(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
