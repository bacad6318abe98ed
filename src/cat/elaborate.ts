import { raise, Source, type Span } from '../diagnostics.js';
import { toRelation } from './coercions.js';
import { ExpressionElaborator, insideCall, unsupported } from './expressions.js';
import { parseModel } from './parser.js';
import type { Instruction, ModelText, Name } from './syntax.js';
import { TermFactory } from './term-factory.js';
import type { Check, Term } from './terms.js';
import { describe, Scope } from './values.js';

/** What a model may be made of besides its own text. */
export interface LoadOptions {
  /** The text of a file that a model includes, `stdlib.cat` too; undefined when there is none of that name. */
  readonly include: (file: string) => string | undefined;
  /** The variants for which `if "variant"` holds. */
  readonly variants?: ReadonlySet<string>;
}

/** What the instructions of a model come down to. */
export interface Elaborated {
  readonly checks: readonly Check[];
  readonly shown: readonly { readonly name: string; readonly term: Term }[];
}

type Call = Extract<Instruction, { kind: 'call' }>;
type TestInstruction = Extract<Instruction, { kind: 'test' }>;
type With = Extract<Instruction, { kind: 'with' }>;

const deepestCalls = 100;

/** Carries out the instructions of a model, after those of the standard library. */
export function elaborate(text: ModelText, source: Source, options: LoadOptions): Elaborated {
  const elaborator = new Elaborator(options);
  elaborator.readLibrary({ source, start: 0, end: 0 });
  elaborator.readModel(text);
  return elaborator.result();
}

class Elaborator {
  private readonly factory = new TermFactory();
  private readonly expressions: ExpressionElaborator;
  private readonly checks: Check[] = [];
  private readonly shown = new Map<string, Term>();
  /** The files that are being read, each included by the one before it. */
  private readonly including: string[] = [];
  private library = new Scope();
  /** What `call p(x) as name` gives to the checks of `p` that have no name. */
  private nameFromCall: string | undefined;
  private calls = 0;

  constructor(private readonly options: LoadOptions) {
    this.expressions = new ExpressionElaborator(this.factory, options.variants ?? new Set());
  }

  readLibrary(span: Span): void {
    this.library = this.include('stdlib.cat', span, new Scope()).flattened();
  }

  readModel(text: ModelText): void {
    this.runFile(text, this.library);
  }

  result(): Elaborated {
    return { checks: this.checks, shown: [...this.shown].map(([name, term]) => ({ name, term })) };
  }

  private runFile({ catdep, instructions }: ModelText, scope: Scope): Scope {
    if (catdep) unsupported('`catdep`', catdep);
    return this.run(instructions, scope);
  }

  /** Carries out instructions one after another; the scope that they leave. */
  private run(instructions: readonly Instruction[], scope: Scope): Scope {
    return instructions.reduce((current, instruction) => this.step(instruction, current), scope);
  }

  private step(instruction: Instruction, scope: Scope): Scope {
    const { span } = instruction;
    switch (instruction.kind) {
      case 'let':
        if (instruction.when) unsupported('`when` in a `let rec`', instruction.when.span);
        return this.expressions.bind(instruction.recursive, instruction.bindings, scope);
      case 'test':
        this.test(instruction, scope);
        return scope;
      case 'include':
        return this.include(instruction.file, span, scope);
      case 'if':
        return this.run(
          this.expressions.decide(instruction.condition) ? instruction.whenTrue : instruction.whenFalse,
          scope,
        );
      case 'show':
        for (const name of instruction.names) this.show(name, scope);
        return scope;
      case 'show-as':
        this.shown.set(
          instruction.name.text,
          this.picture(this.expressions.evaluate(instruction.subject, scope), instruction.subject.span),
        );
        return scope;
      case 'unshow':
        for (const { text } of instruction.names) this.shown.delete(text);
        return scope;
      case 'procedure':
        return this.defineProcedure(instruction, scope);
      case 'call':
        this.call(instruction, scope);
        return scope;
      case 'with':
        return this.withFrom(instruction, scope);
      case 'match':
      case 'forall':
      case 'debug':
      case 'enum':
      case 'instructions':
      case 'default':
        return unsupported(`\`${instruction.kind}\``, span);
    }
  }

