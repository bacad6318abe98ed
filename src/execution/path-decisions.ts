import type { Cell } from '../program/index.js';
import { type Decisions, type Effects, writeTo } from './decisions.js';
import { type Content, type Control, type Frame, type Path, union } from './path.js';

/** Keeps track, along a path, of what reads decide about beyond what they control; or of nothing, where that does not matter. */
export class PathDecisions {
  constructor(private readonly decisions: Decisions | undefined) {}

  get isKept(): boolean {
    return this.decisions !== undefined;
  }

  /** Ends the control of branches whose ways meet where a frame has come to. What they have chosen is known from there on. */
  meet(path: Path, frame: Frame): void {
    // At a function's end its result is known as well.
    if (path.frames.length > 1 && frame.pc === frame.code.instructions.length) return;
    if (frame.control.every(({ join }) => join !== frame.pc)) return;
    for (const control of frame.control) {
      if (control.join !== frame.pc || !this.decisions) continue;
      const { registers, effects } = this.decisions.ofBranch(frame.code, control.pc);
      for (const register of registers)
        frame.registers[register] = chosenBy(frame.registers[register], control);
      note(path, control, effects);
    }
    frame.control = frame.control.filter(({ join }) => join !== frame.pc);
  }

  /** The result of a function that is left, with what has decided that it is this one. In assembly all that goes on in control. */
  returned(path: Path, frame: Frame, caller: Frame, result: Content): Content {
    if (!this.decisions || frame.code.controlScope === 'rest') return result;
    let returned = result;
    for (const control of frame.control) {
      const decision =
        control.pc < 0
          ? this.decisions.ofCall(caller.code, caller.pc)
          : this.decisions.ofBranch(frame.code, control.pc);
      if (decision.result) returned = chosenBy(returned, control);
      note(path, control, decision.effects);
    }
    return returned;
  }

  /** Where the instruction that a frame is at makes its access has been decided. */
  address(path: Path, frame: Frame, address: Content): void {
    if (!this.decisions || !isDecided(address)) return;
    note(path, address, this.decisions.ofAddress(frame.code, frame.pc));
  }

  /** A condition has kept an atomic instruction from storing. */
  failed(path: Path, condition: Content, cell: Cell): void {
    if (this.decisions) note(path, condition, writeTo(cell));
  }
}

/** Whether it is up to reads what something comes to, or which of several things it is. */
export function isDecided({ reads, choices }: Content): boolean {
  return reads.length > 0 || choices.length > 0;
}

function note(path: Path, { reads, choices }: Pick<Content, 'reads' | 'choices'>, effects: Effects): void {
  if (!effects.accesses && effects.barriers.size === 0) return;
  path.decisions.push({ at: path.events.length, reads: union(reads, choices), effects });
}

function chosenBy(content: Content, { reads, choices }: Control): Content {
  return { ...content, choices: union(content.choices, union(reads, choices)) };
}
