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

/** How tightly what is printed binds: what is asked for more tightly gets parentheses. */
const levels = {
  expression: 0,
  union: 1,
  add: 2,
  compose: 3,
  difference: 4,
  intersection: 5,
  tight: 6,
  simple: 7,
} as const;
type Level = (typeof levels)[keyof typeof levels];

const listSymbols = { union: '|', compose: ';', intersection: '&' };
const postfixSymbols = { plus: '+', star: '*', optional: '?', inverse: '^-1' };

export function printModel({ title, catdep, instructions }: ModelText): string {
  const head = [...(title === undefined ? [] : [`"${title}"`]), ...(catdep ? ['catdep'] : [])];
  return [...head, block(instructions)].join('\n');
}

const block = (instructions: readonly Instruction[]): string => instructions.map(printInstruction).join('\n');
const names = (all: readonly Name[]): string => all.map(({ text }) => text).join(', ');
const formal = (name: Name | undefined): string => name?.text ?? '_';
const as = (name: Name | undefined): string => (name ? ` as ${name.text}` : '');
const definitions = (recursive: boolean, bindings: readonly Binding[]): string =>
  `let ${recursive ? 'rec ' : ''}${bindings.map(printBinding).join(' and ')}`;

function printInstruction(instruction: Instruction): string {
  switch (instruction.kind) {
    case 'let': {
      const when = instruction.when ? ` when ${printTest(instruction.when)}` : '';
      return definitions(instruction.recursive, instruction.bindings) + when;
    }
    case 'test':
      return `${instruction.mode === 'check' ? '' : `${instruction.mode} `}${printTest(instruction.test)}`;
    case 'show':
    case 'unshow':
      return `${instruction.kind} ${names(instruction.names)}`;
    case 'show-as':
      return `show ${print(instruction.subject, levels.union)} as ${instruction.name.text}`;
    case 'include':
      return `include "${instruction.file}"`;
    case 'procedure': {
      const { recursive, name, pattern, body } = instruction;
      return `procedure ${recursive ? 'rec ' : ''}${name.text} ${parameter(pattern)} =\n${block(body)}\nend`;
    }
    case 'call':
      return `call ${instruction.callee.text} ${print(instruction.argument, levels.simple)}${as(instruction.name)}`;
    case 'with':
      return `with ${instruction.name.text} from ${print(instruction.from)}`;
    case 'if': {
      const { condition, whenTrue, whenFalse } = instruction;
      const otherwise = whenFalse.length > 0 ? `else\n${block(whenFalse)}\n` : '';
      return `if ${printCondition(condition)}\n${block(whenTrue)}\n${otherwise}end`;
    }
    case 'match': {
      const clauses = instruction.clauses.map(({ tag, body }) => `'${tag} -> ${block(body)}`);
      if (instruction.otherwise) clauses.push(`_ -> ${block(instruction.otherwise)}`);
      return `match ${print(instruction.subject)} with ${clauses.join(' || ')} end`;
    }
    case 'forall':
      return `forall ${instruction.name.text} in ${print(instruction.from)} do ${block(instruction.body)} end`;
    case 'debug':
      return `debug ${print(instruction.subject)}`;
    case 'enum':
      return `enum ${instruction.name.text} = ${instruction.tags.map((tag) => `'${tag}`).join(' || ')}`;
    case 'instructions':
    case 'default':
      return `${instruction.kind} ${instruction.name.text}[${items(instruction.tags)}]`;
  }
}

function printTest({ negated, kind, subject, name }: Test): string {
  return `${negated ? '~' : ''}${kind} ${print(subject)}${as(name)}`;
}

function printBinding({ pattern, value }: Binding): string {
  if (value.kind === 'function' && value.name !== undefined) {
    return `${value.name} ${parameter(value.pattern)} = ${print(value.body)}`;
  }
  return `${pattern.kind === 'single' ? formal(pattern.name) : parameter(pattern)} = ${print(value)}`;
}

function parameter(pattern: Pattern): string {
  return pattern.kind === 'single' ? formal(pattern.name) : `(${pattern.names.map(formal).join(', ')})`;
}

