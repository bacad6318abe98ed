import { raise, refuse, type Span, type Warning } from '../../../diagnostics.js';
import { nearMatch } from '../../../near-match.js';
import { type Expression, type RegisterId, register } from '../../../program/index.js';
import type { NumberType } from '../../reading/constants.js';
import type { Operand } from '../memory/conversions.js';
import type { Heap } from '../memory/heap.js';
import type { Memory } from '../memory/memory.js';
import { type CType, intType, numbersOf, type Types } from '../memory/types.js';
import type { ExpressionSyntax } from '../syntax/c-syntax.js';
import { intrinsicNames } from '../syntax/macro-intrinsics.js';
import type { Macros } from '../syntax/macros.js';
import { primitiveSpellings } from '../syntax/primitives.js';
import { insteadOf } from '../syntax/unsupported.js';
import { CodeBuilder, type Label } from './function-code.js';

/** What all functions and threads of a program see. */
export interface Globals {
  readonly types: Types;
  readonly memory: Memory;
  /** The type of every function that is declared; `defined` has those with a body. */
  readonly functions: ReadonlyMap<string, CType & { kind: 'function' }>;
  readonly defined: ReadonlySet<string>;
  /** Whether functions take the number of the CPU that they run on as a first, hidden argument. */
  readonly passCpu: boolean;
  /** What primitives are made of; without them, the tables of the kernel's primitives say what there is. */
  readonly macros: Macros | undefined;
  readonly heap: Heap;
  /** What the writer of the program should know of it. */
  readonly warnings: Warning[];
}

/** A local variable. */
export interface Local {
  readonly register: RegisterId;
  /** Not yet known for a name that is assigned without a declaration. */
  type: CType | undefined;
  /** Of the thread or the function. */
  readonly isParameter?: true;
}

/** A loop's labels. */
export interface Loop {
  readonly continueAt: Label;
  readonly breakAt: Label;
}

/** A thread or function that is being lowered. */
export class Context {
  readonly code = new CodeBuilder();
  readonly loops: Loop[] = [];
  /** Whether this is a thread's own code, which runs once. */
  isThread = false;
  /** What `smp_processor_id()` gives. */
  cpu: Expression | undefined;
  /** The type that `return` converts to. */
  result: CType | undefined;
  /** The names of each scope, the innermost last. */
  private readonly scopes: Map<string, Local>[] = [new Map()];
  private readonly byName = new Map<string, RegisterId>();
  /** The variables that share a register, by its name: the types may differ. */
  private readonly sharing = new Map<RegisterId, Local[]>();

  constructor(
    readonly globals: Globals,
    /** Names that are assigned though nothing declares them: registers of the thread, as herd7 has it. */
    private readonly undeclared: ReadonlySet<string>,
    /**
     * Lowers an expression to a value; may leave it in `into`, and then says so. Set by the expressions'
     * part.
     */
    readonly value: (context: Context, expression: ExpressionSyntax, into?: RegisterId) => Operand,
  ) {}

  /** Runs `part` in a scope of its own. */
  scoped(part: () => void): void {
    this.scopes.push(new Map());
    part();
    this.scopes.pop();
  }

  /**
   * Declares a local variable. One name has one register as long as the variables of that name are never in
   * scope together, so that a condition can name what either branch of an `if` declares.
   */
  declare(name: string, type: CType | undefined, span: Span, kind: Pick<Local, 'isParameter'> = {}): Local {
    const scope = this.scopes.at(-1)!;
    if (scope.has(name)) raise(`\`${name}\` is declared twice`, span);
    const shadowing = this.local(name) !== undefined;
    const made = shadowing
      ? this.code.register(`${name}%${this.code.registers.length}`)
      : this.registerFor(name);
    const local = { register: made, type, ...kind };
    scope.set(name, local);
    this.share(local);
    return local;
  }

  /** The local variable that a name stands for here, if there is one. */
  local(name: string): Local | undefined {
    for (let index = this.scopes.length - 1; index >= 0; index--) {
      const found = this.scopes[index].get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** The register of a name that is assigned somewhere but never declared. */
  undeclaredLocal(name: string): Local | undefined {
    if (!this.undeclared.has(name)) return undefined;
    const local: Local = { register: this.registerFor(name), type: undefined };
    this.scopes[0].set(name, local);
    this.share(local);
    return local;
  }

  private share(local: Local): void {
    this.sharing.set(local.register, [...(this.sharing.get(local.register) ?? []), local]);
  }

  /** What the register can hold that a condition means by a name. */
  numbersOf(name: string): NumberType[] {
    const register = this.byName.get(name);
    const locals = register === undefined ? [] : (this.sharing.get(register) ?? []);
    return locals.flatMap(({ type }) => numbersOf(type ?? intType));
  }

  /** The register of a name that the init section gives a value. */
  registerFor(name: string): RegisterId {
    const made = this.byName.get(name) ?? this.code.register(name);
    this.byName.set(name, made);
    return made;
  }

  /** The register that a condition means by a name. */
  registerOf(name: string): RegisterId | undefined {
    return this.byName.get(name);
  }

  read({ register: id, type }: Local): Operand {
    return { value: register(id), type: type ?? intType };
  }

  unknownName(name: string, what: string, span: Span): never {
    const callable = [
      ...this.globals.functions.keys(),
      ...(this.globals.macros ?? { names: primitiveSpellings }).names(),
      ...intrinsicNames(),
    ];
    if (callable.includes(name)) raise(`expected \`(\` after \`${name}\`, which is called`, span);
    const write = insteadOf(name);
    if (write) refuse(`\`${name}\` is not supported: ${write}`, span);
    const known = [...this.byName.keys(), ...this.globals.memory.names(), ...callable];
    const near = nearMatch(name, known);
    const hint = near ? `; did you mean \`${near}\`?` : '';
    return raise(`there is no ${what} \`${name}\`${hint}`, span);
  }
}
