import type { Source } from '../../diagnostics.js';
import {
  type BlockSyntax,
  type CBody,
  type ExpressionSyntax,
  expressionsOf,
  type FunctionSyntax,
  primitiveSignature,
  type StatementSyntax,
  statementsOf,
  type ThreadSyntax,
  type TypeSyntax,
} from '../../litmus/index.js';
import { placedCalls } from '../primitives/c-calls.js';
import type { Addition } from './addition.js';

const BARRIERS = ['smp_rmb', 'smp_wmb', 'smp_mb'];

type Item = FunctionSyntax | ThreadSyntax;

/**
 * Barriers between statements, accesses that order more; grace periods in a program that has sections to wait
 * for, sections in one that has grace periods, both in one that frees memory.
 */
export function cAdditions(body: CBody, source: Source): Addition[] {
  const { items } = body;
  const bodies = items.filter((item): item is Item => item.kind === 'function' || item.kind === 'thread');
  const calls = bodies.flatMap((item) => placedCalls(item.body));
  const called = calls.flatMap(({ name }) => primitiveSignature(name) ?? []);
  const frees = called.some((one) => one.frees);
  const barriers =
    frees || called.some((one) => one.isWaitedFor) ? [...BARRIERS, 'synchronize_rcu'] : BARRIERS;
  const names = namesOf(body);
  return bodies
    .flatMap((item) => [
      ...barriersIn(item.body, barriers, source),
      ...(frees || called.some((one) => one.waits) ? sectionAround(item.body, source) : []),
      ...new Accesses(item, names, source).additions(),
    ])
    .sort((a, b) => a.line - b.line);
}

// --- Sections ---

/** A read-side section around all that a function does, up to a return at its end. */
function sectionAround({ statements }: BlockSyntax, source: Source): Addition[] {
  const acting = statements.filter(isActing);
  const returns = acting.at(-1)?.kind === 'return' ? acting.at(-1) : undefined;
  const last = acting.at(returns ? -2 : -1);
  if (!last) return [];
  const { at, after, indent } = startOf(beginOf(acting[0]), source);
  const end = endOf(last, source);
  return [
    {
      primitive: 'rcu_read_lock',
      line: source.position(at).line,
      edits: [
        { start: at, end: at, text: `rcu_read_lock();${after}` },
        { start: end, end, text: `\n${indent}rcu_read_unlock();` },
      ],
    },
  ];
}

/** Behind a statement: its semicolon is not part of what an expression spans. */
function endOf({ kind, span }: StatementSyntax, { text }: Source): number {
  return kind === 'expression' || kind === 'declaration' ? text.indexOf(';', span.end) + 1 : span.end;
}

// --- Barriers ---

function barriersIn(statement: StatementSyntax, barriers: readonly string[], source: Source): Addition[] {
  if (statement.kind === 'block') return blockBarriers(statement, barriers, source);
  return statementsOf(statement).flatMap((part) => barriersIn(part, barriers, source));
}

/** Before each statement of a block that does something, and after the last. */
function blockBarriers({ statements }: BlockSyntax, barriers: readonly string[], source: Source): Addition[] {
  const acting = statements.filter(isActing);
  const starts = new Set(acting.map(beginOf));
  const places = [...starts].map((start) => startOf(start, source));
  const last = acting[acting.length - 1];
  if (last?.kind === 'expression' || last?.kind === 'declaration') {
    const end = endOf(last, source);
    places.push({ at: end, before: `\n${startOf(beginOf(last), source).indent}`, after: '', indent: '' });
  }
  return [
    ...places.flatMap(({ at, before, after }) =>
      barriers.map(
        (primitive): Addition => ({
          primitive,
          line: source.position(at).line,
          edits: [{ start: at, end: at, text: `${before}${primitive}();${after}` }],
        }),
      ),
    ),
    ...statements.flatMap((one) => barriersIn(one, barriers, source)),
  ];
}

const isActing = (one: StatementSyntax): boolean =>
  one.kind !== 'empty' && (one.kind !== 'declaration' || one.initial !== undefined);

