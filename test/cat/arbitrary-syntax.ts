import * as fc from 'fast-check';
import type {
  Binding,
  Condition,
  Expression,
  Instruction,
  ModelText,
  Name,
  Pattern,
  Test,
} from '../../src/cat/syntax/model-syntax.js';

/** Syntax trees as the parser makes them; spans are left out. */
type Bare<T> = fc.Arbitrary<T>;

const span = undefined as never;
const text = fc.constantFrom('po', 'rf', 'po-loc', 'x', "r'", '_a', 'lettuce', 'inner', 'a.b', 'empty-set');
const name: Bare<Name> = text.map((value) => ({ text: value, span }));
const optional = <T>(value: Bare<T>): Bare<T | undefined> => fc.option(value, { nil: undefined });
const tag = fc.constantFrom('acquire', 'release', 'Once');
const string = fc.constantFrom('a', 'file.cat', 'with (* no comment *)', '');

const pattern: Bare<Pattern> = fc.oneof(
  optional(name).map((one): Pattern => ({ kind: 'single', name: one, span })),
  fc
    .array(optional(name), { minLength: 2, maxLength: 3 })
    .map((names): Pattern => ({ kind: 'tuple', names, span })),
  fc.constant<Pattern>({ kind: 'tuple', names: [], span }),
);

const variants: Bare<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    string.map((value): Condition => ({ kind: 'variant', name: value, span })),
    tie('condition').map((operand): Condition => ({ kind: 'not', operand, span })),
    fc
      .record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        left: tie('condition'),
        right: tie('condition'),
      })
      .map((both): Condition => ({ ...both, span })),
  ),
})).condition;

export const expressions: Bare<Expression> = fc.letrec<{
  any: Expression;
  callee: Expression;
  bindings: Binding[];
}>((tie) => {
  const any = tie('any');
  const few = (minLength: number) => fc.array(any, { minLength, maxLength: 3 });
  const record = <K extends Expression['kind']>(kind: K, fields: { [key: string]: fc.Arbitrary<unknown> }) =>
    fc.record(fields).map((rest) => ({ kind, ...rest, span }) as unknown as Expression);
  return {
    callee: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'expression' },
      record('name', { name: text }),
      record('apply', { callee: tie('callee'), argument: any }),
    ),
    bindings: fc.array(
      fc.oneof(
        fc.record({ pattern, value: any }).map((both): Binding => ({ ...both, span })),
        fc.record({ name, pattern, body: any }).map((parts): Binding => {
          const value: Expression = {
            kind: 'function',
            name: parts.name.text,
            pattern: parts.pattern,
            body: parts.body,
            span,
          };
          return { pattern: { kind: 'single', name: parts.name, span }, value, span };
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ) as Bare<Binding[]>,
    any: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      record('name', { name: text }),
      fc.constant<Expression>({ kind: 'empty', span }),
      fc.constant<Expression>({ kind: 'universe', span }),
      record('tag', { name: tag }),
      record('braces', { items: few(0) }),
      record('tuple', { items: fc.oneof(few(2), fc.constant([])) }),
      record('apply', { callee: tie('callee'), argument: any }),
      record('unary', {
        operator: fc.constantFrom('plus', 'star', 'optional', 'inverse', 'complement', 'identity'),
        operand: any,
      }),
      record('list', { operator: fc.constantFrom('union', 'compose', 'intersection'), operands: few(2) }),
      record('binary', { operator: fc.constantFrom('add', 'difference', 'product'), left: any, right: any }),
      record('let', { recursive: fc.boolean(), bindings: tie('bindings'), body: any }),
      record('function', { name: fc.constant(undefined), pattern, body: any }),
      record('try', { body: any, fallback: any }),
      record('if', {
        condition: fc.oneof(
          variants,
          fc
            .record({
              operator: fc.constantFrom('=' as const, 'subset' as const, 'in' as const),
              left: any,
              right: any,
            })
            .map((rest): Condition => ({ kind: 'compare', ...rest, span })),
        ),
        whenTrue: any,
        whenFalse: any,
      }),
      record('match', {
        subject: any,
        clauses: fc.array(fc.record({ tag, body: any }), { minLength: 1, maxLength: 2 }),
        otherwise: optional(any),
      }),
      fc
        .record({
          subject: any,
          whenEmpty: any,
          before: optional(optional(name).map((inner) => ({ inner }))),
          element: optional(name),
          rest: optional(name),
          whenMore: any,
        })
        .map(
          ({ before, ...rest }): Expression => ({
            kind: 'match-set',
            ...rest,
            split: before !== undefined,
            before: before?.inner,
            span,
          }),
        ),
    ),
  };
}).any;

const binding: Bare<Binding> = fc.record({ pattern, value: expressions }).map((both) => ({ ...both, span }));
const bindings = fc.array(binding, { minLength: 1, maxLength: 2 });

const test: Bare<Test> = fc
  .record({
    kind: fc.constantFrom('acyclic' as const, 'irreflexive' as const, 'empty' as const),
    negated: fc.boolean(),
    subject: expressions,
    name: optional(name),
  })
  .map((rest) => ({ ...rest, span }));

const instructions: Bare<Instruction[]> = fc.letrec<{ block: Instruction[] }>((tie) => {
  const record = <K extends Instruction['kind']>(kind: K, fields: { [key: string]: fc.Arbitrary<unknown> }) =>
    fc.record(fields).map((rest) => ({ kind, ...rest, span }) as unknown as Instruction);
  const names = fc.array(name, { minLength: 1, maxLength: 3 });
  const leaf = fc.oneof(
    record('let', { recursive: fc.constant(false), bindings, when: fc.constant(undefined) }),
    record('let', { recursive: fc.constant(true), bindings, when: optional(test) }),
    record('test', { mode: fc.constantFrom('check', 'flag', 'undefined_unless', 'assert'), test }),
    record('show', { names }),
    record('unshow', { names }),
    record('show-as', { subject: expressions, name }),
    record('include', { file: string }),
    record('call', { callee: name, argument: expressions, name: optional(name) }),
    record('with', { name, from: expressions }),
    record('debug', { subject: expressions }),
    record('instructions', { name, tags: fc.array(expressions, { maxLength: 2 }) }),
    record('default', { name, tags: fc.array(expressions, { maxLength: 2 }) }),
  );
  const block = tie('block');
  const nested = fc.oneof(
    record('procedure', { recursive: fc.boolean(), name, pattern, body: block }),
    record('if', { condition: variants, whenTrue: block, whenFalse: block }),
    record('match', {
      subject: expressions,
      clauses: fc.array(fc.record({ tag, body: block }), { minLength: 1, maxLength: 2 }),
      otherwise: optional(block),
    }),
    record('forall', { name, from: expressions, body: block }),
  );
  const depths = { maxDepth: 2, depthIdentifier: 'block' };
  return { block: fc.array(fc.oneof(depths, leaf, nested), { maxLength: 3, depthIdentifier: 'block' }) };
}).block;

export const models: Bare<ModelText> = fc.record({
  title: optional(string),
  catdep: fc.constant(undefined),
  instructions: fc
    .tuple(
      fc.array(fc.record({ name, tags: fc.array(tag, { minLength: 1, maxLength: 3 }) }), { maxLength: 1 }),
      instructions,
    )
    .map(([enums, rest]) => [...enums.map((one): Instruction => ({ kind: 'enum', ...one, span })), ...rest]),
});
