import { raise, type Span } from '../../../diagnostics.js';
import { applyBinary, applyUnary, int64, isJunk, type ScalarType } from '../../../program/index.js';
import type { NumberType } from '../../reading/constants.js';
import type { CBody, DeclaredSyntax, ExpressionSyntax, TypeSyntax } from '../syntax/c-syntax.js';
import { builtinScalars, normalizeTypeWords } from '../syntax/type-words.js';

/** A type, resolved: typedefs are gone. */
export type CType =
  | { readonly kind: 'void' }
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'pointer'; readonly target: CType }
  /** `length` is absent in a parameter and where the initialiser gives it. */
  | { readonly kind: 'array'; readonly element: CType; readonly length?: number }
  | { readonly kind: 'struct'; readonly tag: string }
  | { readonly kind: 'function'; readonly result: CType; readonly parameters: readonly CType[] };

export const voidType: CType = { kind: 'void' };
export const scalar = (type: ScalarType): CType => ({ kind: 'scalar', scalar: type });
export const pointerTo = (target: CType): CType => ({ kind: 'pointer', target });
export const intType = scalar(builtinScalars.int);
export const longType = scalar(int64);

export interface Member {
  readonly name: string;
  readonly type: CType;
  /** In bytes. */
  readonly offset: number;
}

interface MemberLayout {
  readonly size: number;
  readonly align: number;
  readonly members: readonly Member[];
}

const roundUp = (size: number, align: number): number => Math.ceil(size / align) * align;

/** More cells than this in one object is a slip of the pen, not a litmus test. */
const lengthLimit = 4096;

/** The types that a program declares. Sizes and alignments are those of a 64-bit Linux. */
export class Types {
  private readonly typedefs = new Map<string, CType>();
  private readonly layouts = new Map<string, MemberLayout>();

  constructor(body: CBody) {
    for (const item of body.items) {
      if (item.kind === 'typedef') this.addTypedef(item.declared);
      else if (item.kind === 'struct') this.addStruct(item.tag, item.members, item.span);
    }
  }

  private addTypedef({ name, type, span }: DeclaredSyntax): void {
    if (this.typedefs.has(name!)) raise(`the type \`${name}\` is declared twice`, span);
    this.typedefs.set(name!, this.resolve(type));
  }

  private addStruct(tag: string, members: readonly DeclaredSyntax[], span: Span): void {
    if (this.layouts.has(tag)) raise(`\`struct ${tag}\` is declared twice`, span);
    const laid: Member[] = [];
    let size = 0;
    let align = 1;
    for (const { name, type: syntax, span: place } of members) {
      const type = this.resolve(syntax);
      if (type.kind === 'struct' && !this.layouts.has(type.tag)) {
        raise(`\`struct ${type.tag}\` is not declared before this member`, place);
      }
      if (type.kind === 'array' && type.length === undefined)
        raise(`expected a length for \`${name}\``, place);
      if (laid.some((member) => member.name === name)) raise(`two members are called \`${name}\``, place);
      const step = this.alignOf(type);
      const offset = roundUp(size, step);
      laid.push({ name: name!, type, offset });
      size = offset + this.sizeOf(type, place);
      align = Math.max(align, step);
    }
    this.layouts.set(tag, { size: Math.max(roundUp(size, align), 1), align, members: laid });
  }

  resolve(syntax: TypeSyntax): CType {
    switch (syntax.kind) {
      case 'named':
        return this.named(syntax.name) ?? raise(`there is no type \`${syntax.name}\``, syntax.span);
      case 'pointer':
        return pointerTo(this.resolve(syntax.target));
      case 'array': {
        const element = this.resolve(syntax.element);
        if (element.kind === 'void' || element.kind === 'function') {
          raise('an array cannot hold such elements', syntax.span);
        }
        return { kind: 'array', element, ...(syntax.length && { length: this.length(syntax.length) }) };
      }
      case 'function':
        return {
          kind: 'function',
          result: this.resolve(syntax.result),
          parameters: syntax.parameters.map((parameter) => this.parameter(parameter.type)),
        };
    }
  }

  /** The type of a parameter: an array there is a pointer to its element, a function a pointer to it. */
  parameter(syntax: TypeSyntax): CType {
    const type = this.resolve(syntax);
    if (type.kind === 'array') return pointerTo(type.element);
    if (type.kind === 'function') return pointerTo(type);
    if (type.kind === 'void') raise('a parameter cannot be void', syntax.span);
    return type;
  }

