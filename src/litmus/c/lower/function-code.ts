import type { Span } from '../../../diagnostics.js';
import {
  type Code,
  type Expression,
  type Instruction,
  type RegisterId,
  register,
  registerId,
} from '../../../program/index.js';

/** A place in code that branches may go to before it is known where it is. */
export interface Label {
  /** Index of an instruction, once placed. */
  at: number | undefined;
}

type Emitted =
  | Instruction
  | { readonly label: Label; readonly made: Instruction & { kind: 'branch' | 'jump' } };

/** The instructions and registers of one thread or function, as they are made. */
export class CodeBuilder {
  readonly registers: string[] = [];
  private readonly emitted: Emitted[] = [];
  private temporaries = 0;

  register(name: string): RegisterId {
    return registerId(this.registers.push(name) - 1);
  }

  /** A register for a value in passing; no user can write its name. */
  temporary(): RegisterId {
    return this.register(`%${++this.temporaries}`);
  }

  emit(instruction: Instruction): void {
    this.emitted.push(instruction);
  }

  /** Puts a value into a register of its own, unless it is a constant or in one. */
  settled(value: Expression, span: Span): Expression {
    if (value.kind === 'constant' || value.kind === 'register') return value;
    return this.copied(value, span);
  }

  /** Puts a value into a new register: it stays as it is now. */
  copied(value: Expression, span: Span): Expression {
    const target = this.temporary();
    this.emit({ kind: 'assign', target, value, span });
    return register(target);
  }

  /** Goes to the label when the condition is not 0. */
  branch(condition: Expression, label: Label, span: Span): void {
    this.emitted.push({ label, made: { kind: 'branch', condition, goto: 0, span } });
  }

  jump(label: Label, span: Span): void {
    this.emitted.push({ label, made: { kind: 'jump', goto: 0, span } });
  }

  label(): Label {
    return { at: undefined };
  }

  /** The next instruction stands at the label. */
  place(label: Label): void {
    label.at = this.emitted.length;
  }

  finish(name: string, parameters: readonly RegisterId[]): Code {
    const instructions = this.emitted.map((entry) =>
      'label' in entry ? { ...entry.made, goto: entry.label.at! } : entry,
    );
    return { name, parameters, registers: this.registers, instructions, controlScope: 'join' };
  }
}
