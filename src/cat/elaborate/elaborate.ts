import { raise, Source, type SourceError, type Span } from '../../diagnostics.js';
import { Relation } from '../../relation/index.js';
import { insideCall, UnboundNameError } from '../interpret/call-errors.js';
import { relationValue } from '../interpret/concrete.js';
import { clauseFor } from '../interpret/interpreter.js';
import { bindPattern } from '../interpret/patterns.js';
import { parseModel } from '../syntax/model-parser.js';
import type { Instruction, ModelText, Name } from '../syntax/model-syntax.js';
import { type Dynamic, describe, Scope, type Value } from '../terms/model-values.js';
import { TermFactory } from '../terms/term-factory.js';
import type { Annotation, Check, Definition, Term } from '../terms/terms.js';
import { withFrom } from './choices.js';
import { toRelation } from './coercions.js';
import type { Elaboration } from './elaboration.js';
import { forall } from './forall.js';
import { ExpressionElaborator, unsupported } from './model-expressions.js';
import { shippedModelFile } from './shipped-files.js';

/** What a model may be made of besides its own text. */
export interface LoadOptions {
  /**
   * The text of a file that a model includes, `stdlib.cat` too; undefined when there is none of that name.
   * @default those that ship
   */
  readonly include?: (file: string) => string | undefined;
  /** The variants for which `if "variant"` holds. */
  readonly variants?: ReadonlySet<string>;
  /** A file that is read before the model: the tags of programs, and definitions over them. */
  readonly bell?: { readonly name: string; readonly text: string };
  /** Names of checks that are left out; or all of them, so that only what `with` chooses from is left. */
  readonly skip?: ReadonlySet<string> | 'all' | undefined;
}

/** What the instructions of a model come down to. */
export interface Elaborated {
  readonly checks: readonly Check[];
  readonly shown: readonly { readonly name: string; readonly term: Term }[];
  readonly choices: readonly Term[];
  readonly ordered: Term | undefined;
  readonly annotations: readonly Annotation[];
  readonly warnings: readonly SourceError[];
  readonly definitions: readonly Definition[];
}

type CallInstruction = Extract<Instruction, { kind: 'call' }>;
type TestInstruction = Extract<Instruction, { kind: 'test' }>;

const deepestProcedures = 100;

/** Carries out the instructions of a model, after those of the standard library and of its bell file. */
export function elaborate(
  text: ModelText,
  source: Source,
  options: LoadOptions,
  absent: ReadonlySet<string> = new Set(),
): Elaborated {
  const elaborator = new Elaborator(options, absent);
  elaborator.readLibrary({ source, start: 0, end: 0 });
  elaborator.readModel(text);
  return elaborator.result();
}

class Elaborator implements Elaboration {
  readonly factory: TermFactory;
  readonly expressions: ExpressionElaborator;
  readonly checks: Check[] = [];
  readonly choices: Term[] = [];
  ordered: Term | undefined;
  standard = new Scope();
  private readonly shown = new Map<string, Term>();
  private readonly annotations: Annotation[] = [];
  /** The files that are being read, each included by the one before it. */
  private readonly including: string[] = [];
  /** What `call p(x) as name` gives to the checks of `p` that have no name. */
  private nameFromCall: string | undefined;
  private calls = 0;

  constructor(
    private readonly options: LoadOptions,
    absent: ReadonlySet<string>,
  ) {
    this.factory = new TermFactory(absent);
    this.expressions = new ExpressionElaborator(this.factory, options.variants ?? new Set());
  }

  readLibrary(span: Span): void {
    this.standard = this.include('stdlib.cat', span, new Scope()).flattened();
  }

  readModel(text: ModelText): void {
    const { bell } = this.options;
    const scope = bell
      ? this.runFile(parsed(new Source(bell.name, bell.text)), this.standard).flattened()
      : this.standard;
    this.runFile(text, scope);
  }

