import { raise } from '../../../diagnostics.js';
import {
  type Code,
  constant,
  type RegisterId,
  type Thread,
  threadId,
  type Value,
} from '../../../program/index.js';
import type { InitEntry, LoweredBody, LowerOptions, PlaceSyntax } from '../../frame/litmus-syntax.js';
import { held } from '../../reading/constants.js';
import { Heap } from '../memory/heap.js';
import { type CType, numbersOf, showType, Types } from '../memory/types.js';
import type { CBody, FunctionSyntax, ThreadSyntax } from '../syntax/c-syntax.js';
import { primitiveSignature } from '../syntax/primitives.js';
import { forEachExpressionIn } from '../syntax/syntax-walk.js';
import { lowerExpression } from './c-expressions.js';
import { Context, type Globals } from './context.js';
import { buildMemory, initialValue, setInitialValues } from './initial.js';
import { lowerStatement } from './statements.js';

/** Resolves the names of a C program and makes its code. @throws SourceError */
export function lowerC(body: CBody, init: readonly InitEntry[], { macros }: LowerOptions = {}): LoweredBody {
  const threads = threadsInOrder(body);
  const types = new Types(body);
  const definitions = body.items.filter((item) => item.kind === 'function');
  const functions = functionTypes(body, types);
  const memory = buildMemory(body, threads, init, types, functions);
  const globals: Globals = {
    types,
    memory,
    functions,
    defined: new Set(definitions.map((definition) => definition.name)),
    passCpu: definitions.some(asksForCpu),
    macros,
    heap: new Heap(),
    warnings: [],
  };
  setInitialValues(body, init, globals);
  const lowered = threads.map((thread) => lowerThread(thread, init, globals));
  checkInitRegisters(init, threads.length);
  const code = {
    threads: lowered.map(({ thread }) => thread),
    functions: definitions.map((definition) => lowerFunction(definition, globals)),
  };
  globals.heap.makeObjects(code.threads, code.functions, memory);
  return {
    cells: memory.cells(),
    flatMemory: false,
    warnings: globals.warnings,
    register: (thread, name) => lowered[thread]?.context.registerOf(name),
    cell: (place) => cellOf(globals, place),
    numbers: (place) => {
      if (place.kind === 'register') return lowered[place.thread]?.context.numbersOf(place.name) ?? [];
      return numbersOf(memory.find(place.symbol, place.path)?.type);
    },
    ...code,
  };
}

/** The threads, by number: P0 to the last, each once. */
function threadsInOrder(body: CBody): ThreadSyntax[] {
  const threads: ThreadSyntax[] = [];
  for (const item of body.items) {
    if (item.kind !== 'thread') continue;
    if (threads[item.number]) raise(`P${item.number} is declared twice`, item.span);
    threads[item.number] = item;
  }
  const last = threads.at(-1);
  for (let number = 0; last && number < threads.length; number++) {
    if (!threads[number]) raise(`there is a P${last.number} but no P${number}`, last.span);
  }
  for (const { interrupt, number } of threads) {
    if (!interrupt) continue;
    const interrupted = threads[interrupt.on] ?? raise(`there is no P${interrupt.on}`, interrupt.span);
    if (interrupt.on === number) raise(`P${number} cannot interrupt itself`, interrupt.span);
    if (interrupted.interrupt) raise('an interrupt handler cannot be interrupted', interrupt.span);
  }
  return threads;
}

function functionTypes(body: CBody, types: Types): Map<string, CType & { kind: 'function' }> {
  const found = new Map<string, CType & { kind: 'function' }>();
  const bodies = new Set<string>();
  for (const item of body.items) {
    if (item.kind !== 'function' && item.kind !== 'global') continue;
    const name = item.kind === 'function' ? item.name : item.declared.name!;
    const type = types.resolve(item.kind === 'function' ? item.type : item.declared.type);
    if (type.kind !== 'function') continue;
    const known = found.get(name);
    if (
      known &&
      (showType(known.result) !== showType(type.result) || known.parameters.length !== type.parameters.length)
    ) {
      raise(`\`${name}\` is declared with another type before`, item.span);
    }
    if (item.kind === 'function' && bodies.has(name)) raise(`\`${name}\` has two bodies`, item.span);
    if (item.kind === 'function') bodies.add(name);
    if (type.result.kind === 'struct') raise('a function cannot return a structure here', item.span);
    found.set(name, type);
  }
  return found;
}

