/**
 * Sets and relations as tables of booleans, and their operations as their definitions say: slow, and sharing
 * nothing with src/relation.
 */
export type NaiveSet = readonly boolean[];
export type NaiveRelation = readonly NaiveSet[];

export function setOf(n: number, has: (i: number) => boolean): NaiveSet {
  return Array.from({ length: n }, (_, i) => has(i));
}

export function relationOf(n: number, has: (i: number, j: number) => boolean): NaiveRelation {
  return Array.from({ length: n }, (_, i) => setOf(n, (j) => has(i, j)));
}

export function membersOf(a: NaiveSet): number[] {
  return [...a.keys()].filter((i) => a[i]);
}

export function pairsOf(a: NaiveRelation): [number, number][] {
  return a.flatMap((row, i) => membersOf(row).map((j): [number, number] => [i, j]));
}

export function isSubset(a: NaiveRelation, b: NaiveRelation): boolean {
  return pairsOf(a).every(([i, j]) => b[i][j]);
}

export function unionOf(a: NaiveRelation, b: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => a[i][j] || b[i][j]);
}

export function intersectionOf(a: NaiveRelation, b: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => a[i][j] && b[i][j]);
}

export function differenceOf(a: NaiveRelation, b: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => a[i][j] && !b[i][j]);
}

export function complementOf(a: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => !a[i][j]);
}

export function inverseOf(a: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => a[j][i]);
}

export function reflexiveOf(a: NaiveRelation): NaiveRelation {
  return relationOf(a.length, (i, j) => i === j || a[i][j]);
}

export function composeOf(a: NaiveRelation, b: NaiveRelation): NaiveRelation {
  const successors = a.map(membersOf);
  return relationOf(a.length, (i, j) => successors[i].some((between) => b[between][j]));
}

export function domainOf(a: NaiveRelation): NaiveSet {
  return setOf(a.length, (i) => a[i].includes(true));
}

export function rangeOf(a: NaiveRelation): NaiveSet {
  return setOf(a.length, (j) => a.some((row) => row[j]));
}

/** (i, j) when a walk of one step or more leads from i to j. */
export function closureOf(a: NaiveRelation): NaiveRelation {
  const successors = a.map(membersOf);
  return a.map((_, start) => {
    const reached = new Set<number>();
    const walk = (i: number) => {
      for (const j of successors[i]) {
        if (reached.has(j)) continue;
        reached.add(j);
        walk(j);
      }
    };
    walk(start);
    return setOf(a.length, (j) => reached.has(j));
  });
}

/** Depth-first search for an edge to an event that is still on the path. */
export function hasCycle(a: NaiveRelation): boolean {
  const state = new Map<number, 'open' | 'done'>();
  const visit = (i: number): boolean => {
    state.set(i, 'open');
    const closes = membersOf(a[i]).some((j) => state.get(j) === 'open' || (!state.has(j) && visit(j)));
    state.set(i, 'done');
    return closes;
  };
  return a.some((_, i) => !state.has(i) && visit(i));
}

/** Floyd and Warshall's distances; Infinity when there is no cycle. */
export function shortestCycleLength(a: NaiveRelation): number {
  const distance = a.map((row) => row.map((edge) => (edge ? 1 : Number.POSITIVE_INFINITY)));
  for (const k of a.keys()) {
    for (const i of a.keys()) {
      for (const j of a.keys()) {
        distance[i][j] = Math.min(distance[i][j], distance[i][k] + distance[k][j]);
      }
    }
  }
  return Math.min(...distance.map((row, i) => row[i]));
}

/** The words a set takes in an arena, by arithmetic on powers of two. */
export function wordsOfSet(a: NaiveSet): number[] {
  const words: number[] = [];
  for (let from = 0; from < Math.max(a.length, 1); from += 32) {
    let sum = 0;
    for (let bit = 0; bit < 32; bit++) if (a[from + bit]) sum += 2 ** bit;
    words.push(sum >= 2 ** 31 ? sum - 2 ** 32 : sum);
  }
  return words;
}

export function wordsOfRelation(a: NaiveRelation): number[] {
  return a.flatMap(wordsOfSet);
}
