import type { Span } from '../../diagnostics.js';

/**
 * The syntax tree of a model file. Every node knows where it stands. Operators that are associative hold all
 * their operands; parentheses leave no node, so `(a | b) | c` is a union in a union.
 */

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** What a `let`, a function or a procedure binds; an absent name is `_`. */
export type Pattern =
  | { readonly kind: 'single'; readonly name: Name | undefined; readonly span: Span }
  | { readonly kind: 'tuple'; readonly names: readonly (Name | undefined)[]; readonly span: Span };

export interface Binding {
  readonly pattern: Pattern;
  readonly value: Expression;
  readonly span: Span;
}

export type UnaryOperator = 'plus' | 'star' | 'optional' | 'inverse' | 'complement' | 'identity';
export type ListOperator = 'union' | 'compose' | 'intersection';
export type BinaryOperator = 'add' | 'difference' | 'product';

export type Expression = { readonly span: Span } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'empty' } // 0
  | { readonly kind: 'universe' } // _
  | { readonly kind: 'braces'; readonly items: readonly Expression[] }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'apply'; readonly callee: Expression; readonly argument: Expression }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: 'list'; readonly operator: ListOperator; readonly operands: readonly Expression[] }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      readonly body: Expression;
    }
  | {
      /** Also what `let f x = e` binds: `name` is then `f`. */
      readonly kind: 'function';
      readonly name: string | undefined;
      readonly pattern: Pattern;
      readonly body: Expression;
    }
  | { readonly kind: 'try'; readonly body: Expression; readonly fallback: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Condition;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | {
      readonly kind: 'match';
      readonly subject: Expression;
      readonly clauses: readonly { readonly tag: string; readonly body: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | {
      /** `match e with {} -> a || x ++ xs -> b end`, and the same with `before | x ++ after`. */
      readonly kind: 'match-set';
      readonly subject: Expression;
      readonly whenEmpty: Expression;
      readonly before: Name | undefined;
      readonly split: boolean;
      readonly element: Name | undefined;
      readonly rest: Name | undefined;
      readonly whenMore: Expression;
    }
);

export type Condition = { readonly span: Span } & (
  | { readonly kind: 'variant'; readonly name: string }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | {
      readonly kind: 'compare';
      readonly operator: '=' | 'subset' | 'in';
      readonly left: Expression;
      readonly right: Expression;
    }
);

/** `~acyclic r as name`, without what is to be done about it. */
export interface Test {
  readonly kind: 'acyclic' | 'irreflexive' | 'empty';
  readonly negated: boolean;
  readonly subject: Expression;
  readonly name: Name | undefined;
  readonly span: Span;
}

export type Instruction = { readonly span: Span } & (
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      readonly when: Test | undefined;
    }
  | {
      readonly kind: 'test';
      readonly mode: 'check' | 'flag' | 'undefined_unless' | 'assert';
      readonly test: Test;
    }
  | { readonly kind: 'show' | 'unshow'; readonly names: readonly Name[] }
  | { readonly kind: 'show-as'; readonly subject: Expression; readonly name: Name }
  | { readonly kind: 'include'; readonly file: string }
  | {
      readonly kind: 'procedure';
      readonly recursive: boolean;
      readonly name: Name;
      readonly pattern: Pattern;
      readonly body: readonly Instruction[];
    }
  | {
      readonly kind: 'call';
      readonly callee: Name;
      readonly argument: Expression;
      readonly name: Name | undefined;
    }
  | { readonly kind: 'with'; readonly name: Name; readonly from: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Condition;
      readonly whenTrue: readonly Instruction[];
      readonly whenFalse: readonly Instruction[];
    }
  | {
      readonly kind: 'match';
      readonly subject: Expression;
      readonly clauses: readonly { readonly tag: string; readonly body: readonly Instruction[] }[];
      readonly otherwise: readonly Instruction[] | undefined;
    }
  | {
      readonly kind: 'forall';
      readonly name: Name;
      readonly from: Expression;
      readonly body: readonly Instruction[];
    }
  | { readonly kind: 'debug'; readonly subject: Expression }
  | { readonly kind: 'enum'; readonly name: Name; readonly tags: readonly string[] }
  | { readonly kind: 'instructions' | 'default'; readonly name: Name; readonly tags: readonly Expression[] }
);

/** A model file. */
export interface ModelText {
  readonly title: string | undefined;
  /** `catdep` at the head: the model computes dependencies by itself. */
  readonly catdep: Span | undefined;
  readonly instructions: readonly Instruction[];
}
