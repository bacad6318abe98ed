import fc from 'fast-check';
import { Source, type Span } from '../../src/diagnostics.js';
import type {
  BlockSyntax,
  CBody,
  DeclaredSyntax,
  ExpressionSyntax,
  InitializerSyntax,
  ItemSyntax,
  StatementSyntax,
  TypeSyntax,
} from '../../src/litmus/c/syntax/c-syntax.js';

/** Trees have no places; printing does not look at them. */
const span: Span = { source: new Source('arbitrary', ''), start: 0, end: 0 };

const name = fc.constantFrom('x', 'y', 'r1', 'r_2', 'p', 'count', 'READ_ONCE', 'regs');
const typedefName = 'callback_t';

const namedType: fc.Arbitrary<TypeSyntax> = fc
  .constantFrom('int', 'unsigned long', 'long long', 'char', 'intptr_t', 'u8', 'struct foo', typedefName)
  .map((word) => ({ kind: 'named', name: word, span }));

const literal: fc.Arbitrary<ExpressionSyntax> = fc
  .record({
    bits: fc.constantFrom(32 as const, 64 as const),
    signed: fc.boolean(),
    value: fc.bigInt(0n, (1n << 64n) - 1n),
  })
  .map(({ bits, signed, value }) => ({
    kind: 'integer',
    value: BigInt.asUintN(signed ? bits - 1 : bits, value),
    type: { bits, signed },
    span,
  }));

const { type, declared } = fc.letrec<{ type: TypeSyntax; declared: DeclaredSyntax }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    namedType,
    tie('type').map((target): TypeSyntax => ({ kind: 'pointer', target, span })),
    fc
      .tuple(tie('type'), fc.option(literal, { nil: undefined }))
      .map(([element, length]): TypeSyntax => ({ kind: 'array', element, ...(length && { length }), span })),
    fc
      .tuple(tie('type'), fc.array(tie('declared'), { maxLength: 2 }))
      .map(([result, parameters]): TypeSyntax => ({ kind: 'function', result, parameters, span })),
  ),
  declared: fc
    .tuple(tie('type'), fc.option(name, { nil: undefined }))
    .map(
      ([of, called]): DeclaredSyntax => ({ ...(called !== undefined && { name: called }), type: of, span }),
    ),
}));

const namedDeclared: fc.Arbitrary<DeclaredSyntax> = fc
  .tuple(name, type)
  .map(([called, of]) => ({ name: called, type: of, span }));

const { expression, initializer } = fc.letrec<{
  expression: ExpressionSyntax;
  initializer: InitializerSyntax;
}>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.oneof(
        literal,
        name.map((called): ExpressionSyntax => ({ kind: 'name', name: called, span })),
      ),
      fc.record({
        kind: fc.constant('unary' as const),
        op: fc.constantFrom('*', '&', '+', '-', '~', '!'),
        operand: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        op: fc.constantFrom(
          '+',
          '-',
          '*',
          '/',
          '%',
          '&',
          '|',
          '^',
          '<<',
          '>>',
          '==',
          '!=',
          '<',
          '<=',
          '>',
          '>=',
          '&&',
          '||',
        ),
        left: inner,
        right: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('assign' as const),
        op: fc.constantFrom('=', '+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'),
        target: inner,
        value: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('increment' as const),
        op: fc.constantFrom('++', '--'),
        prefix: fc.boolean(),
        target: inner,
        span: fc.constant(span),
      }),
      fc.tuple(inner, inner, inner).map(
        ([condition, then, otherwise]): ExpressionSyntax => ({
          kind: 'conditional',
          condition,
          then,
          otherwise,
          span,
        }),
      ),
      fc.record({
        kind: fc.constant('call' as const),
        callee: inner,
        args: fc.array(inner, { maxLength: 3 }),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('index' as const),
        object: inner,
        index: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('member' as const),
        object: inner,
        arrow: fc.boolean(),
        name,
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant('cast' as const), type, operand: inner, span: fc.constant(span) }),
      fc.record({
        kind: fc.constant('sizeof' as const),
        of: type,
        ofType: fc.constant(true),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('sizeof' as const),
        of: inner,
        ofType: fc.constant(false),
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant('comma' as const), left: inner, right: inner, span: fc.constant(span) }),
    ) as fc.Arbitrary<ExpressionSyntax>,
    initializer: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      inner,
      fc
        .array(
          fc.oneof(
            tie('initializer').map((value) => ({ value })),
            fc.record({ member: name, value: tie('initializer') }),
            fc.record({ index: literal, value: tie('initializer') }),
          ),
          { maxLength: 3 },
        )
        .map((entries): InitializerSyntax => ({ kind: 'list', entries, span })),
    ),
  };
});