  /** A type as an init line writes it: words, then stars. */
  fromWords(text: string, span: Span): CType {
    const stars = text.match(/\*/g)?.length ?? 0;
    const words = text.replaceAll('*', ' ').trim().split(/\s+/);
    const plain = words.filter((word) => !['volatile', 'const', 'static', 'extern'].includes(word));
    const name = this.named(plain.join(' ')) ? plain.join(' ') : (normalizeTypeWords(plain) ?? '');
    let type = this.named(name) ?? raise(`there is no type \`${plain.join(' ')}\``, span);
    for (let count = 0; count < stars; count++) type = pointerTo(type);
    return type;
  }

  private named(name: string): CType | undefined {
    if (name === 'void') return voidType;
    if (name.startsWith('struct ')) return { kind: 'struct', tag: name.slice('struct '.length) };
    const typedef = this.typedefs.get(name);
    if (typedef) return typedef;
    return Object.hasOwn(builtinScalars, name) ? scalar(builtinScalars[name]) : undefined;
  }

  /**
   * The members of a structure; undefined for one that the program does not define, such as `struct pt_regs`.
   */
  members(tag: string): readonly Member[] | undefined {
    return this.layouts.get(tag)?.members;
  }

  /**
   * In bytes; undefined for functions and arrays without a length. An undefined structure counts as one
   * counter.
   */
  size(type: CType): number | undefined {
    switch (type.kind) {
      case 'scalar':
        return Math.ceil(type.scalar.bits / 8);
      case 'pointer':
        return 8;
      case 'array': {
        const element = this.size(type.element);
        return element === undefined || type.length === undefined ? undefined : element * type.length;
      }
      case 'struct':
        return this.layouts.get(type.tag)?.size ?? 4;
      case 'void':
        return 1;
      case 'function':
        return undefined;
    }
  }

  sizeOf(type: CType, span: Span): number {
    return this.size(type) ?? raise(`${showType(type)} has no size`, span);
  }

  private alignOf(type: CType): number {
    if (type.kind === 'array') return this.alignOf(type.element);
    if (type.kind === 'struct') return this.layouts.get(type.tag)?.align ?? 4;
    return type.kind === 'scalar' ? Math.ceil(type.scalar.bits / 8) : 8;
  }

  private length(expression: ExpressionSyntax): number {
    const value = this.constant(expression);
    if (value <= 0n || value > lengthLimit) {
      raise(`expected an array's length from 1 to ${lengthLimit}, found ${value}`, expression.span);
    }
    return Number(value);
  }

  /** The value of an expression of integers, as an array's length is. */
  constant(expression: ExpressionSyntax): bigint {
    const value = this.constantOf(expression);
    if (value !== undefined && !isJunk(value)) return value;
    return raise('expected a constant', expression.span);
  }

  private constantOf(expression: ExpressionSyntax): bigint | undefined {
    switch (expression.kind) {
      case 'integer':
        return expression.value;
      case 'sizeof':
        if (!expression.ofType) return undefined;
        return BigInt(this.sizeOf(this.resolve(expression.of as TypeSyntax), expression.span));
      case 'unary': {
        const { op } = expression;
        if (op === '*' || op === '&') return undefined;
        const operand = this.constant(expression.operand);
        return op === '+' ? operand : (applyUnary(op, operand) as bigint);
      }
      case 'binary':
        return applyBinary(
          { op: expression.op },
          this.constant(expression.left),
          this.constant(expression.right),
        ) as bigint;
      default:
        return undefined;
    }
  }
}

function scalarName({ bits, signed }: ScalarType): string {
  const word = { 1: 'bool', 8: undefined, 16: undefined, 32: 'int', 64: 'long' }[bits];
  if (word === undefined) return `${signed ? 's' : 'u'}${bits}`;
  return signed || bits === 1 ? word : `unsigned ${word}`;
}

/** Which numbers a variable of a type can hold; none for what is no number. */
export function numbersOf(type: CType | undefined): NumberType[] {
  if (type?.kind === 'pointer') return [{ name: 'a pointer', type: int64, anySign: true }];
  if (type?.kind !== 'scalar') return [];
  const name = scalarName(type.scalar);
  return [
    { name: `${/^[iu]n|^int|^s\d/.test(name) ? 'an' : 'a'} ${name}`, type: type.scalar, anySign: false },
  ];
}

/** How messages write a type. */
export function showType(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'scalar':
      return scalarName(type.scalar);
    case 'pointer':
      return `${showType(type.target)} *`;
    case 'array':
      return `${showType(type.element)}[${type.length ?? ''}]`;
    case 'struct':
      return `struct ${type.tag}`;
    case 'function':
      return 'function';
  }
}
