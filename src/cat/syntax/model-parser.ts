import type { IToken, ParserMethod } from 'chevrotain';
import { raise, type Source, type Span } from '../../diagnostics.js';
import { ExpressionParser } from './expression-parser.js';
import { likeInstruction } from './instruction-words.js';
import { tokens as t, tokenize } from './model-lexer.js';
import type { Expression, Instruction, ModelText, Name, Test } from './model-syntax.js';
import { preparsed } from './preparsed.js';

type Sequence = Instruction[];

/** The grammar of a model file. */
class ModelParser extends ExpressionParser {
  constructor(validate: boolean) {
    super(validate);
    this.performSelfAnalysis();
  }

  parse(source: Source): ModelText {
    this.source = source;
    this.depth = 0;
    this.input = tokenize(source);
    const model = this.file();
    const error = this.errors[0];
    if (!error) return model;
    const { token } = error;
    const at = Number.isNaN(token.startOffset) ? this.endOfText() : this.spanOf(token);
    return raise(error.message + (token.tokenType === t.Identifier ? likeInstruction(token.image) : ''), at);
  }

  /** The last character that is part of the model: a message about the end points there. */
  private endOfText(): Span {
    const end = this.source.text.trimEnd().length;
    return { source: this.source, start: end, end };
  }

  private file = this.RULE('file', (): ModelText => {
    const title = this.OPTION(() => this.SUBRULE(this.title));
    const catdep = this.OPTION1(() => this.CONSUME(t.Catdep));
    const instructions: Sequence = [];
    this.MANY(() =>
      instructions.push(
        this.OR<Instruction>([
          { ALT: () => this.SUBRULE(this.enumeration) },
          { ALT: () => this.SUBRULE(this.instruction) },
        ]),
      ),
    );
    return { title, catdep: catdep && this.spanOf(catdep), instructions };
  });

  /** `"title"`, `name`, or `architecture name`. */
  private title = this.RULE('title', (): string =>
    this.OR([
      { ALT: () => this.textOf(this.CONSUME(t.String)) },
      {
        ALT: () => {
          const architecture = this.CONSUME(t.Identifier).image;
          const name = this.OPTION(() =>
            this.OR1([
              { ALT: () => this.CONSUME1(t.Identifier).image },
              { ALT: () => this.textOf(this.CONSUME1(t.String)) },
            ]),
          );
          return name ?? architecture;
        },
      },
    ]),
  );

  private sequence: ParserMethod<[], Sequence> = this.RULE('sequence', () => {
    const all: Sequence = [];
    this.MANY(() => all.push(this.SUBRULE(this.instruction)));
    return all;
  });