/** Where a statement begins: a declaration with its type. */
function beginOf(statement: StatementSyntax): number {
  if (statement.kind !== 'declaration') return statement.span.start;
  let { type } = statement.declared;
  while (type.kind !== 'named')
    type = type.kind === 'pointer' ? type.target : type.kind === 'array' ? type.element : type.result;
  return Math.min(type.span.start, statement.span.start);
}

function startOf(at: number, { text }: Source) {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return { at, before: '', after: `\n${indent}`, indent };
}

// --- Accesses ---

/** Loads and stores of one function that could order more. */
class Accesses {
  private readonly found: Addition[] = [];
  /** Variables that are pointers, those that are pointers to such, and all local names. */
  private readonly pointers: Set<string>;
  private readonly toPointers = new Set<string>();
  private readonly locals = new Set<string>();

  constructor(
    private readonly item: Item,
    private readonly file: FileNames,
    private readonly source: Source,
  ) {
    this.pointers = new Set(file.pointers);
  }

  additions(): Addition[] {
    const parameters = this.item.kind === 'thread' ? this.item.parameters : this.item.type.parameters;
    for (const { name, type } of parameters) this.declare(name, type);
    this.visit(this.item.body);
    return this.found;
  }

  private declare(name: string | undefined, type: TypeSyntax): void {
    if (name === undefined) return;
    this.locals.add(name);
    if (type.kind === 'pointer' && isPointer(type.target, this.file)) this.toPointers.add(name);
    else this.toPointers.delete(name);
    if (isPointer(type, this.file)) this.pointers.add(name);
    else this.pointers.delete(name);
  }

  private visit(statement: StatementSyntax): void {
    if (statement.kind === 'for') this.visit(statement.body);
    else if (statement.kind === 'declaration') {
      const { declared, initial } = statement;
      this.declare(declared.name, declared.type);
      if (initial) this.use(initial, isPointer(declared.type, this.file));
    } else {
      for (const expression of expressionsOf(statement)) this.use(expression, false);
      for (const part of statementsOf(statement)) this.visit(part);
    }
  }

  /** An expression whose value is used; as a pointer, if that is known. */
  private use(expression: ExpressionSyntax, asPointer: boolean): void {
    if (this.isPlace(expression)) this.load(expression, expression, asPointer);
    switch (expression.kind) {
      case 'call':
        this.call(expression, asPointer);
        return;
      case 'assign':
        if (expression.op === '=') this.assign(expression);
        return;
      case 'unary':
        if (expression.op !== '&') this.use(expression.operand, expression.op === '*');
        return;
      case 'member':
        this.use(expression.object, expression.arrow);
        return;
      case 'index':
        this.use(expression.index, false);
        return;
      case 'cast':
        this.use(expression.operand, asPointer);
        return;
      case 'binary':
      case 'comma':
        this.use(expression.left, false);
        this.use(expression.right, false);
        return;
      case 'conditional':
        this.use(expression.condition, false);
        this.use(expression.then, asPointer);
        this.use(expression.otherwise, asPointer);
        return;
    }
  }

  private call(call: ExpressionSyntax & { kind: 'call' }, asPointer: boolean): void {
    const { callee, args } = call;
    const name = callee.kind === 'name' ? callee.name : '';
    if (name === 'READ_ONCE' || name === 'ACCESS_ONCE') this.load(call, args[0], asPointer);
    else if (name === 'WRITE_ONCE') this.store(call, args[0], args[1]);
    const signature = primitiveSignature(name);
    if (!signature) this.use(callee, true);
    // What a primitive takes as a place or pointer, it accesses by itself.
    args.forEach((arg, index) => {
      if (!signature || signature.parameters[index] === 'value') this.use(arg, false);
    });
  }

  private assign({ target, value, ...rest }: ExpressionSyntax & { kind: 'assign' }): void {
    const toPointer = target.kind === 'name' && this.pointers.has(target.name);
    if (this.isPlace(target)) {
      this.store({ target, value, ...rest }, target, value);
      if (target.kind === 'unary') this.use(target.operand, true);
      else if (target.kind === 'member') this.use(target.object, target.arrow);
    }
    this.use(value, toPointer);
  }

