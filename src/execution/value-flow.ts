import type { Symbolic } from '../program/index.js';
import {
  asRead,
  type Cell,
  type Code,
  constant,
  type Expression,
  FREED,
  given,
  type Instruction,
  int64,
  isJunk,
  isPointer,
  JUNK,
  kept,
  type Pointer,
  type Program,
  type RegisterId,
  register,
  type ScalarType,
  successors,
  type Thread,
  type Value,
  valueKey,
  valuesEqual,
} from '../program/index.js';
import { Holdings } from './holdings.js';
import { ValueSet } from './value-set.js';

/** How often what calls are given and give is looked at again, to find more of it the same for all calls. */
const ROUNDS = 4;

/**
 * What registers and locations can hold, at the most: each holds what some instruction gives it, whichever ways the threads go, however
 * often loops are run, and whatever else is held elsewhere. Nothing is taken to be impossible because of a branch: not even where a
 * value would have to come about for its own sake, as that is for the memory model to say.
 */
export class ValueFlow {
  private readonly functions: ReadonlyMap<string, Code>;
  private readonly holdings: ReadonlyMap<Code, Holdings>;
  private readonly threads: readonly ThreadFlow[];
  /** By address: what a location can hold, as it is read. */
  private readonly memory = new Map<string, ValueSet>();
  private readonly cells: ReadonlyMap<string, Cell>;

  constructor(readonly program: Program) {
    this.functions = new Map(program.functions.map((code) => [code.name, code]));
    this.cells = new Map(program.cells.map((cell) => [valueKey(addressOf(cell)), cell]));
    this.holdings = holdingsOf(program, this.functions);
    for (const cell of program.cells) this.held(addressOf(cell)).add(asRead(cell.initial));
    this.threads = program.threads.map((thread) => new ThreadFlow(thread, this));
    for (let grew = true; grew; ) {
      grew = false;
      for (const thread of this.threads) grew = thread.pass() || grew;
    }
  }

  of(thread: Thread): ThreadFlow {
    return this.threads[thread.id];
  }

  holdingsIn(code: Code): Holdings {
    return this.holdings.get(code) as Holdings;
  }

  /** The functions at some addresses. */
  functionsAt(addresses: ValueSet): Code[] {
    return addresses.addresses().flatMap(({ symbol }) => this.functions.get(symbol) ?? []);
  }

  /** The locations at some addresses, that the program names or an address gives. */
  placesAt(addresses: ValueSet): readonly Pointer[] {
    const named = this.program.cells.map(addressOf);
    return addresses.list() ? addresses.addresses() : named.filter((address) => addresses.has(address));
  }

  held(address: Pointer): ValueSet {
    const key = valueKey(address);
    let found = this.memory.get(key);
    if (!found) {
      found = new ValueSet();
      // In flat memory there are locations that only addresses name.
      if (isJunk(address)) found.add(JUNK);
      else if (!this.cells.has(key) && this.program.flatMemory) found.add(0n);
      this.memory.set(key, found);
    }
    return found;
  }

  typeAt(address: Pointer): ScalarType {
    return this.cells.get(valueKey(address))?.type ?? int64;
  }
}

const addressOf = ({ symbol, offset }: Cell): Pointer => ({ symbol, offset });

/** What one thread does, in its own code and the functions that it may call. */
class ThreadFlow {
  /** By code and origin. */
  private readonly origins = new Map<Code, ValueSet[]>();
  private readonly results = new Map<Code, ValueSet>();
  private readonly codes: readonly Code[];

  constructor(
    private readonly thread: Thread,
    private readonly flow: ValueFlow,
  ) {
    this.codes = [thread.code, ...flow.program.functions];
  }

  /** The addresses that an access, a call or a `free` may be given. */
  operand(code: Code, pc: number, expression: Expression): ValueSet {
    const set = new ValueSet();
    this.evaluate(set, code, this.flow.holdingsIn(code).value(pc, expression));
    return set;
  }

  /** Goes through all instructions once. */
  pass(): boolean {
    let grew = false;
    for (const code of this.codes) {
      const holdings = this.flow.holdingsIn(code);
      code.instructions.forEach((instruction, pc) => {
        if (holdings.isReached(pc)) grew = this.run(code, pc, instruction) || grew;
      });
      holdings.origins.forEach((origin, number) => {
        if (origin.kind !== 'meeting') return;
        for (const brought of holdings.incoming(origin.pc, origin.register))
          grew = this.evaluate(this.origin(code, number), code, brought) || grew;
      });
    }
    return grew;
  }