  private instruction: ParserMethod<[], Instruction> = this.RULE('instruction', () =>
    this.OR<Instruction>([
      { ALT: () => this.SUBRULE(this.letInstruction) },
      { ALT: () => this.SUBRULE(this.testInstruction) },
      { ALT: () => this.SUBRULE(this.show) },
      { ALT: () => this.SUBRULE(this.unshow) },
      { ALT: () => this.SUBRULE(this.include) },
      { ALT: () => this.SUBRULE(this.procedure) },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.withFrom) },
      { ALT: () => this.SUBRULE(this.ifInstruction) },
      { ALT: () => this.SUBRULE(this.matchInstruction) },
      { ALT: () => this.SUBRULE(this.forall) },
      { ALT: () => this.SUBRULE(this.debug) },
      { ALT: () => this.SUBRULE(this.events) },
    ]),
  );

  private letInstruction = this.RULE('letInstruction', (): Instruction => {
    const first = this.CONSUME(t.Let);
    const recursive = this.OPTION(() => this.CONSUME(t.Rec)) !== undefined;
    const bindings = this.SUBRULE(this.bindings);
    const when = this.OPTION1({
      GATE: () => recursive,
      DEF: () => {
        this.CONSUME(t.When);
        return this.SUBRULE(this.test);
      },
    });
    this.OPTION2(() => this.CONSUME(t.In));
    return { kind: 'let', recursive, bindings, when, span: this.since(first) };
  });

  private test = this.RULE('test', (): Test => {
    const first = this.LA(1);
    const negated = this.OPTION(() => this.CONSUME(t.Tilde)) !== undefined;
    const kind = this.OR([
      { ALT: () => this.CONSUME(t.Acyclic) },
      { ALT: () => this.CONSUME(t.Irreflexive) },
      { ALT: () => this.CONSUME(t.Empty) },
    ]).image as Test['kind'];
    const subject = this.SUBRULE(this.expression);
    const name = this.SUBRULE(this.asName);
    return { kind, negated, subject, name, span: this.since(first) };
  });

  private asName = this.RULE('asName', (): Name | undefined =>
    this.OPTION(() => {
      this.CONSUME(t.As);
      return this.nameOf(this.CONSUME(t.Identifier));
    }),
  );

  private testInstruction = this.RULE('testInstruction', (): Instruction => {
    const first = this.LA(1);
    const mode = this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Flag) },
        { ALT: () => this.CONSUME(t.UndefinedUnless) },
        { ALT: () => this.CONSUME(t.Assert) },
      ]),
    );
    const test = this.SUBRULE(this.test);
    return {
      kind: 'test',
      mode: (mode?.image ?? 'check') as 'check' | 'flag' | 'undefined_unless' | 'assert',
      test,
      span: this.since(first),
    };
  });

  /** `show r, s` and `show e as name`. */
  private show = this.RULE('show', (): Instruction => {
    const first = this.CONSUME(t.Show);
    const subject = this.SUBRULE(this.union);
    const rest: Name[] = [];
    const name = this.OR<Name | undefined>([
      {
        ALT: () => {
          this.CONSUME(t.As);
          return this.nameOf(this.CONSUME(t.Identifier));
        },
      },
      {
        ALT: () => {
          this.MANY(() => {
            this.CONSUME(t.Comma);
            rest.push(this.nameOf(this.CONSUME1(t.Identifier)));
          });
          return undefined;
        },
      },
    ]);
    return this.ACTION((): Instruction => {
      const span = this.since(first);
      if (name) return { kind: 'show-as', subject, name, span };
      if (subject.kind !== 'name')
        raise('expected `as` and a name to show this expression under', subject.span);
      return { kind: 'show', names: [{ text: subject.name, span: subject.span }, ...rest], span };
    });
  });

  private unshow = this.RULE('unshow', (): Instruction => {
    const first = this.CONSUME(t.Unshow);
    const names: Name[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.nameOf(this.CONSUME(t.Identifier))) });
    return { kind: 'unshow', names, span: this.since(first) };
  });

  private include = this.RULE('include', (): Instruction => {
    const first = this.CONSUME(t.Include);
    const file = this.textOf(this.CONSUME(t.String));
    return { kind: 'include', file, span: this.since(first) };
  });

  private procedure = this.RULE('procedure', (): Instruction => {
    const first = this.CONSUME(t.Procedure);
    const recursive = this.OPTION(() => this.CONSUME(t.Rec)) !== undefined;
    const name = this.nameOf(this.CONSUME(t.Identifier));
    const pattern = this.SUBRULE(this.parameter);
    this.CONSUME(t.Equals);
    const body = this.SUBRULE(this.block);
    this.CONSUME(t.End);
    return { kind: 'procedure', recursive, name, pattern, body, span: this.since(first) };
  });

  /** Instructions inside an instruction. */
  private block: ParserMethod<[], Sequence> = this.RULE('block', () => {
    this.enter();
    const body = this.SUBRULE(this.sequence);
    this.depth--;
    return body;
  });

  private call = this.RULE('call', (): Instruction => {
    const first = this.CONSUME(t.Call);
    const callee = this.nameOf(this.CONSUME(t.Identifier));
    const argument = this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.simple) },
      {
        // herd wants parentheses here; a bare name is as clear.
        ALT: () => {
          const token = this.CONSUME1(t.Identifier);
          return { kind: 'name', name: token.image, span: this.spanOf(token) };
        },
      },
    ]);
    const name = this.SUBRULE(this.asName);
    return { kind: 'call', callee, argument, name, span: this.since(first) };
  });

  private withFrom = this.RULE('withFrom', (): Instruction => {
    const first = this.CONSUME(t.With);
    const name = this.nameOf(this.CONSUME(t.Identifier));
    this.CONSUME(t.From);
    const from = this.SUBRULE(this.expression);
    return { kind: 'with', name, from, span: this.since(first) };
  });

  private ifInstruction = this.RULE('ifInstruction', (): Instruction => {
    const first = this.CONSUME(t.If);
    const condition = this.SUBRULE(this.variants);
    const whenTrue = this.SUBRULE(this.block);
    const whenFalse = this.OPTION(() => {
      this.CONSUME(t.Else);
      return this.SUBRULE1(this.block);
    });
    this.CONSUME(t.End);
    return { kind: 'if', condition, whenTrue, whenFalse: whenFalse ?? [], span: this.since(first) };
  });

  private matchInstruction = this.RULE('matchInstruction', (): Instruction => {
    const first = this.CONSUME(t.Match);
    const subject = this.SUBRULE(this.expression);
    this.CONSUME(t.With);
    this.OPTION(() => this.CONSUME(t.OrOr));
    const clauses: { tag: string; body: Sequence }[] = [];
    let otherwise: Sequence | undefined;
    this.AT_LEAST_ONE_SEP({
      SEP: t.OrOr,
      DEF: () => {
        const tag = this.OR<IToken>([
          { GATE: () => otherwise === undefined, ALT: () => this.CONSUME(t.Tag) },
          { GATE: () => otherwise === undefined, ALT: () => this.CONSUME(t.Underscore) },
        ]);
        this.CONSUME(t.Arrow);
        const body = this.SUBRULE(this.block);
        if (tag.tokenType === t.Underscore) otherwise = body;
        else clauses.push({ tag: this.textOf(tag), body });
      },
    });
    this.CONSUME(t.End);
    return { kind: 'match', subject, clauses, otherwise, span: this.since(first) };
  });

  private forall = this.RULE('forall', (): Instruction => {
    const first = this.CONSUME(t.Forall);
    const name = this.nameOf(this.CONSUME(t.Identifier));
    this.CONSUME(t.In);
    const from = this.SUBRULE(this.expression);
    this.CONSUME(t.Do);
    const body = this.SUBRULE(this.block);
    this.CONSUME(t.End);
    return { kind: 'forall', name, from, body, span: this.since(first) };
  });

  private debug = this.RULE('debug', (): Instruction => {
    const first = this.CONSUME(t.Debug);
    const subject = this.SUBRULE(this.expression);
    return { kind: 'debug', subject, span: this.since(first) };
  });

  /** Only at the top: within a match, `||` would be its own or the match's. */
  private enumeration = this.RULE('enumeration', (): Instruction => {
    const first = this.CONSUME(t.Enum);
    const name = this.nameOf(this.CONSUME(t.Identifier));
    this.CONSUME(t.Equals);
    this.OPTION(() => this.CONSUME(t.OrOr));
    const tags: string[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.OrOr, DEF: () => tags.push(this.textOf(this.CONSUME(t.Tag))) });
    return { kind: 'enum', name, tags, span: this.since(first) };
  });

  private events = this.RULE('events', (): Instruction => {
    const first = this.OR([
      { ALT: () => this.CONSUME(t.Instructions) },
      { ALT: () => this.CONSUME(t.Default) },
    ]);
    const name = this.nameOf(this.CONSUME(t.Identifier));
    this.CONSUME(t.LeftBracket);
    const tags = this.SUBRULE(this.items);
    this.CONSUME(t.RightBracket);
    return { kind: first.image as 'instructions' | 'default', name, tags, span: this.since(first) };
  });
}

/** Made on first use: recording and analysing the grammar takes some milliseconds. */
let modelParser: ModelParser | undefined;

/** Parses a model file; raises a {@link SourceError} at the first thing that is wrong. */
export function parseModel(source: Source): ModelText {
  const known = preparsed.get(source.text);
  if (known) return known(source);
  modelParser ??= new ModelParser(false);
  return modelParser.parse(source);
}

/** Has Chevrotain check the grammar itself for ambiguities; raises if it finds any. */
export function checkGrammar(): void {
  new ModelParser(true);
}
