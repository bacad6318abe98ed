import { CELLS, LOCK, POINTER, STRUCTURES } from './program-names.js';
import { type Decision, type NamedTest, ThreadWriter } from './program-writer.js';
import type { Choosing, Leg, Place, ProgramShape, Region, ShapeStep, Stored, ThreadShape } from './shapes.js';

const types = { int: 'int', unsigned: 'unsigned int', byte: 'signed char', bool: '_Bool' } as const;

/** Kernel primitives by the tag that the Linux-kernel model gives their events. */
const fences: Readonly<Record<string, string>> = {
  mb: 'smp_mb()',
  rmb: 'smp_rmb()',
  wmb: 'smp_wmb()',
  barrier: 'barrier()',
  'before-atomic': 'smp_mb__before_atomic()',
  'after-atomic': 'smp_mb__after_atomic()',
  'after-spinlock': 'smp_mb__after_spinlock()',
  'after-unlock-lock': 'smp_mb__after_unlock_lock()',
  'rcu-lock': 'rcu_read_lock()',
  'rcu-unlock': 'rcu_read_unlock()',
  'sync-rcu': 'synchronize_rcu()',
};

const regions: Readonly<Record<Region, readonly [begin: string, end: string | undefined]>> = {
  section: ['rcu_read_lock()', 'rcu_read_unlock()'],
  'irqs-disabled': ['local_irq_disable()', 'local_irq_enable()'],
  'irqs-saved': ['local_irq_save(flags)', 'local_irq_restore(flags)'],
  'irqs-left-disabled': ['local_irq_disable()', undefined],
};

const suffixes: Readonly<Record<string, string>> = {
  Once: '_relaxed',
  Acquire: '_acquire',
  Release: '_release',
  MB: '',
};

/** A program in C, from its init section to its last thread. */
export function writeC(shape: ProgramShape): string {
  const type = types[shape.type];
  const cells = CELLS.slice(0, shape.cells);
  const parameters = [
    ...cells.map((cell) => `${type} *${cell}`),
    `${type} **${POINTER}`,
    `spinlock_t *${LOCK}`,
    ...STRUCTURES.map((structure) => `struct srcu_struct *${structure}`),
  ];
  const thread = ({ steps }: ThreadShape, id: number, head = ''): string => {
    const { lines, registers } = new CWriter(shape, head !== '').write(steps);
    const used = parameters.filter((one) =>
      lines.some((line) => new RegExp(`\\b${one.replace(/^.*\*/, '')}\\b`).test(line)),
    );
    const declared = registers.map((one) => `\t${one.startsWith('q') ? `${type} *` : 'int '}${one};`);
    if (lines.some((line) => line.includes('(flags)'))) declared.push('\tunsigned long flags;');
    return `${head}P${id}(${used.join(', ')})\n{\n${[...declared, ...lines].join('\n')}\n}\n`;
  };
  const threads = shape.threads.map((one, id) => thread(one, id));
  if (shape.handler) {
    const { on, kind } = shape.handler;
    const id = shape.threads.length;
    threads.push(thread(shape.handler, id, `__${kind}(P${on % id}) `));
  }
  const init = [`${type} x = ${shape.initial};`];
  if (shape.pointer !== 0 && threads.some((text) => text.includes(`*${POINTER}`)))
    init.push(`${type} *${POINTER} = &${CELLS[shape.pointer % shape.cells]};`);
  return `{\n${init.join('\n')}\n}\n\n${threads.join('\n')}`;
}

class CWriter extends ThreadWriter {
  private readonly declared: string[] = [];
  private margin = '\t';

  protected registers(): readonly string[] {
    return this.declared;
  }

  protected load(place: Place, [tag]: readonly string[]): void {
    this.assign(this.reading(this.place(place), tag));
  }

  protected store(place: Place, stored: Stored, [tag]: readonly string[]): void {
    const to = this.place(place);
    const value = this.stored(stored);
    if (tag === 'Release') this.line(`smp_store_release(${to}, ${value})`);
    else if (tag === 'Plain') this.line(`*${to} = ${value}`);
    else this.line(`WRITE_ONCE(*${to}, ${value})`);
  }

  protected loadPointer(): void {
    const target = this.fresh('q');
    this.line(`${target} = READ_ONCE(*${POINTER})`);
    this.pointers.push(target);
  }

  protected storePointer(cell: string, loaded = cell): void {
    this.line(`WRITE_ONCE(*${POINTER}, ${loaded})`);
  }

  protected fence([tag]: readonly string[]): void {
    this.line(fences[tag]);
  }

  protected region(region: Region): readonly [begin: string, end: string | undefined] {
    return regions[region];
  }

  protected gracePeriod(): void {
    this.line('synchronize_rcu()');
  }

  protected srcu(structure: string, within: readonly ShapeStep[]): void {
    const index = this.fresh('i');
    this.line(`${index} = srcu_read_lock(${structure})`);
    this.steps(within);
    this.line(`srcu_read_unlock(${structure}, ${index})`);
  }

  protected srcuWait(structure: string): void {
    this.line(`synchronize_srcu(${structure})`);
  }

  protected locked({ within, tried }: ShapeStep & { does: 'locked' }): void {
    if (!tried) {
      this.line(`spin_lock(${LOCK})`);
      this.steps(within);
      this.line(`spin_unlock(${LOCK})`);
      return;
    }
    const taken = this.assign(`spin_trylock(${LOCK})`);
    const then = (): void => {
      this.branch(within);
      this.line(`spin_unlock(${LOCK})`);
    };
    this.split(taken, then, false);
  }