  private run(code: Code, pc: number, instruction: Instruction): boolean {
    const holdings = this.flow.holdingsIn(code);
    const places = (address: Expression) => this.flow.placesAt(this.operand(code, pc, address));
    const give = (add: (set: ValueSet) => boolean): boolean => {
      const target = 'target' in instruction ? instruction.target : undefined;
      const held = target === undefined ? undefined : holdings.valueBehind(pc, register(target));
      return held?.kind === 'register' && add(this.origin(code, held.register));
    };
    const store = (address: Pointer, type: ScalarType, value: Expression): boolean => {
      const stored = new ValueSet();
      this.evaluate(stored, code, holdings.value(pc, kept(value, type, this.flow.typeAt(address))));
      return this.flow.held(address).addAll(stored);
    };
    switch (instruction.kind) {
      case 'load':
        return some(places(instruction.address), (address) =>
          give((set) => this.read(set, address, instruction)),
        );
      case 'store':
        return some(places(instruction.address), (address) =>
          store(address, instruction.type, instruction.value),
        );
      case 'rmw':
        // What it stores is made of what it has just read.
        return some(places(instruction.address), (address) => {
          const grew = give((set) => this.read(set, address, instruction));
          return this.update(code, pc, address, instruction) || grew;
        });
      case 'store-conditional': {
        const grew = give((set) => [0n, 1n].map((value) => set.add(value)).some((is) => is));
        return (
          some(places(instruction.address), (address) =>
            store(address, instruction.type, instruction.value),
          ) || grew
        );
      }
      case 'free':
        return some(this.operand(code, pc, instruction.address).addresses(), ({ symbol }) =>
          some(
            this.flow.program.cells.filter((cell) => cell.symbol === symbol),
            (cell) => this.flow.held(addressOf(cell)).add(asRead(FREED)),
          ),
        );
      case 'allocate':
        return some(instruction.objects[this.thread.id] ?? [], (symbol) =>
          give((set) => set.add({ symbol, offset: 0 })),
        );
      case 'call':
        return this.call(code, pc, instruction, give);
      case 'return':
        return (
          instruction.value !== undefined &&
          this.evaluate(this.result(code), code, holdings.value(pc, instruction.value))
        );
      case 'assign':
        // Of an expression that is too large to be kept track of.
        return give((set) => set.addAll(this.operand(code, pc, instruction.value)));
      default:
        return false;
    }
  }

  private update(
    code: Code,
    pc: number,
    address: Pointer,
    instruction: Instruction & { kind: 'rmw' },
  ): boolean {
    const holdings = this.flow.holdingsIn(code);
    const { update, type } = instruction;
    const value = kept(update, type, this.flow.typeAt(address));
    const stored = new ValueSet();
    this.evaluate(stored, code, holdings.valueBehind(pc, value));
    return this.flow.held(address).addAll(stored);
  }

  private read(into: ValueSet, address: Pointer, { type }: { readonly type: ScalarType }): boolean {
    const found = register(0 as RegisterId);
    return into.addValues(given(found, type, this.flow.typeAt(address)), () => this.flow.held(address));
  }

  private call(
    code: Code,
    pc: number,
    { callee, args }: Instruction & { kind: 'call' },
    give: (add: (set: ValueSet) => boolean) => boolean,
  ): boolean {
    const callees = this.operand(code, pc, callee);
    let grew = callees.has(JUNK) && give((set) => set.add(JUNK));
    for (const called of this.flow.functionsAt(callees)) {
      const holdings = this.flow.holdingsIn(called);
      called.parameters.forEach((parameter, at) => {
        const start = holdings.start(parameter);
        if (start.kind !== 'register') return;
        const set = this.origin(called, start.register);
        const arg = args[at];
        grew = (arg ? set.addAll(this.operand(code, pc, arg)) : set.add(0n)) || grew;
      });
      // It may come to its end without a return.
      grew = give((set) => set.add(0n)) || grew;
      grew = give((set) => set.addAll(this.result(called))) || grew;
    }
    return grew;
  }