const items = (all: readonly Expression[]): string => all.map((item) => print(item, levels.union)).join(', ');

export function print(expression: Expression, wanted: Level = levels.expression): string {
  const [text, level] = printLevel(expression);
  return level >= wanted ? text : `(${text})`;
}

function printLevel(expression: Expression): [string, Level] {
  switch (expression.kind) {
    case 'name':
      return [expression.name, levels.simple];
    case 'tag':
      return [`'${expression.name}`, levels.simple];
    case 'empty':
      return ['0', levels.simple];
    case 'universe':
      return ['_', levels.simple];
    case 'braces':
      return [`{${items(expression.items)}}`, levels.simple];
    case 'tuple':
      return expression.items.length === 0
        ? ['()', levels.simple]
        : [items(expression.items), levels.expression];
    case 'apply': {
      const { callee, argument } = expression;
      return [`${printLevel(callee)[0]} ${print(argument, levels.simple)}`, levels.tight];
    }
    case 'list': {
      const level = levels[expression.operator];
      const operands = expression.operands.map((operand) => print(operand, (level + 1) as Level));
      return [operands.join(` ${listSymbols[expression.operator]} `), level];
    }
    case 'unary':
      return unary(expression);
    case 'binary':
      return binary(expression);
    default:
      return [keywordExpression(expression), levels.expression];
  }
}

function unary({ operator, operand }: Extract<Expression, { kind: 'unary' }>): [string, Level] {
  if (operator === 'identity') return [`[${print(operand)}]`, levels.simple];
  if (operator === 'complement') return [`~${print(operand, levels.simple)}`, levels.tight];
  return [`${print(operand, levels.simple)}${postfixSymbols[operator]}`, levels.tight];
}

function binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): [string, Level] {
  if (operator === 'add')
    return [`${print(left, levels.compose)} ++ ${print(right, levels.add)}`, levels.add];
  if (operator === 'product')
    return [`${print(left, levels.simple)} * ${print(right, levels.simple)}`, levels.tight];
  return [`${print(left, levels.difference)} \\ ${print(right, levels.intersection)}`, levels.difference];
}

type KeywordExpression = Extract<
  Expression,
  { kind: 'let' | 'function' | 'try' | 'if' | 'match' | 'match-set' }
>;

function keywordExpression(expression: KeywordExpression): string {
  switch (expression.kind) {
    case 'let':
      return `${definitions(expression.recursive, expression.bindings)} in ${print(expression.body)}`;
    case 'function':
      return `fun ${parameter(expression.pattern)} -> ${print(expression.body)}`;
    case 'try':
      return `try ${print(expression.body)} with ${print(expression.fallback)}`;
    case 'if': {
      const [whenTrue, whenFalse] = [expression.whenTrue, expression.whenFalse].map((branch) =>
        print(branch),
      );
      return `if ${printCondition(expression.condition)} then ${whenTrue} else ${whenFalse}`;
    }
    case 'match': {
      const clauses = expression.clauses.map(({ tag, body }) => `'${tag} -> ${print(body)}`);
      if (expression.otherwise) clauses.push(`_ -> ${print(expression.otherwise)}`);
      return `match ${print(expression.subject)} with ${clauses.join(' || ')} end`;
    }
    case 'match-set': {
      const { subject, whenEmpty, split, before, element, rest, whenMore } = expression;
      const pattern = `${split ? `${formal(before)} | ` : ''}${formal(element)} ++ ${formal(rest)}`;
      return `match ${print(subject)} with {} -> ${print(whenEmpty)} || ${pattern} -> ${print(whenMore)} end`;
    }
  }
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'variant':
      return `"${condition.name}"`;
    case 'not':
      return `not (${printCondition(condition.operand)})`;
    case 'and':
    case 'or':
      return `(${printCondition(condition.left)}) ${condition.kind === 'and' ? '&&' : '||'} (${printCondition(condition.right)})`;
    case 'compare':
      return `${print(condition.left)} ${condition.operator} ${print(condition.right)}`;
  }
}
