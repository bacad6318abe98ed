import type { Span } from '../../../diagnostics.js';
import type { BinaryOperator, ScalarType } from '../../../program/index.js';

/**
 * The program section of a C litmus test, as written; words that mean nothing here (`static`, `const`) are
 * dropped.
 */
export interface CBody {
  readonly items: readonly ItemSyntax[];
}

/** One declaration at file level. `int a, b;` makes two. */
export type ItemSyntax =
  | {
      readonly kind: 'struct';
      readonly tag: string;
      readonly members: readonly DeclaredSyntax[];
      readonly span: Span;
    }
  | { readonly kind: 'typedef'; readonly declared: DeclaredSyntax; readonly span: Span }
  /** A variable, or a function's prototype when the type is a function. */
  | {
      readonly kind: 'global';
      readonly declared: DeclaredSyntax;
      readonly initial?: InitializerSyntax;
      readonly span: Span;
    }
  | FunctionSyntax
  | ThreadSyntax;

export interface FunctionSyntax {
  readonly kind: 'function';
  readonly name: string;
  readonly type: TypeSyntax & { kind: 'function' };
  readonly body: BlockSyntax;
  /** Of the name. */
  readonly span: Span;
}

/** `P1(int *x) { ... }`, or `__nmi(P0) P1(int *x) { ... }`. */
export interface ThreadSyntax {
  readonly kind: 'thread';
  readonly number: number;
  readonly interrupt?: { readonly kind: 'nmi' | 'irq'; readonly on: number; readonly span: Span };
  readonly parameters: readonly DeclaredSyntax[];
  readonly body: BlockSyntax;
  /** Of the name. */
  readonly span: Span;
}

/** A type as written. */
export type TypeSyntax =
  /** Words in a fixed order: `int`, `unsigned long`, `struct foo`, or a typedef's name. */
  | { readonly kind: 'named'; readonly name: string; readonly span: Span }
  | { readonly kind: 'pointer'; readonly target: TypeSyntax; readonly span: Span }
  | {
      readonly kind: 'array';
      readonly element: TypeSyntax;
      readonly length?: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'function';
      readonly result: TypeSyntax;
      readonly parameters: readonly DeclaredSyntax[];
      readonly span: Span;
    };

/** A declared name and its type; a parameter of a prototype may have no name. */
export interface DeclaredSyntax {
  readonly name?: string;
  readonly type: TypeSyntax;
  readonly span: Span;
}

export type InitializerSyntax =
  | ExpressionSyntax
  | { readonly kind: 'list'; readonly entries: readonly ListEntrySyntax[]; readonly span: Span };

/** `.member = value`, `[index] = value` or a bare value. */
export interface ListEntrySyntax {
  readonly member?: string;
  readonly index?: ExpressionSyntax;
  readonly value: InitializerSyntax;
}

export type BlockSyntax = {
  readonly kind: 'block';
  readonly statements: readonly StatementSyntax[];
  readonly span: Span;
};

export type StatementSyntax =
  | BlockSyntax
  | { readonly kind: 'empty' | 'break' | 'continue'; readonly span: Span }
  | { readonly kind: 'expression'; readonly expression: ExpressionSyntax; readonly span: Span }
  /** One declarator; `int a, b;` makes two of these. */
  | {
      readonly kind: 'declaration';
      readonly declared: DeclaredSyntax;
      readonly initial?: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'if';
      readonly condition: ExpressionSyntax;
      readonly then: StatementSyntax;
      readonly otherwise?: StatementSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'while' | 'do';
      readonly condition: ExpressionSyntax;
      readonly body: StatementSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'for';
      /** Declarations, or one expression. */
      readonly start: readonly StatementSyntax[];
      readonly condition?: ExpressionSyntax;
      readonly step?: ExpressionSyntax;
      readonly body: StatementSyntax;
      readonly span: Span;
    }
  | { readonly kind: 'return'; readonly value?: ExpressionSyntax; readonly span: Span };

/** `=`, or the operator of a compound assignment. */
export type AssignmentOperator = '=' | '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';

/** A macro of a macro file, `NAME(X, V) expression` or `NAME(X, V) { calls }`. */
export interface MacroSyntax {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: ExpressionSyntax | BlockSyntax;
  /** Of the name. */
  readonly span: Span;
}

export type ExpressionSyntax =
  /** `type` is what C gives the literal, from its size and its `U` and `L`. */
  | { readonly kind: 'integer'; readonly value: bigint; readonly type: ScalarType; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly op: '*' | '&' | '+' | '-' | '~' | '!';
      readonly operand: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: ExpressionSyntax;
      readonly right: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'assign';
      readonly op: AssignmentOperator;
      readonly target: ExpressionSyntax;
      readonly value: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'increment';
      readonly op: '++' | '--';
      readonly prefix: boolean;
      readonly target: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: ExpressionSyntax;
      readonly then: ExpressionSyntax;
      readonly otherwise: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly callee: ExpressionSyntax;
      readonly args: readonly ExpressionSyntax[];
      /** The words in braces of herd7's own primitives, as in `__load{once}(*x)`. */
      readonly tags?: readonly string[];
      /** The operator among the arguments of such a primitive, the second in `__atomic_op{once}(x, +, 1)`. */
      readonly operator?: string;
      readonly span: Span;
    }
  | {
      readonly kind: 'index';
      readonly object: ExpressionSyntax;
      readonly index: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'member';
      readonly object: ExpressionSyntax;
      /** Written `->`. */
      readonly arrow: boolean;
      readonly name: string;
      readonly span: Span;
    }
  | {
      readonly kind: 'cast';
      readonly type: TypeSyntax;
      readonly operand: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'sizeof';
      readonly of: TypeSyntax | ExpressionSyntax;
      readonly ofType: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'comma';
      readonly left: ExpressionSyntax;
      readonly right: ExpressionSyntax;
      readonly span: Span;
    };