  private evaluate(into: ValueSet, code: Code, symbolic: Symbolic): boolean {
    return into.addValues(symbolic, (origin) => this.origin(code, origin));
  }

  private origin(code: Code, number: number): ValueSet {
    const sets = this.origins.get(code) ?? [];
    this.origins.set(code, sets);
    sets[number] ??= new ValueSet();
    return sets[number];
  }

  private result(code: Code): ValueSet {
    const set = this.results.get(code) ?? new ValueSet();
    this.results.set(code, set);
    return set;
  }
}

/** What is the same for all calls. */
interface Constants {
  readonly parameters: ReadonlyMap<Code, readonly (Value | undefined)[]>;
  readonly results: ReadonlyMap<string, Value>;
}

/**
 * What the registers of each code hold. Where all calls of a function give it the same constant, or it always gives the same, its code is
 * looked at again with that: a compiler sees it, too, when it puts the function in the place of its call.
 */
function holdingsOf(program: Program, functions: ReadonlyMap<string, Code>): ReadonlyMap<Code, Holdings> {
  let constants: Constants = { parameters: new Map(), results: new Map() };
  let found = new Map<Code, Holdings>();
  for (let round = 0; round < ROUNDS; round++) {
    const { parameters, results } = constants;
    const around = (initial: (code: Code, register: RegisterId) => Value | undefined) => ({
      initial,
      result: (callee: Symbolic) => results.get(nameIn(callee) ?? ''),
    });
    const inFunction = around((code, id) =>
      code.parameters.includes(id) ? parameters.get(code)?.[code.parameters.indexOf(id)] : 0n,
    );
    found = new Map(program.functions.map((code) => [code, new Holdings(code, inFunction)]));
    for (const { code, initial } of program.threads)
      found.set(
        code,
        new Holdings(
          code,
          around((_, id) => initial.get(id) ?? 0n),
        ),
      );
    if (functions.size === 0) break;
    constants = constantsIn(found, functions);
  }
  return found;
}

function constantsIn(holdings: ReadonlyMap<Code, Holdings>, functions: ReadonlyMap<string, Code>): Constants {
  const given = new Map<Code, Symbolic[][]>();
  for (const [code, held] of holdings) {
    code.instructions.forEach((instruction, pc) => {
      if (instruction.kind !== 'call' || !held.isReached(pc)) return;
      const args = instruction.args.map((arg) => held.value(pc, arg));
      const name = nameIn(held.value(pc, instruction.callee));
      for (const called of functions.values())
        if (name === undefined || name === called.name)
          given.set(called, [...(given.get(called) ?? []), args]);
    });
  }
  const parameters = new Map(
    [...given].map(([code, calls]) => [
      code,
      code.parameters.map((_, at) => oneOf(calls.map((args) => args[at] ?? constant(0)))),
    ]),
  );
  const results = new Map<string, Value>();
  for (const code of functions.values()) {
    const value = oneOf(resultsOf(holdings.get(code) as Holdings).map(({ value }) => value));
    if (value !== undefined) results.set(code.name, value);
  }
  return { parameters, results };
}

/** What a code gives, by the place from which it comes to its end. */
export function resultsOf(holdings: Holdings): { readonly pc: number; readonly value: Symbolic }[] {
  const { code } = holdings;
  const end = code.instructions.length;
  return code.instructions.flatMap((instruction, pc) => {
    if (!holdings.isReached(pc) || !successors(code, pc).includes(end)) return [];
    const value = instruction.kind === 'return' && instruction.value;
    return [{ pc, value: value ? holdings.value(pc, value) : constant(0) }];
  });
}

/** The constant that all are; undefined when they are not one. */
function oneOf(values: readonly Symbolic[]): Value | undefined {
  const [first] = values;
  if (first?.kind !== 'constant') return undefined;
  return values.every((one) => one.kind === 'constant' && valuesEqual(one.value, first.value))
    ? first.value
    : undefined;
}

/** The function whose address a value is, where the text shows it. */
function nameIn(callee: Symbolic): string | undefined {
  if (callee.kind !== 'constant' || !isPointer(callee.value) || callee.value.offset !== 0) return undefined;
  return callee.value.symbol;
}

function some<Item>(items: readonly Item[], grows: (item: Item) => boolean): boolean {
  let grew = false;
  for (const item of items) grew = grows(item) || grew;
  return grew;
}
