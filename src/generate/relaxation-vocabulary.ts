import { nearMatch } from '../near-match.js';
import type { Annotation, Dependency, Update, Words } from './access-words.js';
import type { Bare, Direction, RelaxationEdge } from './edge.js';

/** A relaxation list that says something that is not there, or a cycle that is none. */
export class CycleError extends Error {
  override readonly name = 'CycleError';
  readonly code = 'bad-cycle';
}

/** Places of edges in diy7's order, by kind. */
const RANK = {
  annotation: 0,
  hat: 2,
  communication: 10,
  order: 11,
  fence: 12,
  dependency: 13,
  insertion: 16,
  update: 18,
};
const COMMUNICATIONS = ['Rf', 'Fr', 'Co'] as const;

/** A word may stand for several: `Po`, `Pod**`, `Rf`. A sequence of edges is one relaxation all the same. */
export type Relaxation = readonly RelaxationEdge[];

/** The relaxations of a dialect, and how they are written. */
export class Vocabulary {
  private readonly words: Words;
  /** What each word stands for, without annotations. */
  private readonly table = new Map<string, readonly Bare[]>();
  private readonly edges = new Map<string, RelaxationEdge>();
  private readonly annotationsByName: ReadonlyMap<string, Annotation>;
  private readonly updatesByName: ReadonlyMap<string, Update>;
  private readonly dependenciesByName: ReadonlyMap<string, Dependency>;

  constructor(words: Words) {
    this.words = words;
    this.annotationsByName = byName(words.annotations);
    this.updatesByName = byName(words.updates);
    this.dependenciesByName = byName(words.dependencies);
    this.declareCommunications();
    this.declareOrders();
    this.declareDependencies();
    this.declareUpdates();
  }

  get dialect(): Words {
    return this.words;
  }

  annotation(name: string): Annotation {
    return this.annotationsByName.get(name)!;
  }

  update(name: string): Update {
    return this.updatesByName.get(name)!;
  }

  dependency(name: string): Dependency {
    return this.dependenciesByName.get(name)!;
  }

  /** The edge, of which there is one. */
  edge(bare: Bare, before?: string, after?: string): RelaxationEdge {
    const name = nameOf(bare, before, after, this.words.plain);
    const known = this.edges.get(name);
    if (known) return known;
    const rank = [...bare.rank, this.rankOf(before), this.rankOf(after)];
    const id = this.edges.size;
    const edge = { bare, name, rank, id, ...(before && { before }), ...(after && { after }) };
    this.edges.set(name, edge);
    return edge;
  }

  private rankOf(annotation: string | undefined): number {
    return annotation === undefined ? -1 : this.annotation(annotation).rank;
  }

  /** The one edge that a bare word stands for, such as `Rfe`. */
  named(word: string): RelaxationEdge {
    return this.edge(this.table.get(word)![0]);
  }

  /** All that a word may stand for. */
  get vocabulary(): readonly string[] {
    return [...this.table.keys(), this.words.plain, ...this.annotationsByName.keys(), ...macros.keys()];
  }

  /**
   * The relaxations that a word of a relaxation list stands for.
   * @throws CycleError when it stands for none
   */
  relaxations(word: string): Relaxation[] {
    return this.macro(word) ?? this.edgesOf(word).map((edge) => [edge]);
  }

  /** A word that stands for single edges: the longest known one, and the two annotations that may follow. */
  private edgesOf(word: string): RelaxationEdge[] {
    for (let length = word.length; length > 0; length--) {
      const bares = this.table.get(word.slice(0, length));
      const annotations = bares && this.pairOf(word.slice(length));
      if (annotations) return bares.map((bare) => this.edge(bare, ...annotations));
    }
    if (word === this.words.plain) return [this.edge(ANNOTATION)];
    if (this.annotationsByName.has(word)) return [this.edge(ANNOTATION, word, word)];
    throw this.unknown(word);
  }

  /** What is behind an edge's word: nothing, or what its two accesses are. */
  private pairOf(text: string): [string?, string?] | undefined {
    if (text === '') return [];
    for (let length = text.length - 1; length > 0; length--) {
      const [first, second] = [text.slice(0, length), text.slice(length)];
      if (this.isAnnotation(first) && this.isAnnotation(second))
        return [this.meant(first), this.meant(second)];
    }
    return undefined;
  }

  private isAnnotation(name: string): boolean {
    return name === this.words.plain || this.annotationsByName.has(name);
  }

  private meant(name: string): string | undefined {
    return name === this.words.plain ? undefined : name;
  }