  /** Whether an expression is a place in memory, which others may access. */
  private isPlace(expression: ExpressionSyntax): boolean {
    switch (expression.kind) {
      case 'name':
        return this.file.variables.has(expression.name) && !this.locals.has(expression.name);
      case 'unary':
        return expression.op === '*';
      case 'member':
        return expression.arrow || this.isPlace(expression.object);
      case 'index':
        return true;
      default:
        return false;
    }
  }

  private load(whole: ExpressionSyntax, place: ExpressionSyntax, asPointer: boolean): void {
    const ofPointer = asPointer || this.holdsPointer(place);
    if (ofPointer) this.around('rcu_dereference', whole, place, 'rcu_dereference(');
    const { open, inner } = this.addressOf(place);
    this.around('smp_load_acquire', whole, inner, `smp_load_acquire(${open}`);
  }

  private store(whole: ExpressionSyntax, place: ExpressionSyntax, value: ExpressionSyntax): void {
    const ofPointer =
      this.holdsPointer(place) || this.holdsPointer(value) || (value.kind === 'unary' && value.op === '&');
    if (ofPointer) this.storeAs('rcu_assign_pointer', whole, place, value, '');
    const { open, inner } = this.addressOf(place);
    this.storeAs('smp_store_release', whole, inner, value, open);
  }

  /** Whether an expression is a variable that is a pointer, or what a pointer to a pointer points to. */
  private holdsPointer(one: ExpressionSyntax): boolean {
    if (one.kind === 'unary' && one.op === '*')
      return one.operand.kind === 'name' && this.toPointers.has(one.operand.name);
    return one.kind === 'name' && this.pointers.has(one.name);
  }

  /** Only what stands around an access' parts is replaced: in them may be others. */
  private around(primitive: string, whole: ExpressionSyntax, inner: ExpressionSyntax, open: string): void {
    this.add(primitive, whole, [
      { start: whole.span.start, end: inner.span.start, text: open },
      { start: inner.span.end, end: whole.span.end, text: ')' },
    ]);
  }

  private storeAs(
    primitive: string,
    whole: ExpressionSyntax,
    place: ExpressionSyntax,
    value: ExpressionSyntax,
    open: string,
  ): void {
    this.add(primitive, whole, [
      { start: whole.span.start, end: place.span.start, text: `${primitive}(${open}` },
      { start: place.span.end, end: value.span.start, text: ', ' },
      { start: value.span.end, end: whole.span.end, text: ')' },
    ]);
  }

  private add(primitive: string, { span }: ExpressionSyntax, edits: Addition['edits']): void {
    const access = `${span.start} ${span.end}`;
    this.found.push({ primitive, line: this.source.position(span.start).line, edits, access });
  }

  /** What the address of a place is made of: the text before it, and the expression. */
  private addressOf(place: ExpressionSyntax): { open: string; inner: ExpressionSyntax } {
    return place.kind === 'unary' ? { open: '', inner: place.operand } : { open: '&', inner: place };
  }
}

/** What names of a file mean, as far as that matters here. */
interface FileNames {
  readonly variables: ReadonlySet<string>;
  readonly pointers: ReadonlySet<string>;
  /** Names of types that are pointers. */
  readonly types: ReadonlySet<string>;
}

function isPointer(type: TypeSyntax, { types }: Pick<FileNames, 'types'>): boolean {
  return type.kind === 'pointer' || (type.kind === 'named' && types.has(type.name));
}

function namesOf({ items }: CBody): FileNames {
  const [variables, pointers, types] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const item of items) {
    if (item.kind !== 'typedef' && item.kind !== 'global') continue;
    const { name, type } = item.declared;
    if (name === undefined || type.kind === 'function') continue;
    const ofPointer = isPointer(type, { types });
    if (item.kind === 'typedef') {
      if (ofPointer) types.add(name);
      continue;
    }
    variables.add(name);
    if (ofPointer) pointers.add(name);
  }
  return { variables, pointers, types };
}
