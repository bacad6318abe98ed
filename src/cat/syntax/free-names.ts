import type { Span } from '../../diagnostics.js';
import type { Binding, Condition, Expression, Instruction, Name, Pattern } from './model-syntax.js';

/** A name that an expression takes from around it. */
export interface FreeName {
  readonly name: string;
  readonly span: Span;
  /** Every use is inside the body of a `try`: the name need not be there. */
  readonly optional: boolean;
}

/** The names that an expression uses and does not bind itself. */
export function freeNames(expression: Expression): FreeName[] {
  const finder = new Finder();
  finder.expression(expression, []);
  return finder.result();
}

/** The names that instructions use and do not bind themselves. */
export function freeNamesOf(instructions: readonly Instruction[], bound: readonly string[]): FreeName[] {
  const finder = new Finder();
  finder.block(instructions, bound);
  return finder.result();
}

export function namesOf(pattern: Pattern): string[] {
  const names = pattern.kind === 'single' ? [pattern.name] : pattern.names;
  return textsOf(names);
}

function textsOf(names: readonly (Name | undefined)[]): string[] {
  return names.flatMap((name) => (name ? [name.text] : []));
}

type Bound = readonly string[];

class Finder {
  private readonly found = new Map<string, FreeName>();
  private trying = 0;

  result(): FreeName[] {
    return [...this.found.values()];
  }

  expression(expression: Expression, bound: Bound): void {
    switch (expression.kind) {
      case 'name':
        this.use(expression.name, expression.span, bound);
        return;
      case 'tag':
      case 'empty':
      case 'universe':
        return;
      case 'braces':
      case 'tuple':
        for (const item of expression.items) this.expression(item, bound);
        return;
      case 'apply':
        this.expression(expression.callee, bound);
        this.expression(expression.argument, bound);
        return;
      case 'unary':
        this.expression(expression.operand, bound);
        return;
      case 'list':
        for (const operand of expression.operands) this.expression(operand, bound);
        return;
      case 'binary':
        this.expression(expression.left, bound);
        this.expression(expression.right, bound);
        return;
      case 'let':
        this.expression(expression.body, this.bindings(expression.recursive, expression.bindings, bound));
        return;
      case 'function':
        this.expression(expression.body, [...bound, ...namesOf(expression.pattern)]);
        return;
      case 'try':
        this.trying++;
        this.expression(expression.body, bound);
        this.trying--;
        this.expression(expression.fallback, bound);
        return;
      case 'if':
        this.condition(expression.condition, bound);
        this.expression(expression.whenTrue, bound);
        this.expression(expression.whenFalse, bound);
        return;
      case 'match':
        this.expression(expression.subject, bound);
        for (const { body } of expression.clauses) this.expression(body, bound);
        if (expression.otherwise) this.expression(expression.otherwise, bound);
        return;
      case 'match-set': {
        this.expression(expression.subject, bound);
        this.expression(expression.whenEmpty, bound);
        const own = textsOf([expression.before, expression.element, expression.rest]);
        this.expression(expression.whenMore, [...bound, ...own]);
        return;
      }
    }
  }

  /** Instructions one after another: each sees what those before it define. */
  block(instructions: readonly Instruction[], bound: Bound): void {
    instructions.reduce((current, instruction) => this.instruction(instruction, current), bound);
  }

  private instruction(instruction: Instruction, bound: Bound): Bound {
    switch (instruction.kind) {
      case 'let': {
        const after = this.bindings(instruction.recursive, instruction.bindings, bound);
        if (instruction.when) this.expression(instruction.when.subject, after);
        return after;
      }
      case 'test':
        this.expression(instruction.test.subject, bound);
        return bound;
      case 'call':
        this.use(instruction.callee.text, instruction.callee.span, bound);
        this.expression(instruction.argument, bound);
        return bound;
      case 'procedure':
        this.block(instruction.body, [...bound, instruction.name.text, ...namesOf(instruction.pattern)]);
        return [...bound, instruction.name.text];
      case 'if':
        this.block(instruction.whenTrue, bound);
        this.block(instruction.whenFalse, bound);
        return bound;
      case 'match':
        this.expression(instruction.subject, bound);
        for (const { body } of instruction.clauses) this.block(body, bound);
        if (instruction.otherwise) this.block(instruction.otherwise, bound);
        return bound;
      case 'forall':
        this.expression(instruction.from, bound);
        this.block(instruction.body, [...bound, instruction.name.text]);
        return bound;
      default:
        return bound;
    }
  }

  private bindings(recursive: boolean, bindings: readonly Binding[], bound: Bound): Bound {
    const after = [...bound, ...bindings.flatMap(({ pattern }) => namesOf(pattern))];
    for (const { value } of bindings) this.expression(value, recursive ? after : bound);
    return after;
  }

  private condition(condition: Condition, bound: Bound): void {
    switch (condition.kind) {
      case 'variant':
        return;
      case 'not':
        this.condition(condition.operand, bound);
        return;
      case 'and':
      case 'or':
        this.condition(condition.left, bound);
        this.condition(condition.right, bound);
        return;
      case 'compare':
        this.expression(condition.left, bound);
        this.expression(condition.right, bound);
    }
  }

  private use(name: string, span: Span, bound: Bound): void {
    if (bound.includes(name)) return;
    const optional = this.trying > 0;
    const before = this.found.get(name);
    if (!before || (before.optional && !optional)) this.found.set(name, { name, span, optional });
  }
}
