import { raise, type Span, type Warning } from '../../diagnostics.js';
import { nearMatch } from '../../near-match.js';
import {
  type Cell,
  type CellId,
  type Condition,
  cellId,
  endlessAt,
  type Observable,
  type Proposition,
  type RegisterId,
  registerId,
  type Thread,
  type Value,
  type WholeArray,
} from '../../program/index.js';
import { held } from '../reading/constants.js';
import type {
  InitValue,
  LitmusSyntax,
  LoweredBody,
  PlaceSyntax,
  PropositionSyntax,
} from './litmus-syntax.js';
import { printPlace } from './print-frame.js';

type MemoryPlaceSyntax = PlaceSyntax & { kind: 'memory' };
type RegisterPlace = PlaceSyntax & { kind: 'register' };

/** A condition with its names resolved, and the threads with the registers that it added to them. */
export interface Resolved {
  readonly threads: readonly Thread[];
  readonly warnings: readonly Warning[];
  readonly condition: Condition;
  readonly locations: readonly (Observable | WholeArray)[];
  readonly filter?: Proposition;
}

/**
 * Finds what the names of `locations`, filter and condition stand for.
 * @throws SourceError
 */
export function resolveQuestion(syntax: LitmusSyntax, body: LoweredBody): Resolved {
  const resolver = new Resolver(body);
  const locations = syntax.locations.map((place) => resolver.shown(place));
  const filter = syntax.filter && resolver.proposition(syntax.filter);
  const proposition = resolver.proposition(syntax.condition.proposition);
  const threads = resolver.threads();
  return {
    locations,
    ...(filter && { filter }),
    condition: { quantifier: syntax.condition.quantifier, proposition },
    threads,
    warnings: [...body.warnings, ...resolver.warnings, ...threads.flatMap(endless)],
  };
}

/** Only a final state satisfies a condition, and there is none before all threads have ended. */
function endless({ name, code }: Thread): Warning[] {
  const at = endlessAt(code);
  const span = at === undefined ? undefined : code.instructions[at].span;
  return span ? [{ reason: `${name} has no end: no execution has a final state`, span }] : [];
}

class Resolver {
  readonly warnings: Warning[] = [];
  /** Registers that only the question names, for each thread. */
  private readonly addedRegisters: Map<string, RegisterId>[];

  constructor(private readonly body: LoweredBody) {
    this.addedRegisters = body.threads.map(() => new Map());
  }

  threads(): Thread[] {
    return this.body.threads.map((thread, index) => {
      const added = [...this.addedRegisters[index].keys()];
      if (added.length === 0) return thread;
      return { ...thread, code: { ...thread.code, registers: [...thread.code.registers, ...added] } };
    });
  }

  /** What a place stands for: it may be an array as a whole. */
  shown(place: PlaceSyntax): Observable | WholeArray {
    return (place.kind === 'memory' && this.array(place)) || this.observable(place);
  }

