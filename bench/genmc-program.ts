import { lowerPrimitives } from '../src/kernel/index.js';
import type { LitmusTest } from '../src/litmus/index.js';
import {
  type Code,
  type Expression,
  type Instruction,
  isPointer,
  type Observable,
  type Program,
  type Proposition,
  type RegisterId,
  type Thread,
  type Value,
} from '../src/program/index.js';

/** Something of a test that the C program for GenMC cannot say. */
export class NotForGenmc extends Error {}

/**
 * A litmus test as a C program that GenMC takes: relaxed atomics, which its models `--sc` and `--tso` read as
 * plain accesses of the machine, and fences of the strongest order for `smp_mb()`. With `verdict`, the
 * program fails an assertion where the condition's proposition holds, so that GenMC ends at the first such
 * execution; without, it goes through all executions.
 *
 * @throws NotForGenmc when the test has what this does not say: handlers, calls, read-side sections, computed
 * addresses
 */
export function genmcProgram(test: LitmusTest, architecture: 'sc' | 'i386', verdict: boolean): string {
  const program = lowerPrimitives(test.program, { architecture, era: '6.x' });
  if (program.functions.length > 0 || program.threads.some(({ interrupt }) => interrupt))
    throw new NotForGenmc('calls and handlers');
  const cells = program.cells.map(({ name, initial }) => `static atomic_int ${name} = ${number(initial)};`);
  const ids = program.threads.map((_, index) => index);
  return [
    '#include <assert.h>',
    '#include <pthread.h>',
    '#include <stdatomic.h>',
    '#include <stddef.h>',
    '',
    ...cells,
    ...program.threads.flatMap((thread, index) => {
      const shown = verdict ? registersOf(test.condition.proposition, index) : [];
      return new ThreadWriter(program, thread, index, shown).lines();
    }),
    'int main(void)',
    '{',
    `\tpthread_t t[${ids.length}];`,
    ...ids.map((id) => `\tpthread_create(&t[${id}], NULL, thread_${id}, NULL);`),
    ...ids.map((id) => `\tpthread_join(t[${id}], NULL);`),
    ...(verdict ? [`\tassert(!(${propositionText(program, test.condition.proposition)}));`] : []),
    '\treturn 0;',
    '}',
    '',
  ].join('\n');
}

const RELAXED = 'memory_order_relaxed';

class ThreadWriter {
  readonly #code: Code;
  /** Registers that hold an address for good: the parameters. */
  readonly #addresses = new Map<RegisterId, string>();

  constructor(
    program: Program,
    thread: Thread,
    private readonly index: number,
    /** Registers that the condition reads when all is over. */
    private readonly shown: readonly RegisterId[],
  ) {
    this.#code = thread.code;
    for (const [register, value] of thread.initial) {
      const cell = isPointer(value)
        ? program.cells.find(({ symbol, offset }) => symbol === value.symbol && offset === value.offset)
        : undefined;
      if (cell) this.#addresses.set(register, cell.name);
    }
    for (const instruction of this.#code.instructions) {
      if ('target' in instruction && instruction.target !== undefined)
        this.#addresses.delete(instruction.target);
    }
  }

  lines(): string[] {
    const { registers, instructions } = this.#code;
    return [
      ...this.shown.map((register) => `static int ${registerText(this.index, register)};`),
      `static void *thread_${this.index}(void *unused)`,
      '{',
      ...registers.flatMap((_, register) =>
        this.#addresses.has(register as RegisterId) ? [] : [`\tint r${register} = 0;`],
      ),
      ...instructions.flatMap((instruction, at) => [`at${at}:;`, `\t${this.#statement(instruction)}`]),
      `at${instructions.length}:;`,
      ...this.shown.map((register) => `\t${registerText(this.index, register)} = r${register};`),
      '\treturn NULL;',
      '}',
      '',
    ];
  }