  private include(file: string, span: Span, scope: Scope): Scope {
    if (this.including.includes(file))
      raise(`\`${file}\` includes itself: ${[...this.including, file].join(' -> ')}`, span);
    const text = this.options.include(file);
    if (text === undefined) raise(`there is no file \`${file}\` to include`, span);
    this.including.push(file);
    const result = this.runFile(parseModel(new Source(file, text)), scope);
    this.including.pop();
    return result;
  }

  private test({ mode, test, span }: TestInstruction, scope: Scope): void {
    if (mode === 'assert') unsupported('`assert`', span);
    const value = this.expressions.evaluate(test.subject, scope);
    const isSet = test.kind === 'empty' && value.kind === 'term' && value.term.sort === 'set';
    const term = isSet ? value.term : toRelation(this.factory, value, test.subject.span);
    const line = span.source.position(span.start).line;
    const undefinedUnless = mode === 'undefined_unless';
    this.checks.push({
      kind: test.kind,
      // `undefined_unless t` raises a flag when t does not hold.
      negated: test.negated !== undefinedUnless,
      term,
      name:
        test.name?.text ?? this.nameFromCall ?? (undefinedUnless ? 'undefined' : `${test.kind}-line-${line}`),
      flag: mode !== 'check',
      span,
    });
  }

  private show(name: Name, scope: Scope): void {
    const value = this.expressions.evaluate({ kind: 'name', name: name.text, span: name.span }, scope);
    this.shown.set(name.text, this.picture(value, name.span));
  }

  /** A set is drawn as the identity on it. */
  private picture(value: ReturnType<ExpressionElaborator['evaluate']>, span: Span): Term {
    if (value.kind === 'term' && value.term.sort === 'set') return this.factory.identity(value.term);
    return toRelation(this.factory, value, span);
  }

  private defineProcedure(procedure: Extract<Instruction, { kind: 'procedure' }>, scope: Scope): Scope {
    const { name, pattern, body, recursive } = procedure;
    const outer = new Scope(scope);
    outer.bind(name.text, {
      kind: 'procedure',
      name: name.text,
      pattern,
      body,
      scope: recursive ? outer : scope,
    });
    return outer;
  }

  private call({ callee, argument, name, span }: Call, scope: Scope): void {
    const value = this.expressions.evaluate({ kind: 'name', name: callee.text, span: callee.span }, scope);
    if (value.kind !== 'procedure')
      raise(`\`call\` needs a procedure; \`${callee.text}\` is ${describe(value)}`, callee.span);
    if (this.calls >= deepestCalls) raise(`\`${callee.text}\` calls itself for ever`, span);
    const inner = new Scope(value.scope);
    const given = this.expressions.evaluate(argument, scope);
    this.expressions.bindPattern(value.pattern, given, inner, argument.span, `\`${callee.text}\``);
    const outerName = this.nameFromCall;
    this.nameFromCall = name?.text ?? outerName;
    this.calls++;
    insideCall(callee.text, span, () => this.run(value.body, inner));
    this.calls--;
    this.nameFromCall = outerName;
  }

  /**
   * `with co from generate_cos(r)`: the search enumerates co by itself, so all that is left to do is to require that
   * co holds r, as far as r orders writes to one location. The orders that every co obeys need no check.
   */
  private withFrom({ name, from, span }: With, scope: Scope): Scope {
    if (name.text !== 'co') {
      raise(`\`with ${name.text} from\` is not supported: only \`with co from generate_cos(co0)\` is`, span);
    }
    const value = this.expressions.evaluate(from, scope);
    if (value.kind !== 'coherence-orders') {
      unsupported('`with co from` an expression other than `generate_cos(co0)`', from.span);
    }
    const { factory } = this;
    const co = factory.base('co');
    const extending = toRelation(factory, value.extending, from.span);
    const always = this.library.find('co0');
    if (extending.operator !== 'empty' && !(always?.kind === 'term' && always.term === extending)) {
      const writes = factory.product(factory.base('W'), factory.base('W'));
      const relevant = factory.intersection([extending, factory.base('loc'), writes]);
      const line = span.source.position(span.start).line;
      const term = factory.difference(relevant, co);
      this.checks.push({ kind: 'empty', negated: false, term, name: `co-line-${line}`, flag: false, span });
    }
    const inner = new Scope(scope);
    inner.bind('co', { kind: 'term', term: co });
    return inner;
  }
}