  private unknown(word: string): CycleError {
    const left = word.match(/^(\w+)(Leave|Back)$/)
      ? ': cycles that leave a thread and come back are not generated'
      : '';
    if (left) return new CycleError(`${word}${left}; write the cycle without it`);
    const near = nearMatch(word, this.vocabulary);
    const meant = near ? `did you mean ${near}?` : 'expected one such as Rfe, Fre, Coe, PodWR';
    return new CycleError(
      `there is no relaxation ${word}; ${meant} (fenceline generate --list shows them all)`,
    );
  }

  /** Words that stand for longer lists, as diy7 has them. */
  private macro(word: string): Relaxation[] | undefined {
    const all = macros.get(word);
    if (all) return this.between(all.source, all.target, all.some);
    const cumulative = word.match(/^(ABC|AC|BC)(.*)$/);
    if (!cumulative || this.table.has(word)) return undefined;
    const [, ends, rest] = cumulative;
    const rf = this.named('Rfe');
    const bares = this.table.get(rest);
    if (!bares || bares.some(({ kind }) => kind !== 'fence' && kind !== 'dependency')) return undefined;
    return bares.map((bare) => [
      ...(ends.startsWith('A') ? [rf] : []),
      this.edge(bare),
      ...(ends.endsWith('BC') ? [rf] : []),
    ]);
  }

  /** Program order, dependencies and fences from one direction to another, to another location. */
  private between(source: Direction, target: Direction, some: boolean): Relaxation[] {
    const { usual, dependencies, fences } = this.words;
    const usualOne = usual?.[`Dp${target}`];
    const carried = source === 'W' ? [] : dependencies.filter((one) => leadsTo(one).includes(target));
    const names = some ? carried.filter(({ name }) => name === usualOne) : carried;
    const words = [
      `Pod${source}${target}`,
      ...names.map(({ name }) => `Dp${name}d${target}`),
      ...fences.map(({ name }) => `${name}d${source}${target}`),
    ];
    return words.map((word) => [this.named(word)]);
  }

  /** What diy7 takes for relaxed where it is told nothing; what a word leaves open counts as one. */
  usualRelaxed(): string[] {
    const fences = this.words.fences.flatMap(({ name }) => [`${name}d**`, `${name}s**`]);
    const dependencies = this.words.dependencies.flatMap((one) =>
      leadsTo(one).flatMap((target) => [`Dp${one.name}d${target}`, `Dp${one.name}s${target}`]),
    );
    const cumulative = fences.flatMap((fence) => [`AC${fence}`, `BC${fence}`]);
    return ['Pod**', 'PosRR', ...fences, ...dependencies, 'Rfi', 'Rfe', ...cumulative, 'Hat'];
  }

  private declare(bares: readonly Bare[], ...words: readonly string[]): void {
    for (const word of words) this.table.set(word, bares);
  }

  private declareCommunications(): void {
    for (const [index, what] of COMMUNICATIONS.entries()) {
      const [inner, outer] = [false, true].map((external) => communication(what, index, external));
      const old = what === 'Co' ? ['Ws'] : [];
      for (const word of [what, ...old]) {
        this.declare([inner], `${word}i`);
        this.declare([outer], `${word}e`);
        this.declare([inner, outer], word);
      }
    }
    const hat = {
      kind: 'hat',
      what: 'Hat',
      external: true,
      same: true,
      source: 'R',
      target: 'R',
      word: 'Hat',
    } as const;
    this.declare([{ ...hat, rank: [RANK.hat] }], 'Hat');
  }

  private declareOrders(): void {
    const po = inThread('order', 'Po', [RANK.order]);
    for (const [word, bares] of spelt('Po', po)) this.declare(bares, word);
    this.declare(po, 'Po');
    for (const { name, rank, isSection } of this.words.fences) {
      const fence = inThread('fence', name, [RANK.fence, ...rank]);
      for (const [word, bares] of spelt(name, fence)) {
        this.declare(bares, word);
        if (name === this.words.strongest) this.declare(bares, `Fence${word.slice(name.length)}`);
      }
      if (isSection) continue;
      const between = { kind: 'insertion', what: name, external: false, same: true, word: name } as const;
      this.declare([{ ...between, rank: [RANK.insertion, ...rank] }], name);
    }
  }

  private declareDependencies(): void {
    for (const [index, dependency] of this.words.dependencies.entries()) {
      const all = dependencyEdges(dependency, [RANK.dependency, index]);
      const aliases = Object.entries(this.words.usual ?? {}).filter(([, name]) => name === dependency.name);
      for (const [word, bares] of speltTo(`Dp${dependency.name}`, all)) {
        this.declare(bares, word);
        for (const [alias] of aliases) {
          const end = word.slice(`Dp${dependency.name}`.length);
          if (end.endsWith(alias.slice(-1))) this.declare(bares, `${alias.slice(0, -1)}${end}`);
        }
      }
      this.declare(all, `Dp${dependency.name}`);
    }
  }