  protected isLocked(): void {
    this.assign(`spin_is_locked(${LOCK})`);
  }

  protected rmw({ how, on, value, expected, tags: [tag] }: ShapeStep & { does: 'rmw' }): void {
    const place = this.place(on);
    const operand = this.stored(value);
    const suffix = suffixes[tag] ?? '';
    if (how === 'add' && tag === 'Noreturn') this.line(`atomic_add(${operand}, ${place})`);
    else if (how === 'add') this.assign(`atomic_fetch_add${suffix}(${operand}, ${place})`);
    else if (how === 'exchange') this.assign(`xchg${suffix}(${place}, ${operand})`);
    else this.assign(`cmpxchg${suffix}(${place}, ${this.stored(expected)}, ${operand})`);
  }

  /**
   * What other machines do with load-locked and store-conditional: a read, and a store if nothing has
   * changed.
   */
  protected pair({ on, between, value, elsewhere, again }: ShapeStep & { does: 'pair' }): void {
    const read = this.assign(this.reading(this.cell(on), 'Once'));
    this.steps(between);
    this.assign(`cmpxchg(${this.cell(elsewhere ? on + 1 : on)}, ${read}, ${this.stored(value)})`);
    if (again) this.assign(`cmpxchg(${this.cell(on)}, ${read}, ${this.stored(value)})`);
  }

  protected conditional(decision: Decision, yes: readonly ShapeStep[], no: readonly ShapeStep[]): void {
    this.split(decided(decision), () => this.branch(yes), no.length > 0 && (() => this.branch(no)));
  }

  protected choose(decision: Decision, how: Choosing, yes: Leg, no: Leg): string {
    return this.chosenBetween('k', decision, how, this.leg(yes), this.leg(no));
  }

  protected choosePointer(decision: Decision, how: Choosing, yes: string, no: string): string {
    return this.chosenBetween('q', decision, how, yes, no);
  }

  private chosenBetween(kind: 'k' | 'q', decision: Decision, how: Choosing, yes: string, no: string): string {
    const condition = decided(decision);
    const target = this.fresh(kind);
    const put = (leg: string) => () => this.line(`${target} = ${leg}`);
    if (how === 'expression') put(`${condition} ? ${yes} : ${no}`)();
    else if (how === 'two-legs') this.split(condition, put(yes), put(no));
    else {
      put(no)();
      this.split(condition, put(yes), false);
    }
    return target;
  }

  private leg(leg: Leg): string {
    if (leg.is === 'constant') return String(leg.number);
    if (leg.is === 'load') return this.reading(this.cell(leg.cell), leg.tags[0]);
    return this.chosen(this.integers, leg.register) ?? '1';
  }

  /**
   * An `if`; a part in which nothing is written has a statement without effect, as an empty block is not C to
   * all tools.
   */
  private split(condition: string, yes: () => void, no: false | (() => void)): void {
    this.lines.push(`${this.margin}if (${condition}) {`);
    this.inner(yes);
    if (no) {
      this.lines.push(`${this.margin}} else {`);
      this.inner(no);
    }
    this.lines.push(`${this.margin}}`);
  }

  private inner(write: () => void): void {
    this.margin += '\t';
    const before = this.lines.length;
    write();
    if (this.lines.length === before) this.line('0');
    this.margin = this.margin.slice(1);
  }

  private reading(place: string, tag: string): string {
    if (tag === 'Acquire') return `smp_load_acquire(${place})`;
    return tag === 'Plain' ? `*${place}` : `READ_ONCE(*${place})`;
  }

  private assign(value: string): string {
    const target = this.fresh('r');
    this.line(`${target} = ${value}`);
    this.integers.push(target);
    return target;
  }

  private place(place: Place): string {
    const cell = this.cell(place.cell);
    if (place.is === 'pointer') return this.chosen(this.pointers, place.register) ?? cell;
    const register = place.is === 'false-dependency' ? this.chosen(this.integers, place.register) : undefined;
    return register === undefined ? cell : `(${cell} + (${register} ^ ${register}))`;
  }

  private stored(stored: Stored): string {
    if (stored.is === 'constant') return String(stored.number);
    const register = this.chosen(this.integers, stored.register);
    if (register === undefined) return 'number' in stored ? String(stored.number) : '1';
    switch (stored.is) {
      case 'copy':
        return register;
      case 'false-dependency':
        return `(${register} ^ ${register}) + ${stored.number}`;
      case 'combined':
        return `${register} ${stored.op} ${this.chosen(this.integers, stored.other)}`;
      case 'comparison':
        return `${register} == ${stored.number}`;
      case 'successor':
        return `${register} + 1`;
    }
  }

  private fresh(kind: 'i' | 'k' | 'q' | 'r'): string {
    const name = `${kind}${this.declared.filter((one) => one.startsWith(kind)).length}`;
    this.declared.push(name);
    return name;
  }

  protected line(statement: string): void {
    this.lines.push(`${this.margin}${statement};`);
  }
}

function decided({ also, ...first }: Decision): string {
  if (!also) return tested(first);
  // What is joined bitwise is 0 or 1.
  const isBitwise = also.op === '&' || also.op === '|';
  const [left, right] = [first, also].map((one) => (isBitwise ? `(${compared(one)})` : tested(one)));
  return `${left} ${also.op} ${right}`;
}

const tested = (test: NamedTest): string =>
  test.register !== undefined && test.number === undefined ? test.register : compared(test);

function compared({ register, number }: NamedTest): string {
  if (register === undefined) return '1';
  return number === undefined ? `${register} != 0` : `${register} == ${number}`;
}