function asksForCpu({ body }: FunctionSyntax): boolean {
  let found = false;
  forEachExpressionIn(body, (expression) => {
    if (expression.kind !== 'name') return;
    found ||= /^(?:raw_)?smp_processor_id$/.test(expression.name);
    found ||= primitiveSignature(expression.name)?.perCpu === true;
  });
  return found;
}

function lowerFunction(definition: FunctionSyntax, globals: Globals): Code {
  const context = new Context(globals, new Set(), lowerExpression);
  const type = globals.functions.get(definition.name)!;
  context.result = type.result;
  const parameters: RegisterId[] = [];
  if (globals.passCpu) {
    const cpu = context.code.register('%cpu');
    parameters.push(cpu);
    context.cpu = { kind: 'register', register: cpu };
  }
  for (const [index, { name, span }] of definition.type.parameters.entries()) {
    if (type.parameters[index].kind === 'struct')
      raise('a structure cannot be passed: pass a pointer to it', span);
    parameters.push(
      name === undefined
        ? context.code.temporary()
        : context.declare(name, type.parameters[index], span, { isParameter: true }).register,
    );
  }
  lowerStatement(context, definition.body);
  return context.code.finish(definition.name, parameters);
}

function lowerThread(
  syntax: ThreadSyntax,
  init: readonly InitEntry[],
  globals: Globals,
): { thread: Thread; context: Context } {
  const name = `P${syntax.number}`;
  const given = init.filter(({ place }) => place.kind === 'register' && place.thread === syntax.number);
  const names = given.map(({ place }) => (place as PlaceSyntax & { kind: 'register' }).name);
  const context = new Context(globals, new Set([...assignedNames(syntax), ...names]), lowerExpression);
  context.isThread = true;
  // An interrupt runs on the CPU of the thread that it interrupts.
  context.cpu = constant(syntax.interrupt?.on ?? syntax.number);
  const initial = new Map<RegisterId, Value>();
  for (const { name: variable, type, span } of syntax.parameters) {
    const { register } = context.declare(variable!, globals.types.parameter(type), span, {
      isParameter: true,
    });
    initial.set(register, { symbol: variable!, offset: 0 });
  }
  given.forEach((entry, index) => {
    initial.set(context.registerFor(names[index]), initialValue(globals, entry));
  });
  lowerStatement(context, syntax.body);
  given.forEach(({ value }, index) => {
    if (value?.kind === 'integer') held(value.value, context.numbersOf(names[index]), value.span);
  });
  const code = context.code.finish(name, []);
  const id = threadId(syntax.number);
  const interrupt = syntax.interrupt && { kind: syntax.interrupt.kind, on: threadId(syntax.interrupt.on) };
  return { thread: { id, name, code, initial, ...(interrupt && { interrupt }) }, context };
}

/** Names that a thread assigns: those that nothing declares are registers. */
function assignedNames(syntax: ThreadSyntax): Set<string> {
  const names = new Set<string>();
  forEachExpressionIn(syntax.body, (expression) => {
    if (
      (expression.kind === 'assign' || expression.kind === 'increment') &&
      expression.target.kind === 'name'
    ) {
      names.add(expression.target.name);
    }
  });
  return names;
}

function checkInitRegisters(init: readonly InitEntry[], threads: number): void {
  for (const { place } of init) {
    if (place.kind === 'register' && place.thread >= threads)
      raise(`there is no P${place.thread}`, place.span);
  }
}

/** The cell of a place; one of a structure or an array as a whole has none. */
function cellOf(
  { memory, types }: Globals,
  { symbol, path }: PlaceSyntax & { kind: 'memory' },
): number | undefined {
  const found = memory.find(symbol, path);
  if (!found || found.type.kind === 'array') return undefined;
  if (found.type.kind === 'struct' && types.members(found.type.tag)) return undefined;
  return memory.cellAt(found.place);
}
