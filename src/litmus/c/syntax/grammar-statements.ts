import type { IToken } from 'chevrotain';
import { raise, refuse } from '../../../diagnostics.js';
import { tick } from '../../../limits.js';
import { STATEMENT } from '../../reading/parsing.js';
import * as t from './c-lexer.js';
import type { BlockSyntax, ExpressionSyntax, StatementSyntax } from './c-syntax.js';
import { DeclarationGrammar } from './grammar-declarations.js';
import type { Rule } from './grammar-expressions.js';

/** The statements of the C grammar. */
export abstract class StatementGrammar extends DeclarationGrammar {
  protected block: Rule<BlockSyntax> = this.RULE('block', () => {
    const statements: StatementSyntax[] = [];
    const open = this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      const made = this.SUBRULE(this.statement);
      this.ACTION(() => statements.push(...made));
    });
    this.CONSUME(t.RightBrace, { ERR_MSG: 'a statement or `}`' });
    return this.ACTION((): BlockSyntax => ({ kind: 'block', statements, span: this.spanFrom(open) }));
  });

  /** One statement as written; a declaration makes one for each declarator. */
  private statement: Rule<StatementSyntax[]> = this.RULE('statement', () => {
    tick(STATEMENT);
    return this.nested(() =>
      this.OR<StatementSyntax[]>({
        DEF: [
          { ALT: () => [this.SUBRULE(this.block)] },
          { ALT: () => [this.SUBRULE(this.ifStatement)] },
          { ALT: () => [this.SUBRULE(this.whileStatement)] },
          { ALT: () => [this.SUBRULE(this.doStatement)] },
          { ALT: () => [this.SUBRULE(this.forStatement)] },
          { ALT: () => [this.SUBRULE(this.returnStatement)] },
          { GATE: () => this.startsType(1), ALT: () => this.SUBRULE(this.declaration) },
          { GATE: () => this.isJump(), ALT: () => [this.SUBRULE(this.jump)] },
          { ALT: () => [this.SUBRULE(this.expressionStatement)] },
          { ALT: () => [this.SUBRULE(this.emptyStatement)] },
        ],
        ERR_MSG: 'a statement',
        IGNORE_AMBIGUITIES: true,
      }),
    );
  });

  /** Branches and loops hold one statement; a declaration there would have no scope. */
  private single: Rule<StatementSyntax> = this.RULE('single', () => {
    const statements = this.SUBRULE(this.statement);
    return this.ACTION(() => {
      const [only] = statements;
      if (only.kind === 'declaration') raise('expected a statement, found a declaration', only.span);
      return only;
    });
  });

  private emptyStatement: Rule<StatementSyntax> = this.RULE('emptyStatement', () => {
    const token = this.CONSUME(t.Semicolon);
    return this.ACTION((): StatementSyntax => ({ kind: 'empty', span: this.spanOf(token) }));
  });

  private expressionStatement: Rule<StatementSyntax> = this.RULE('expressionStatement', () => {
    const expression = this.SUBRULE(this.expression);
    this.CONSUME(t.Semicolon);
    return this.ACTION((): StatementSyntax => ({ kind: 'expression', expression, span: expression.span }));
  });

  /** `break` and `continue` are no reserved words: published tests have registers of these names. */
  private isJump(): boolean {
    const { image } = this.LA(1);
    return (image === 'break' || image === 'continue') && this.LA(2).tokenType === t.Semicolon;
  }

  private jump: Rule<StatementSyntax> = this.RULE('jump', () => {
    const word = this.CONSUME(t.Identifier);
    this.CONSUME(t.Semicolon);
    return this.ACTION(
      (): StatementSyntax => ({ kind: word.image as 'break' | 'continue', span: this.spanOf(word) }),
    );
  });

  /** The declarators and initialisers of a local declaration, with its semicolon. */
  private declaration: Rule<StatementSyntax[]> = this.RULE('declaration', () => {
    const made: StatementSyntax[] = [];
    const start = this.ACTION(() => this.LA(1));
    const { type, isStatic } = this.SUBRULE(this.specifiers);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const declarator = this.SUBRULE(this.namedDeclarator);
        const initial = this.OPTION(() => {
          this.CONSUME(t.Assign);
          return this.SUBRULE(this.assignment);
        });
        this.ACTION(() => {
          const declared = declarator(type);
          made.push({
            kind: 'declaration',
            declared,
            ...(initial && { initial }),
            span: initial ? this.spanFrom(declared.span) : declared.span,
          });
        });
      },
    });
    this.CONSUME(t.Semicolon, { ERR_MSG: '`;` or `,`' });
    this.ACTION(() => this.checkLocal(isStatic, start));
    return made;
  });

  private checkLocal(isStatic: boolean, start: IToken): void {
    if (isStatic)
      refuse('a static local variable is not supported: declare it at file level', this.spanOf(start));
    if (this.definedStructs.length > 0) {
      raise('a structure is declared at file level, not in a function', this.definedStructs[0].span);
    }
  }

  private ifStatement: Rule<StatementSyntax> = this.RULE('ifStatement', () => {
    const word = this.CONSUME(t.If);
    const condition = this.SUBRULE(this.condition);
    const then = this.SUBRULE(this.single);
    const otherwise = this.OPTION(() => {
      this.CONSUME(t.Else);
      return this.SUBRULE2(this.single);
    });
    return this.ACTION(
      (): StatementSyntax => ({
        kind: 'if',
        condition,
        then,
        ...(otherwise && { otherwise }),
        span: this.spanFrom(word),
      }),
    );
  });

  private condition: Rule<ExpressionSyntax> = this.RULE('condition', () => {
    this.CONSUME(t.LeftParen);
    const condition = this.SUBRULE(this.expression);
    this.CONSUME(t.RightParen);
    return condition;
  });

  private whileStatement: Rule<StatementSyntax> = this.RULE('whileStatement', () => {
    const word = this.CONSUME(t.While);
    const condition = this.SUBRULE(this.condition);
    const body = this.SUBRULE(this.single);
    return this.ACTION(
      (): StatementSyntax => ({ kind: 'while', condition, body, span: this.spanFrom(word) }),
    );
  });

  private doStatement: Rule<StatementSyntax> = this.RULE('doStatement', () => {
    const word = this.CONSUME(t.Do);
    const body = this.SUBRULE(this.single);
    this.CONSUME(t.While);
    const condition = this.SUBRULE(this.condition);
    this.CONSUME(t.Semicolon);
    return this.ACTION((): StatementSyntax => ({ kind: 'do', condition, body, span: this.spanFrom(word) }));
  });

  private forStatement: Rule<StatementSyntax> = this.RULE('forStatement', () => {
    const word = this.CONSUME(t.For);
    this.CONSUME(t.LeftParen);
    const start = this.OR<StatementSyntax[]>({
      DEF: [
        { GATE: () => this.startsType(1), ALT: () => this.SUBRULE(this.declaration) },
        { ALT: () => [this.SUBRULE(this.expressionStatement)] },
        {
          ALT: () => {
            this.CONSUME(t.Semicolon);
            return [];
          },
        },
      ],
      ERR_MSG: 'an expression or `;`',
      IGNORE_AMBIGUITIES: true,
    });
    const condition = this.OPTION(() => this.SUBRULE(this.expression));
    this.CONSUME2(t.Semicolon);
    const step = this.OPTION2(() => this.SUBRULE2(this.expression));
    this.CONSUME(t.RightParen);
    const body = this.SUBRULE(this.single);
    return this.ACTION(
      (): StatementSyntax => ({
        kind: 'for',
        start,
        ...(condition && { condition }),
        ...(step && { step }),
        body,
        span: this.spanFrom(word),
      }),
    );
  });

  private returnStatement: Rule<StatementSyntax> = this.RULE('returnStatement', () => {
    const word = this.CONSUME(t.Return);
    const value = this.OPTION(() => this.SUBRULE(this.expression));
    this.CONSUME(t.Semicolon);
    return this.ACTION(
      (): StatementSyntax => ({ kind: 'return', ...(value && { value }), span: this.spanFrom(word) }),
    );
  });
}