  private declareUpdates(): void {
    for (const [index, { name }] of this.words.updates.entries()) {
      const update = {
        kind: 'update',
        what: name,
        external: false,
        same: true,
        source: 'R',
        target: 'W',
      } as const;
      this.declare([{ ...update, word: name, rank: [RANK.update, index] }], name);
    }
    const [first] = this.words.updates;
    if (first) this.declare(this.table.get(first.name)!, 'Rmw');
    const amos = this.words.updates.filter(({ name }) => name.startsWith('Amo.')).map(({ name }) => name);
    if (amos.length === 0) return;
    this.declare(
      amos.flatMap((name) => this.table.get(name)!),
      'Amo',
    );
    const safe = ['Amo.Swp', 'Amo.Cas', 'Amo.LdAdd', 'Amo.StAdd'];
    this.declare(
      safe.flatMap((name) => this.table.get(name)!),
      'Amo.Safe',
    );
  }
}

const ANNOTATION: Bare = {
  kind: 'annotation',
  what: '',
  external: false,
  same: true,
  word: '',
  rank: [RANK.annotation],
};

/** `allRR`, `someWR` ... */
const macros: ReadonlyMap<string, { source: Direction; target: Direction; some: boolean }> = new Map(
  (['R', 'W'] as const).flatMap((source) =>
    (['R', 'W'] as const).flatMap((target) =>
      [true, false].map(
        (some) => [`${some ? 'some' : 'all'}${source}${target}`, { source, target, some }] as const,
      ),
    ),
  ),
);

function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.name, one]));
}

function nameOf(bare: Bare, before: string | undefined, after: string | undefined, plain: string): string {
  if (bare.kind === 'annotation') return before ?? plain;
  return before || after ? `${bare.word}${before ?? plain}${after ?? plain}` : bare.word;
}

function communication(what: 'Rf' | 'Fr' | 'Co', index: number, external: boolean): Bare {
  return {
    kind: 'communication',
    what,
    external,
    same: true,
    source: what === 'Fr' ? 'R' : 'W',
    target: what === 'Rf' ? 'R' : 'W',
    word: `${what}${external ? 'e' : 'i'}`,
    rank: [RANK.communication, index, Number(external)],
  };
}

/** From an access to a later one of the thread: of the same location or another, each of either direction. */
function inThread(kind: 'order' | 'fence', what: string, rank: readonly number[]): Bare[] {
  return [true, false].flatMap((same) =>
    (['W', 'R'] as const).flatMap((source) =>
      (['W', 'R'] as const).map((target) => ({
        kind,
        what,
        external: false,
        same,
        source,
        target,
        word: `${what}${same ? 's' : 'd'}${source}${target}`,
        rank: [...rank, Number(!same), Number(source === 'R'), Number(target === 'R')],
      })),
    ),
  );
}

function leadsTo({ carrier }: Dependency): readonly Direction[] {
  return carrier === 'data' ? ['W'] : ['W', 'R'];
}

function dependencyEdges(dependency: Dependency, rank: readonly number[]): Bare[] {
  return [true, false].flatMap((same) =>
    leadsTo(dependency).map((target) => ({
      kind: 'dependency' as const,
      what: dependency.name,
      external: false,
      same,
      source: 'R' as const,
      target,
      word: `Dp${dependency.name}${same ? 's' : 'd'}${target}`,
      rank: [...rank, Number(!same), Number(target === 'R')],
    })),
  );
}

/** Edges by how they may be written: with `*` for a place or a direction that is left open. */
function spelt(word: string, edges: readonly Bare[]): Map<string, Bare[]> {
  return grouped(edges, (edge) =>
    placesOf(edge).flatMap((place) =>
      [edge.source, '*'].flatMap((source) =>
        [edge.target, '*'].map((target) => `${word}${place}${source}${target}`),
      ),
    ),
  );
}

function speltTo(word: string, edges: readonly Bare[]): Map<string, Bare[]> {
  return grouped(edges, (edge) =>
    placesOf(edge).flatMap((place) => [edge.target, '*'].map((target) => `${word}${place}${target}`)),
  );
}

function placesOf({ same }: Bare): string[] {
  return [same ? 's' : 'd', '*'];
}

function grouped(edges: readonly Bare[], wordsOf: (edge: Bare) => readonly string[]): Map<string, Bare[]> {
  const groups = new Map<string, Bare[]>();
  for (const edge of edges) {
    for (const word of wordsOf(edge)) {
      const group = groups.get(word) ?? [];
      groups.set(word, group);
      group.push(edge);
    }
  }
  return groups;
}