const declaration: fc.Arbitrary<StatementSyntax> = fc
  .tuple(namedDeclared, fc.option(expression, { nil: undefined }))
  .map(([made, initial]) => ({ kind: 'declaration', declared: made, ...(initial && { initial }), span }));

/** The declarations of one `for` begin with the same words. */
const forDeclarations: fc.Arbitrary<StatementSyntax[]> = fc
  .tuple(namedType, fc.array(fc.tuple(name, fc.boolean(), expression), { minLength: 1, maxLength: 2 }))
  .map(([base, made]) =>
    made.map(([called, pointer, initial]): StatementSyntax => {
      const of: TypeSyntax = pointer ? { kind: 'pointer', target: base, span } : base;
      return { kind: 'declaration', declared: { name: called, type: of, span }, initial, span };
    }),
  );

const { block } = fc.letrec<{ statement: StatementSyntax; block: BlockSyntax }>((tie) => {
  const inner = tie('statement');
  const optional = fc.option(expression, { nil: undefined });
  return {
    block: fc
      .array(fc.oneof(inner, declaration), { maxLength: 4 })
      .map((statements): BlockSyntax => ({ kind: 'block', statements, span })),
    statement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.oneof(
        fc.constantFrom('empty', 'break', 'continue').map((kind) => ({ kind, span }) as StatementSyntax),
        expression.map((made): StatementSyntax => ({ kind: 'expression', expression: made, span })),
        optional.map((value): StatementSyntax => ({ kind: 'return', ...(value && { value }), span })),
      ),
      tie('block'),
      fc
        .tuple(expression, inner)
        .map(([condition, then]): StatementSyntax => ({ kind: 'if', condition, then, span })),
      // Braces, or the `else` might be taken for that of an inner `if`.
      fc.tuple(expression, tie('block'), inner).map(
        ([condition, then, otherwise]): StatementSyntax => ({
          kind: 'if',
          condition,
          then,
          otherwise,
          span,
        }),
      ),
      fc
        .tuple(fc.constantFrom('while' as const, 'do' as const), expression, inner)
        .map(([kind, condition, body]): StatementSyntax => ({ kind, condition, body, span })),
      fc
        .tuple(
          fc.oneof(
            fc.constant<StatementSyntax[]>([]),
            forDeclarations,
            expression.map((made): StatementSyntax[] => [{ kind: 'expression', expression: made, span }]),
          ),
          optional,
          optional,
          inner,
        )
        .map(
          ([start, condition, step, body]): StatementSyntax => ({
            kind: 'for',
            start,
            ...(condition && { condition }),
            ...(step && { step }),
            body,
            span,
          }),
        ),
    ),
  };
});

const item: fc.Arbitrary<ItemSyntax> = fc.oneof(
  fc
    .array(namedDeclared, { maxLength: 3 })
    .map((members): ItemSyntax => ({ kind: 'struct', tag: 'foo', members, span })),
  fc.tuple(namedDeclared, fc.option(initializer, { nil: undefined })).map(
    ([made, initial]): ItemSyntax => ({
      kind: 'global',
      declared: made,
      ...(initial && { initial }),
      span,
    }),
  ),
  fc.tuple(name, type, fc.array(declared, { maxLength: 2 }), block).map(
    ([called, result, parameters, body]): ItemSyntax => ({
      kind: 'function',
      name: called,
      type: { kind: 'function', result, parameters, span },
      body,
      span,
    }),
  ),
  fc
    .record({
      number: fc.nat(20),
      parameters: fc.array(declared, { maxLength: 3 }),
      body: block,
      interrupt: fc.option(
        fc.record({
          kind: fc.constantFrom('nmi' as const, 'irq' as const),
          on: fc.nat(20),
          span: fc.constant(span),
        }),
        { nil: undefined },
      ),
    })
    .map(
      ({ interrupt, ...rest }): ItemSyntax => ({
        kind: 'thread',
        ...rest,
        ...(interrupt && { interrupt }),
        span,
      }),
    ),
);

/** `typedef int (*callback_t)();` */
const typedef: ItemSyntax = {
  kind: 'typedef',
  declared: {
    name: typedefName,
    type: {
      kind: 'pointer',
      target: { kind: 'function', result: { kind: 'named', name: 'int', span }, parameters: [], span },
      span,
    },
    span,
  },
  span,
};

/** Any program section that the grammar can make; few of them mean anything. */
export const arbitraryBody: fc.Arbitrary<CBody> = fc
  .array(item, { maxLength: 4 })
  .map((items) => ({ items: [typedef, ...items] }));