  #statement(instruction: Instruction): string {
    switch (instruction.kind) {
      case 'assign':
        return this.#addresses.has(instruction.target)
          ? ';'
          : `r${instruction.target} = ${this.#value(instruction.value)};`;
      case 'load':
        return `r${instruction.target} = atomic_load_explicit(&${this.#cell(instruction.address)}, ${RELAXED});`;
      case 'store':
        return `atomic_store_explicit(&${this.#cell(instruction.address)}, ${this.#value(instruction.value)}, ${RELAXED});`;
      case 'rmw':
        return this.#update(instruction);
      case 'fence':
        return 'atomic_thread_fence(memory_order_seq_cst);';
      case 'branch':
        return `if (${this.#value(instruction.condition)}) goto at${instruction.goto};`;
      case 'jump':
        return `goto at${instruction.goto};`;
      case 'return':
        return `goto at${this.#code.instructions.length};`;
      default:
        throw new NotForGenmc(instruction.kind);
    }
  }

  /**
   * `atomic_fetch_add` or a compare-and-swap, as GenMC knows them; other updates it would have to try again
   * and again.
   */
  #update(instruction: Instruction & { readonly kind: 'rmw' }): string {
    const { target, condition } = instruction;
    const cell = this.#cell(instruction.address);
    const update = unwrapped(instruction.update);
    if (condition) {
      const test = unwrapped(condition);
      if (test.kind !== 'binary' || test.op !== '==') throw new NotForGenmc('a condition of an update');
      const expected = isRegister(test.left, target) ? test.right : test.left;
      return (
        `r${target} = ${this.#value(expected)}; ` +
        `atomic_compare_exchange_strong(&${cell}, &r${target}, ${this.#value(update)});`
      );
    }
    if (update.kind === 'binary' && update.op === '+' && isRegister(update.left, target))
      return `r${target} = atomic_fetch_add(&${cell}, ${this.#value(update.right)});`;
    throw new NotForGenmc('an update');
  }

  #cell(address: Expression): string {
    const plain = unwrapped(address);
    const cell = plain.kind === 'register' ? this.#addresses.get(plain.register) : undefined;
    if (cell === undefined) throw new NotForGenmc('a computed address');
    return cell;
  }

  #value(expression: Expression): string {
    switch (expression.kind) {
      case 'constant':
        return number(expression.value);
      case 'register':
        return `r${expression.register}`;
      case 'unary':
        return `(${expression.op}${this.#value(expression.operand)})`;
      case 'binary':
        return `(${this.#value(expression.left)} ${expression.op} ${this.#value(expression.right)})`;
      case 'wrap':
        return this.#value(expression.operand);
      case 'select':
        return `(${this.#value(expression.condition)} ? ${this.#value(expression.then)} : ${this.#value(expression.otherwise)})`;
    }
  }
}

const registerText = (thread: number, register: number): string => `end_${thread}_${register}`;
const isRegister = (expression: Expression, register: RegisterId): boolean =>
  expression.kind === 'register' && expression.register === register;
const unwrapped = (expression: Expression): Expression =>
  expression.kind === 'wrap' ? unwrapped(expression.operand) : expression;

function number(value: Value): string {
  if (typeof value !== 'bigint') throw new NotForGenmc('an address as a value');
  return `${value}`;
}

/** The registers of a thread that a proposition reads, each once. */
function registersOf(proposition: Proposition, thread: number): RegisterId[] {
  const found = new Set<RegisterId>();
  const visit = (part: Proposition): void => {
    switch (part.kind) {
      case 'true':
        return;
      case 'equals':
        for (const side of [part.left, part.right])
          if (isObservable(side) && side.kind === 'register' && side.thread === thread)
            found.add(side.register);
        return;
      case 'not':
        visit(part.operand);
        return;
      default:
        visit(part.left);
        visit(part.right);
    }
  };
  visit(proposition);
  return [...found];
}

const isObservable = (side: Observable | Value): side is Observable =>
  typeof side === 'object' && 'kind' in side && (side.kind === 'register' || side.kind === 'cell');

function propositionText(program: Program, proposition: Proposition): string {
  const show = (observable: Observable): string =>
    observable.kind === 'cell'
      ? program.cells[observable.cell].name
      : registerText(observable.thread, observable.register);
  const text = (part: Proposition): string => {
    switch (part.kind) {
      case 'true':
        return '1';
      case 'equals':
        return `${show(part.left)} == ${isObservable(part.right) ? show(part.right) : number(part.right)}`;
      case 'not':
        return `!(${text(part.operand)})`;
      case 'and':
        return `(${text(part.left)} && ${text(part.right)})`;
      case 'or':
        return `(${text(part.left)} || ${text(part.right)})`;
      case 'implies':
        return `(!(${text(part.left)}) || ${text(part.right)})`;
    }
  };
  return text(proposition);
}