  private array(place: MemoryPlaceSyntax): WholeArray | undefined {
    if (this.body.cell(place) !== undefined) return undefined;
    const cells: CellId[] = [];
    for (;;) {
      const cell = this.body.cell({ ...place, path: [...place.path, cells.length] });
      if (cell === undefined) break;
      cells.push(cellId(cell));
    }
    return cells.length === 0 ? undefined : { kind: 'array', name: printPlace(place), cells };
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

  /** A register that the thread never mentions is one more register, which keeps its 0, as in herd7. */
  private register(place: RegisterPlace, thread: Thread): RegisterId {
    const known = this.body.register(place.thread, place.name);
    if (known !== undefined) return known;
    const name = this.body.registerName ? this.body.registerName(place.name) : place.name;
    if (name === undefined) raise(`there is no register \`${place.name}\``, place.span);
    const added = this.addedRegisters[place.thread];
    const id = added.get(name) ?? registerId(thread.code.registers.length + added.size);
    if (!added.has(name)) {
      const reason = `${thread.name} has no register \`${name}\`, which counts as 0${didYouMean(name, thread.code.registers)}`;
      this.warnings.push({ reason, span: place.span });
    }
    added.set(name, id);
    return id;
  }

  private cell(place: MemoryPlaceSyntax): number {
    const known = this.body.cell(place);
    if (known !== undefined) return known;
    const { cells } = this.body;
    const { symbol, span } = place;
    const parts = cells.filter((cell) => cell.symbol === symbol);
    if (parts.length === 0)
      raise(
        `there is no variable \`${symbol}\`${didYouMean(
          symbol,
          cells.map((cell) => cell.symbol),
        )}`,
        span,
      );
    const shown = printPlace(place);
    const near = nearMatch(
      shown,
      parts.map(({ name }) => name),
    );
    if (near && typeof place.path.at(-1) === 'string')
      raise(`there is no \`${shown}\`; did you mean \`${near}\`?`, span);
    return raise(`\`${shown}\` does not hold one value${examples(parts)}`, span);
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
        const equal = this.equality(syntax.left, syntax.right, syntax.span);
        return syntax.op === '=' ? equal : { kind: 'not', operand: equal };
      }
    }
  }

  private equality(left: PlaceSyntax, right: InitValue | PlaceSyntax, span: Span): Proposition {
    if (right.kind === 'list') return this.listEquality(left, right.values, span);
    return { kind: 'equals', left: this.observable(left), right: this.right(left, right) };
  }

  /** An array is equal to a list when each element is, and to none of another length. */
  private listEquality(left: PlaceSyntax, values: readonly InitValue[], span: Span): Proposition {
    if (left.kind === 'register') return raise('a register holds one value, not a list', left.span);
    const array = this.array(left);
    if (!array) return raise(`\`${printPlace(left)}\` holds one value, not a list`, left.span);
    const equal = values.slice(0, array.cells.length).map((value, index) => {
      if (value.kind === 'list') return raise('a list within a list stands for no value', value.span);
      const element: PlaceSyntax = { ...left, path: [...left.path, index] };
      return { left: this.observable(element), right: this.right(element, value) as Value };
    });
    const fits: Proposition = { kind: 'true' };
    const whole = values.length === array.cells.length ? fits : this.unequal(array, values.length, span);
    const written = { array, values: equal.map(({ right }) => right) };
    const parts = equal.map((part): Proposition => ({ kind: 'equals', ...part }));
    const every = parts.reduceRight((rest, part) => ({ kind: 'and', left: part, right: rest }), whole);
    return { kind: 'and', left: fits, right: every, written };
  }

  /** As herd7: they are not equal, which the writer will not have meant. */
  private unequal({ name, cells }: WholeArray, length: number, span: Span): Proposition {
    const reason = `\`${name}\` has ${cells.length} elements, and is equal to no list of ${length}`;
    this.warnings.push({ reason, span });
    return { kind: 'not', operand: { kind: 'true' } };
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
        return held(right.value, this.body.numbers(left), right.span);
      case 'address':
        return this.address(right.place);
    }
  }

  private address(place: MemoryPlaceSyntax): Value {
    if (place.path.length === 0 && this.body.functions.some(({ name }) => name === place.symbol)) {
      return { symbol: place.symbol, offset: 0 };
    }
    // An array or a struct begins where its first element does.
    const whole = place.path.length === 0 && this.body.cells.some(({ symbol }) => symbol === place.symbol);
    if (whole) return { symbol: place.symbol, offset: 0 };
    const { symbol, offset } = this.body.cells[this.cell(place)];
    return { symbol, offset };
  }
}

function didYouMean(name: string, known: readonly string[]): string {
  // What begins with `%` is a dialect's own: no user can write it.
  const near = nearMatch(
    name,
    known.filter((other) => !other.startsWith('%')),
  );
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

function examples(parts: readonly Cell[]): string {
  const [first, ...more] = parts.map(({ name }) => `\`${name}\``);
  return more.length === 0 ? `: ${first} does` : `: ${first} to ${more.at(-1)} do`;
}
