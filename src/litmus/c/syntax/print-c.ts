import type {
  BlockSyntax,
  CBody,
  DeclaredSyntax,
  ExpressionSyntax,
  InitializerSyntax,
  ItemSyntax,
  StatementSyntax,
  TypeSyntax,
} from './c-syntax.js';

/** C text that parses to an equal body. */
export function printC(body: CBody): string {
  return body.items.map(item).join('\n\n');
}

function item(syntax: ItemSyntax): string {
  switch (syntax.kind) {
    case 'struct':
      return `struct ${syntax.tag} {\n${syntax.members.map((member) => `\t${declared(member)};\n`).join('')}};`;
    case 'typedef':
      return `typedef ${declared(syntax.declared)};`;
    case 'global':
      return `${declared(syntax.declared)}${syntax.initial ? ` = ${initializer(syntax.initial)}` : ''};`;
    case 'function':
      return `${type(syntax.type, syntax.name)}\n${block(syntax.body, '')}`;
    case 'thread': {
      const { interrupt, number, parameters } = syntax;
      const prefix = interrupt ? `__${interrupt.kind}(P${interrupt.on}) ` : '';
      return `${prefix}P${number}(${parameters.map(declared).join(', ')})\n${block(syntax.body, '')}`;
    }
  }
}

const declared = ({ name, type: of }: DeclaredSyntax): string => type(of, name ?? '');

/** A declarator grows around the name: stars to its left, lengths and parameters to its right. */
function type(syntax: TypeSyntax, declarator: string): string {
  switch (syntax.kind) {
    case 'named':
      return declarator === '' ? syntax.name : `${syntax.name} ${declarator}`;
    case 'pointer': {
      const inner = syntax.target.kind === 'array' || syntax.target.kind === 'function';
      return type(syntax.target, inner ? `(*${declarator})` : `*${declarator}`);
    }
    case 'array':
      return type(syntax.element, `${declarator}[${syntax.length ? expression(syntax.length) : ''}]`);
    case 'function':
      return type(syntax.result, `${declarator}(${syntax.parameters.map(declared).join(', ')})`);
  }
}

function initializer(syntax: InitializerSyntax): string {
  if (syntax.kind !== 'list') return argument(syntax);
  const entries = syntax.entries.map(({ member, index, value }) => {
    const place = member === undefined ? (index ? `[${expression(index)}] = ` : '') : `.${member} = `;
    return place + initializer(value);
  });
  return `{${entries.join(', ')}}`;
}

function block({ statements }: BlockSyntax, indent: string): string {
  return `${indent}{\n${statements.map((each) => `${statement(each, `${indent}\t`)}\n`).join('')}${indent}}`;
}

function statement(syntax: StatementSyntax, indent: string): string {
  switch (syntax.kind) {
    case 'block':
      return block(syntax, indent);
    case 'empty':
      return `${indent};`;
    case 'break':
    case 'continue':
      return `${indent}${syntax.kind};`;
    case 'expression':
      return `${indent}${expression(syntax.expression)};`;
    case 'declaration':
      return `${indent}${declared(syntax.declared)}${syntax.initial ? ` = ${argument(syntax.initial)}` : ''};`;
    case 'return':
      return `${indent}return${syntax.value ? ` ${expression(syntax.value)}` : ''};`;
    case 'if': {
      const head = `${indent}if (${expression(syntax.condition)})\n${nested(syntax.then, indent)}`;
      return syntax.otherwise ? `${head}\n${indent}else\n${nested(syntax.otherwise, indent)}` : head;
    }
    case 'while':
      return `${indent}while (${expression(syntax.condition)})\n${nested(syntax.body, indent)}`;
    case 'do':
      return `${indent}do\n${nested(syntax.body, indent)}\n${indent}while (${expression(syntax.condition)});`;
    case 'for': {
      const parts = [syntax.condition, syntax.step].map((part) => (part ? ` ${expression(part)}` : ''));
      return `${indent}for (${forStart(syntax.start)}${parts.join(';')})\n${nested(syntax.body, indent)}`;
    }
  }
}

/** The declarations of a `for` share one type: each but the first is written from its declarator on. */
function forStart(start: readonly StatementSyntax[]): string {
  const [first, ...rest] = start;
  if (!first) return ';';
  const texts = rest.map((each) => {
    const text = statement(each, '').slice(0, -1);
    const base = each.kind === 'declaration' ? baseName(each.declared.type) : '';
    return `, ${text.slice(base.length)}`;
  });
  return `${statement(first, '').slice(0, -1)}${texts.join('')};`;
}

function baseName(syntax: TypeSyntax): string {
  switch (syntax.kind) {
    case 'named':
      return syntax.name;
    case 'pointer':
      return baseName(syntax.target);
    case 'array':
      return baseName(syntax.element);
    case 'function':
      return baseName(syntax.result);
  }
}

function nested(syntax: StatementSyntax, indent: string): string {
  return statement(syntax, syntax.kind === 'block' ? indent : `${indent}\t`);
}

function expression(syntax: ExpressionSyntax): string {
  switch (syntax.kind) {
    case 'integer': {
      const { bits, signed } = syntax.type;
      return `${syntax.value}${signed ? '' : 'U'}${bits === 64 ? 'L' : ''}`;
    }
    case 'name':
      return syntax.name;
    case 'unary':
      return syntax.op + operand(syntax.operand);
    case 'binary':
      return `${operand(syntax.left)} ${syntax.op} ${operand(syntax.right)}`;
    case 'assign':
      return `${operand(syntax.target)} ${syntax.op === '=' ? '' : syntax.op}= ${operand(syntax.value)}`;
    case 'increment':
      return syntax.prefix ? syntax.op + operand(syntax.target) : operand(syntax.target) + syntax.op;
    case 'conditional':
      return `${operand(syntax.condition)} ? ${operand(syntax.then)} : ${operand(syntax.otherwise)}`;
    case 'call':
      return call(syntax);
    case 'index':
      return `${operand(syntax.object)}[${expression(syntax.index)}]`;
    case 'member':
      return `${operand(syntax.object)}${syntax.arrow ? '->' : '.'}${syntax.name}`;
    case 'cast':
      return `(${type(syntax.type, '')})${operand(syntax.operand)}`;
    case 'sizeof':
      return syntax.ofType
        ? `sizeof(${type(syntax.of as TypeSyntax, '')})`
        : `sizeof ${operand(syntax.of as ExpressionSyntax)}`;
    case 'comma':
      return `${operand(syntax.left)}, ${operand(syntax.right)}`;
  }
}

function call({ callee, args, tags, operator }: ExpressionSyntax & { kind: 'call' }): string {
  const head = operand(callee) + (tags ? `{${tags.join(', ')}}` : '');
  // herd7 writes `__fence{mb}` without parentheses.
  if (tags && args.length === 0) return head;
  const texts = args.map(argument);
  if (operator !== undefined) texts.splice(1, 0, operator);
  return `${head}(${texts.join(', ')})`;
}

/** An expression where a comma would end it. */
const argument = (syntax: ExpressionSyntax): string =>
  syntax.kind === 'comma' ? operand(syntax) : expression(syntax);

const primary: ReadonlySet<string> = new Set(['integer', 'name', 'call', 'index', 'member']);

/** An expression that stands beside an operator: in parentheses, unless nothing can bind tighter. */
function operand(syntax: ExpressionSyntax): string {
  const text = expression(syntax);
  return primary.has(syntax.kind) ? text : `(${text})`;
}
