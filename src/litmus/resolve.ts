import { raise } from '../diagnostics.js';
import {
  type Cell,
  type Condition,
  cellId,
  int32,
  int64,
  type Observable,
  type Proposition,
  type RegisterId,
  registerId,
  type ScalarType,
  type Thread,
  type Value,
  wrap,
} from '../program/index.js';
import { printPlace } from './print.js';
import type { InitValue, LitmusSyntax, LoweredBody, PlaceSyntax, PropositionSyntax } from './syntax.js';

type MemoryPlace = PlaceSyntax & { kind: 'memory' };
type RegisterPlace = PlaceSyntax & { kind: 'register' };

/** A condition with its names resolved, and the program's parts with what the condition added to them. */
export interface Resolved {
  readonly threads: readonly Thread[];
  readonly cells: readonly Cell[];
  readonly condition: Condition;
  readonly locations: readonly Observable[];
  readonly filter?: Proposition;
}

/**
 * Finds what the names of `locations`, filter and condition stand for.
 * @throws SourceError
 */
export function resolveQuestion(syntax: LitmusSyntax, body: LoweredBody): Resolved {
  const resolver = new Resolver(syntax, body);
  const locations = syntax.locations.flatMap((place) => resolver.observables(place));
  const filter = syntax.filter && resolver.proposition(syntax.filter);
  const proposition = resolver.proposition(syntax.condition.proposition);
  return {
    locations,
    ...(filter && { filter }),
    condition: { quantifier: syntax.condition.quantifier, proposition },
    cells: resolver.cells,
    threads: resolver.threads(),
  };
}

class Resolver {
  readonly cells: Cell[];
  /** Variables that only the question names, by symbol. */
  private readonly addedCells = new Map<string, number>();
  /** Registers that only the question names, for each thread. */
  private readonly addedRegisters: Map<string, RegisterId>[];
  private readonly registerType: ScalarType;

  constructor(
    syntax: LitmusSyntax,
    private readonly body: LoweredBody,
  ) {
    this.cells = [...body.cells];
    this.addedRegisters = body.threads.map(() => new Map());
    this.registerType = syntax.dialect === 'X86' ? int32 : int64;
  }

  threads(): Thread[] {
    return this.body.threads.map((thread, index) => {
      const added = [...this.addedRegisters[index].keys()];
      if (added.length === 0) return thread;
      return { ...thread, code: { ...thread.code, registers: [...thread.code.registers, ...added] } };
    });
  }

  /** What a place stands for: for an array as a whole, its elements. */
  observables(place: PlaceSyntax): Observable[] {
    if (place.kind === 'memory' && this.body.cell(place) === undefined) {
      const elements = this.elements(place);
      if (elements.length > 0) return elements.map((cell) => ({ kind: 'cell', cell: cellId(cell) }));
    }
    return [this.observable(place)];
  }

  private elements(place: MemoryPlace): number[] {
    const elements: number[] = [];
    for (let index = 0; ; index++) {
      const cell = this.body.cell({ ...place, path: [...place.path, index] });
      if (cell === undefined) return elements;
      elements.push(cell);
    }
  }

  private observable(place: PlaceSyntax): Observable {
    if (place.kind === 'memory') return { kind: 'cell', cell: cellId(this.cell(place)) };
    const thread = this.body.threads[place.thread];
    if (!thread) {
      const count = this.body.threads.length;
      raise(
        `there is no thread ${place.thread}: the test has ${count === 1 ? 'P0' : `P0 to P${count - 1}`}`,
        place.span,
      );
    }
    return { kind: 'register', thread: thread.id, register: this.register(place, thread) };
  }

  /** A register that the thread never mentions is one more register, which keeps its 0. */
  private register(place: RegisterPlace, thread: Thread): RegisterId {
    const known = this.body.register(place.thread, place.name);
    if (known !== undefined) return known;
    const name = this.body.registerName ? this.body.registerName(place.name) : place.name;
    if (name === undefined) raise(`there is no register \`${place.name}\``, place.span);
    const added = this.addedRegisters[place.thread];
    const id = added.get(name) ?? registerId(thread.code.registers.length + added.size);
    added.set(name, id);
    return id;
  }

  private cell(place: MemoryPlace): number {
    const known =
      this.body.cell(place) ?? (place.path.length === 0 ? this.addedCells.get(place.symbol) : undefined);
    if (known !== undefined) return known;
    const type = this.body.undeclared;
    if (!type || place.path.length > 0) {
      raise(`there is no variable \`${printPlace(place)}\` that holds one value`, place.span);
    }
    this.addedCells.set(place.symbol, this.cells.length);
    return this.cells.push({ symbol: place.symbol, offset: 0, name: place.symbol, type, initial: 0n }) - 1;
  }

  proposition(syntax: PropositionSyntax): Proposition {
    switch (syntax.kind) {
      case 'true':
        return { kind: 'true' };
      case 'false':
        return { kind: 'not', operand: { kind: 'true' } };
      case 'not':
        return { kind: 'not', operand: this.proposition(syntax.operand) };
      case 'and':
      case 'or':
      case 'implies':
        return {
          kind: syntax.kind,
          left: this.proposition(syntax.left),
          right: this.proposition(syntax.right),
        };
      case 'compare': {
        const equal = this.equality(syntax.left, syntax.right);
        return syntax.op === '=' ? equal : { kind: 'not', operand: equal };
      }
    }
  }

  private equality(left: PlaceSyntax, right: InitValue | PlaceSyntax): Proposition {
    if (right.kind === 'list') return this.listEquality(left, right.values);
    return { kind: 'equals', left: this.observable(left), right: this.right(left, right) };
  }

  /** An array is equal to a list when each element is. */
  private listEquality(left: PlaceSyntax, values: readonly InitValue[]): Proposition {
    if (left.kind === 'register') return raise('a register holds one value, not a list', left.span);
    const parts = values.map((value, index) =>
      this.equality({ ...left, path: [...left.path, index] }, value),
    );
    return parts.reduce((all, part) => ({ kind: 'and', left: all, right: part }), {
      kind: 'true',
    } as Proposition);
  }

  private right(
    left: PlaceSyntax,
    right: Exclude<InitValue, { kind: 'list' }> | PlaceSyntax,
  ): Value | Observable {
    switch (right.kind) {
      case 'register':
      case 'memory':
        return this.observable(right);
      case 'integer':
        return wrap(
          right.value,
          left.kind === 'memory' ? this.cells[this.cell(left)].type : this.registerType,
        );
      case 'address':
        return this.address(right.place);
    }
  }

  private address(place: MemoryPlace): Value {
    if (place.path.length === 0 && this.body.functions.some(({ name }) => name === place.symbol)) {
      return { symbol: place.symbol, offset: 0 };
    }
    // An array or a struct begins where its first element does.
    const whole = place.path.length === 0 && this.cells.some(({ symbol }) => symbol === place.symbol);
    if (whole) return { symbol: place.symbol, offset: 0 };
    const { symbol, offset } = this.cells[this.cell(place)];
    return { symbol, offset };
  }
}
