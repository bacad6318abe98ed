import { raise, refuse, type Span } from '../../diagnostics.js';
import { nearMatch } from '../../near-match.js';
import {
  addressOf,
  binary,
  type Code,
  constant,
  type Expression,
  type Instruction,
  type RegisterId,
  registerId,
} from '../../program/index.js';
import type { AssemblyBody, AssemblyInstruction, AssemblyLine, Operand } from './assembly-syntax.js';

/** An instruction whose target is still a label. */
type Draft =
  | Instruction
  | { kind: 'branch'; condition: Expression; label: string; span: Span }
  | { kind: 'jump'; label: string; span: Span };

/** An instruction without its place in the text, which the builder adds. */
type Unplaced<I = Instruction> = I extends unknown ? Omit<I, 'span'> : never;

/** Makes the code of one thread, line by line. */
export class ThreadBuilder {
  private readonly ids = new Map<string, RegisterId>();
  private readonly drafts: Draft[] = [];
  private readonly labels = new Map<string, number>();
  private span: Span;

  constructor(
    readonly name: string,
    private readonly lines: readonly AssemblyLine[],
    whole: Span,
  ) {
    this.span = whole;
  }

  /** Lowers every line. */
  build(lower: (instruction: AssemblyInstruction) => void): void {
    for (const line of this.lines) {
      this.span = line.span;
      if (line.kind === 'instruction') lower(line);
      else if (this.labels.has(line.name))
        raise(`the label \`${line.name}\` stands twice in ${this.name}`, line.span);
      else this.labels.set(line.name, this.drafts.length);
    }
  }

  /** The register of a name; a new one on first mention. */
  register(name: string): RegisterId {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = registerId(this.ids.size);
      this.ids.set(name, id);
    }
    return id;
  }

  /** A register for the dialect's own use; `%` begins no name that a user can write. */
  temporary(name: string): RegisterId {
    return this.register(`%${name}`);
  }

  known(name: string): RegisterId | undefined {
    return this.ids.get(name);
  }

  /** The instruction is the builder's from now on. */
  emit(instruction: Unplaced & { span?: Span }): void {
    instruction.span = this.span;
    this.drafts.push(instruction as Instruction);
  }

  assign(target: RegisterId, value: Expression): void {
    this.emit({ kind: 'assign', target, value });
  }

  branch(condition: Expression, label: string): void {
    this.drafts.push({ kind: 'branch', condition, label, span: this.span });
  }

  jump(label: string): void {
    this.drafts.push({ kind: 'jump', label, span: this.span });
  }

  finish(): Code {
    return {
      name: this.name,
      parameters: [],
      registers: [...this.ids.keys()],
      instructions: this.drafts.map((draft) => this.placed(draft)),
      controlScope: 'rest',
    };
  }

  private placed(draft: Draft): Instruction {
    if (!('label' in draft)) return draft;
    const goto = this.labels.get(draft.label);
    if (goto === undefined) return raise(`there is no label \`${draft.label}\` in ${this.name}`, draft.span);
    const { label: _, ...rest } = draft;
    return Object.assign(rest, { goto });
  }
}

/** Refuses an instruction that there is not. */
export function noInstruction(
  { mnemonic, span }: AssemblyInstruction,
  dialect: string,
  known: Iterable<string>,
): never {
  const near = nearMatch(mnemonic, known);
  return refuse(
    `\`${mnemonic}\` is not ${dialect} instruction that is supported${near ? `; did you mean ${near}?` : ''}`,
    span,
  );
}

/** Words for the kinds of operand, as messages name them. */
const operandKinds: Readonly<Record<Operand['kind'], string>> = {
  register: 'a register',
  immediate: 'a number',
  symbol: 'a name',
  memory: 'a place in memory',
};

/** The operands of an instruction, taken by position and kind. */
export class Operands {
  constructor(
    readonly instruction: AssemblyInstruction,
    /** How operands of the dialect look, for messages. */
    private readonly print: (operand: Operand) => string,
  ) {}

  /** Checks the number of operands. */
  count(...counts: number[]): number {
    const { operands, mnemonic, span } = this.instruction;
    if (!counts.includes(operands.length)) {
      const wanted = counts.join(' or ');
      raise(
        `${mnemonic} takes ${wanted === '0' ? 'no' : wanted} ${wanted === '1' ? 'operand' : 'operands'}, found ${operands.length}`,
        span,
      );
    }
    return operands.length;
  }

  /** The operand, if it is of one of the kinds. */
  at<Kind extends Operand['kind']>(index: number, ...allowed: Kind[]): Operand & { kind: Kind } {
    const operand = this.instruction.operands[index];
    if ((allowed as string[]).includes(operand.kind)) return operand as Operand & { kind: Kind };
    const words = allowed.map((kind) => operandKinds[kind]);
    const last = words.pop();
    const wanted = words.length === 0 ? last : `${words.join(', ')} or ${last}`;
    return raise(
      `${this.instruction.mnemonic} expects ${wanted} here, found \`${this.print(operand)}\``,
      operand.span,
    );
  }

  /** The label that a branch names. */
  label(index: number): string {
    const operand = this.instruction.operands[index];
    if (operand.kind === 'symbol') return operand.name;
    return raise(
      `${this.instruction.mnemonic} expects a label, found \`${this.print(operand)}\``,
      operand.span,
    );
  }
}

/** The address that a memory operand stands for. */
export function addressIn(
  { base, displacement }: Operand & { kind: 'memory' },
  register: (name: string) => Expression,
): Expression {
  if (base.kind === 'symbol') return addressOf(base.name, Number(displacement));
  const value = register(base.name);
  return displacement === 0n ? value : binary('+', value, constant(displacement));
}

/** Variables that the instructions name, each with the place of its first mention. */
export function symbolsOf(
  { threads }: AssemblyBody,
  isBranch: (mnemonic: string) => boolean,
): Map<string, Span> {
  const found = new Map<string, Span>();
  for (const line of threads.flat()) {
    if (line.kind === 'label' || isBranch(line.mnemonic)) continue;
    for (const operand of line.operands) {
      const name =
        operand.kind === 'symbol'
          ? operand.name
          : operand.kind === 'memory' && operand.base.kind === 'symbol'
            ? operand.base.name
            : undefined;
      if (name !== undefined && !found.has(name)) found.set(name, operand.span);
    }
  }
  return found;
}

/** A choice between two values; it depends on both. */
export const select = (condition: Expression, chosen: Expression, otherwise: Expression): Expression => ({
  kind: 'select',
  condition,
  // biome-ignore lint/suspicious/noThenProperty: a field of Expression; nobody awaits one
  then: chosen,
  otherwise,
});