  result(): Elaborated {
    const { checks, choices, ordered, annotations } = this;
    const shown = [...this.shown].map(([name, term]) => ({ name, term }));
    const warnings = new Map(this.expressions.warnings.map((warning) => [warning.message, warning]));
    const { definitions } = this.expressions;
    return { checks, shown, choices, ordered, annotations, warnings: [...warnings.values()], definitions };
  }

  private runFile({ catdep, instructions }: ModelText, scope: Scope): Scope {
    if (catdep) unsupported('`catdep`, a model that computes dependencies by itself,', catdep);
    return this.run(instructions, scope);
  }

  run(instructions: readonly Instruction[], scope: Scope): Scope {
    return instructions.reduce((current, instruction) => this.step(instruction, current), scope);
  }

  private step(instruction: Instruction, scope: Scope): Scope {
    const { span } = instruction;
    switch (instruction.kind) {
      case 'let': {
        const inner = this.expressions.bind(instruction.recursive, instruction.bindings, scope);
        if (instruction.when) this.test({ kind: 'test', mode: 'check', test: instruction.when, span }, inner);
        return inner;
      }
      case 'test':
        this.test(instruction, scope);
        return scope;
      case 'include':
        return this.include(instruction.file, span, scope);
      case 'if':
        return this.run(
          this.expressions.decide(instruction.condition, scope)
            ? instruction.whenTrue
            : instruction.whenFalse,
          scope,
        );
      case 'show':
        for (const name of instruction.names) this.show(name, scope);
        return scope;
      case 'show-as': {
        const { subject, name } = instruction;
        this.showUnlessUnbound(name.text, () =>
          this.picture(this.expressions.evaluate(subject, scope), subject.span),
        );
        return scope;
      }
      case 'unshow':
        for (const { text } of instruction.names) this.shown.delete(text);
        return scope;
      case 'procedure':
        return this.defineProcedure(instruction, scope);
      case 'call':
        this.call(instruction, scope);
        return scope;
      case 'with':
        return withFrom(this, instruction, scope);
      case 'match': {
        const subject = this.expressions.evaluate(instruction.subject, scope);
        return this.run(clauseFor(instruction, subject), scope);
      }
      case 'forall':
        forall(this, instruction, scope);
        return scope;
      case 'debug':
        // What herd prints while it is itself debugged.
        return scope;
      case 'enum':
        return this.enumeration(instruction, scope);
      case 'instructions':
      case 'default':
        this.annotate(instruction, scope);
        return scope;
    }
  }

  private enumeration({ name, tags }: Extract<Instruction, { kind: 'enum' }>, scope: Scope): Scope {
    for (const tag of tags) this.expressions.declareTag(tag);
    const inner = new Scope(scope);
    inner.bind(name.text, { kind: 'values', items: tags.map((tag) => ({ kind: 'tag', name: tag })) });
    return inner;
  }

  private annotate(
    { kind, name, tags }: Extract<Instruction, { kind: 'instructions' | 'default' }>,
    scope: Scope,
  ): void {
    const lists = tags.map((expression) => {
      const value = this.expressions.evaluate(expression, scope);
      const items = value.kind === 'values' ? value.items : [value];
      return items.map((item) =>
        item.kind === 'tag'
          ? item.name
          : raise(`an annotation is a tag or a set of tags, not ${describe(value)}`, expression.span),
      );
    });
    this.annotations.push({ events: name.text, tags: lists, isDefault: kind === 'default' });
  }

  private include(file: string, span: Span, scope: Scope): Scope {
    if (this.including.includes(file))
      raise(`\`${file}\` includes itself: ${[...this.including, file].join(' -> ')}`, span);
    const { include = shippedModelFile } = this.options;
    const text = include(file);
    if (text === undefined) raise(`there is no file \`${file}\` to include`, span);
    this.including.push(file);
    const result = this.runFile(parsed(new Source(file, text)), scope);
    this.including.pop();
    return result;
  }

