import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkGrammar, parseModel } from '../../src/cat/syntax/model-parser.js';
import type { Expression, ModelText } from '../../src/cat/syntax/model-syntax.js';
import { Source } from '../../src/diagnostics.js';
import { runs } from '../seed.js';
import { expressions, models } from './arbitrary-syntax.js';
import { print, printModel } from './print-syntax.js';

const parse = (text: string): ModelText => parseModel(new Source('test.cat', text));

function parseExpression(text: string): Expression {
  const [instruction] = parse(`empty ${text}`).instructions;
  if (instruction.kind !== 'test') throw new Error('not a test');
  return instruction.test.subject;
}

/** An expression with all parentheses that its structure has. */
function structure(expression: Expression): string {
  switch (expression.kind) {
    case 'list': {
      const symbol = { union: '|', compose: ';', intersection: '&' }[expression.operator];
      return `(${expression.operands.map(structure).join(` ${symbol} `)})`;
    }
    case 'binary': {
      const symbol = { add: '++', difference: '\\', product: '*' }[expression.operator];
      return `(${structure(expression.left)} ${symbol} ${structure(expression.right)})`;
    }
    case 'unary': {
      const inner = structure(expression.operand);
      if (expression.operator === 'identity') return `[${inner}]`;
      if (expression.operator === 'complement') return `(~${inner})`;
      return `(${inner}${{ plus: '+', star: '*', optional: '?', inverse: '^-1' }[expression.operator]})`;
    }
    case 'apply':
      return `(${structure(expression.callee)} ${structure(expression.argument)})`;
    default:
      return print(expression);
  }
}

const withoutSpans = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'span' ? undefined : inner)));

describe('the grammar', () => {
  it('is free of ambiguities', () => {
    expect(checkGrammar).not.toThrow();
  });

  it.each([
    ['a | b ; c', '(a | (b ; c))'],
    ['a ; b | c', '((a ; b) | c)'],
    ['a | b | c', '(a | b | c)'],
    ['(a | b) | c', '((a | b) | c)'],
    ['a ; b \\ c', '(a ; (b \\ c))'],
    ['a \\ b ; c', '((a \\ b) ; c)'],
    ['a \\ b & c', '(a \\ (b & c))'],
    ['a & b \\ c', '((a & b) \\ c)'],
    ['a \\ b \\ c', '((a \\ b) \\ c)'],
    ['a ++ b ++ c', '(a ++ (b ++ c))'],
    ['a ++ b ; c | d', '((a ++ (b ; c)) | d)'],
    ['a & b * c', '(a & (b * c))'],
    ['a * b & c', '((a * b) & c)'],
    ['a & b+', '(a & (b+))'],
    ['a+ & b', '((a+) & b)'],
    ['~a & b', '((~a) & b)'],
    ['~a^-1', '(~(a^-1))'],
    ['~~a', '(~(~a))'],
    ['a * b^-1', '(a * (b^-1))'],
    ['a^-1 * b', '((a^-1) * b)'],
    ['a^-1+', '((a^-1)+)'],
    ['a+^-1?', '(((a+)^-1)?)'],
    ['a* * b', '((a*) * b)'],
    ['a*; b', '((a*) ; b)'],
    ['f a | b', '((f a) | b)'],
    ['f a+', '((f a)+)'],
    ['f a b', '((f a) b)'],
    ['f (a, b)', '(f a, b)'],
    ['f [a]', '(f [a])'],
    ['[a]; b; [c]', '([a] ; b ; [c])'],
    ['begin a | b end & c', '((a | b) & c)'],
    ['_ * a', '(_ * a)'],
  ])('reads %s as %s', (text, expected) => {
    expect(structure(parseExpression(text))).toBe(expected);
  });

  it.each(['~a+', '~a*', '~a?', 'a * b+', 'a * b * c', 'a * b?', 'a * ~b'])(
    'wants parentheses in %s',
    (text) => {
      expect(() => parseExpression(text)).toThrow(/parentheses/);
    },
  );

  it.each([
    ['"A title"', 'A title'],
    ['X86 TSO', 'TSO'],
    ['X86 "the title"', 'the title'],
    ['Alpha', 'Alpha'],
    ['', undefined],
  ])('reads the title at the head: %s', (head, title) => {
    const model = parse(`${head}\nacyclic po`);
    expect(model.title).toBe(title);
    expect(model.instructions).toHaveLength(1);
  });

  it('passes over comments, which may nest', () => {
    const text = '(* one (* two *) "*) (* *) acyclic po // rest\n# another\n(* "quoted" *) acyclic rf';
    expect(parse(text).instructions).toHaveLength(2);
  });

  it('tells a postfix star before a negated test from a product', () => {
    const { instructions } = parse('let r = a*\n~empty r');
    expect(instructions.map(({ kind }) => kind)).toEqual(['let', 'test']);
  });

  it('gives every node its place', () => {
    const text = 'empty (a | [b]) ; c';
    const expression = parseExpression('(a | [b]) ; c');
    const shown: string[] = [];
    const visit = (node: Expression): void => {
      shown.push(text.slice(node.span.start, node.span.end));
      if (node.kind === 'list') node.operands.forEach(visit);
      if (node.kind === 'unary') visit(node.operand);
    };
    visit(expression);
    expect(shown).toEqual(['(a | [b]) ; c', 'a | [b]', 'a', '[b]', 'b', 'c']);
  });

  it('reads back every expression that is printed', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(withoutSpans(parseExpression(print(expression)))).toEqual(withoutSpans(expression));
      }),
      runs(1000),
    );
  });

  it('reads back every model that is printed', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(withoutSpans(parse(printModel(model)))).toEqual(withoutSpans(model));
      }),
      runs(500),
    );
  });
});