  private test({ mode, test, span }: TestInstruction, scope: Scope): void {
    const value = this.expressions.evaluate(test.subject, scope);
    const term = test.kind === 'empty' ? this.tested(value, test.subject.span) : undefined;
    const line = span.source.position(span.start).line;
    const undefinedUnless = mode === 'undefined_unless';
    const name =
      test.name?.text ?? this.nameFromCall ?? (undefinedUnless ? 'undefined' : `${test.kind}-line-${line}`);
    if (this.skips(name)) return;
    this.checks.push({
      kind: test.kind,
      // `undefined_unless t` raises a flag when t does not hold.
      negated: test.negated !== undefinedUnless,
      term: term ?? toRelation(this.factory, value, test.subject.span),
      name,
      flag: mode === 'flag' || undefinedUnless,
      ...(undefinedUnless ? { undefinedUnless } : {}),
      ...(mode === 'assert' ? { assertion: true } : {}),
      span,
    });
  }

  /** Whether the checks of a name are left out. */
  skips(name: string): boolean {
    const { skip } = this.options;
    return skip === 'all' || (skip?.has(name) ?? false);
  }

  /** Also a set of events can be empty. */
  private tested(value: Value, span: Span): Term | undefined {
    if (value.kind === 'term') return value.term;
    if (value.kind === 'dynamic') return this.picture(value, span);
    return undefined;
  }

  private show(name: Name, scope: Scope): void {
    this.showUnlessUnbound(name.text, () => {
      const value = this.expressions.evaluate({ kind: 'name', name: name.text, span: name.span }, scope);
      return this.picture(value, name.span);
    });
  }

  /** What to show is not worth an error: models of herd show what only some programs have. */
  private showUnlessUnbound(name: string, picture: () => Term): void {
    try {
      this.shown.set(name, picture());
    } catch (error) {
      if (!(error instanceof UnboundNameError)) throw error;
      this.expressions.warnings.push(error);
    }
  }

  /** A set is drawn as the identity on it. */
  private picture(value: Value, span: Span): Term {
    if (value.kind === 'term' && value.term.sort === 'set') return this.factory.identity(value.term);
    if (value.kind !== 'dynamic') return toRelation(this.factory, value, span);
    const { dynamic } = value;
    const run: Dynamic['run'] = (runtime) => {
      const found = runtime.concrete(value);
      const isSet = found.kind === 'set' || found.kind === 'event';
      return isSet ? relationValue(Relation.identityOn(runtime.set(found, span))) : found;
    };
    return toRelation(this.factory, { kind: 'dynamic', dynamic: { ...dynamic, run } }, span);
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

  private call({ callee, argument, name, span }: CallInstruction, scope: Scope): void {
    const value = this.expressions.evaluate({ kind: 'name', name: callee.text, span: callee.span }, scope);
    if (value.kind !== 'procedure')
      raise(`\`call\` needs a procedure; \`${callee.text}\` is ${describe(value)}`, callee.span);
    if (this.calls >= deepestProcedures) raise(`\`${callee.text}\` calls itself for ever`, span);
    const inner = new Scope(value.scope);
    const given = this.expressions.evaluate(argument, scope);
    bindPattern(value.pattern, given, inner, argument.span, `\`${callee.text}\``);
    const outerName = this.nameFromCall;
    this.nameFromCall = name?.text ?? outerName;
    this.calls++;
    insideCall(callee.text, span, () => this.run(value.body, inner));
    this.calls--;
    this.nameFromCall = outerName;
  }
}

/** Parsing is the larger part of reading a model; a model is read again for each kind of programs. */
const parsedFiles = new Map<string, { readonly text: string; readonly model: ModelText }>();

function parsed(source: Source): ModelText {
  const known = parsedFiles.get(source.name);
  if (known?.text === source.text) return known.model;
  const model = parseModel(source);
  parsedFiles.set(source.name, { text: source.text, model });
  return model;
}
