import type { Cell, CpuSight, MachineSight } from './protocol.js';

/** A machine's state, and what the last step changed in it. */
export interface ShownCell extends Cell {
  readonly isNew: boolean;
}

export interface ShownEntry {
  readonly text: string;
  /** `gone` entries are of the state before: they have just left. */
  readonly is: 'new' | 'kept' | 'gone';
}

export interface ShownCpu {
  readonly name: string;
  readonly threads: readonly (Omit<CpuSight['threads'][number], 'registers'> & {
    readonly registers: readonly ShownCell[];
  })[];
  readonly parts: readonly { readonly name: string; readonly entries: readonly ShownEntry[] }[];
}

export interface ShownMachine {
  readonly memory: readonly ShownCell[];
  readonly cpus: readonly ShownCpu[];
}

/** Both states are of one machine, so that CPUs, threads and parts stand at the same places. */
export function shownMachine(now: MachineSight, before: MachineSight = now): ShownMachine {
  return {
    memory: changed(now.memory, before.memory),
    cpus: now.cpus.map((cpu, index) => shownCpu(cpu, before.cpus[index] ?? cpu)),
  };
}

function shownCpu({ name, threads, parts }: CpuSight, before: CpuSight): ShownCpu {
  return {
    name,
    threads: threads.map((thread, index) => ({
      ...thread,
      registers: changed(thread.registers, before.threads[index]?.registers ?? []),
    })),
    parts: parts.map((part, index) => ({
      name: part.name,
      entries: entriesOf(part.entries, before.parts[index]?.entries ?? []),
    })),
  };
}

function changed(now: readonly Cell[], before: readonly Cell[]): ShownCell[] {
  const old = new Map(before.map(({ name, value }) => [name, value]));
  return now.map((cell) => ({ ...cell, isNew: old.get(cell.name) !== cell.value }));
}

/**
 * A longest common part of both lists stays; in front of, between and behind it stands what has gone, then
 * what is new.
 */
function entriesOf(now: readonly string[], before: readonly string[]): ShownEntry[] {
  const made: ShownEntry[] = [];
  let [i, j] = [0, 0];
  const common = commonLengths(before, now);
  while (i < before.length || j < now.length) {
    if (i < before.length && j < now.length && before[i] === now[j]) {
      made.push({ text: now[j], is: 'kept' });
      i++;
      j++;
    } else if (i < before.length && (j === now.length || common[i + 1][j] >= common[i][j + 1])) {
      made.push({ text: before[i++], is: 'gone' });
    } else made.push({ text: now[j++], is: 'new' });
  }
  return made;
}

function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] =
        a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

/** A step that loads, with what it finds left out, to be guessed. */
export interface Riddle {
  /** `CPU1 loads x = ? from memory`. */
  readonly text: string;
  readonly answer: string;
  /** Values that it could be thought to find, the answer among them, in order. */
  readonly choices: readonly string[];
}

/** What can be asked about a step before it is made; undefined for one that finds nothing. */
export function riddleOf(step: string, { memory, cpus }: MachineSight): Riddle | undefined {
  const [, head, name, direct, found] =
    /^(.*\bloads? )([^\s:]+)(?: = (\S+?)(?=[,\s]|$)|: .*\bvalue (\S+?)(?=[,\s]|$))/.exec(step) ?? [];
  const answer = direct ?? found;
  if (answer === undefined) return undefined;
  const entries = cpus.flatMap(({ parts }) => parts.flatMap((part) => part.entries));
  const held = entries.flatMap((entry) => valuesIn(entry, name));
  const stored = memory.flatMap((cell) => (cell.name === name ? [cell.value] : []));
  const choices = [...new Set([answer, ...held, ...stored])];
  if (choices.length < 2) choices.push(answer === '0' ? '1' : '0');
  return { text: `${head}${name} = ?`, answer, choices: choices.sort() };
}

function valuesIn(entry: string, name: string): string[] {
  const at = entry.indexOf(`${name} = `);
  const isWhole = at === 0 || (at > 0 && /[^\w.]/.test(entry[at - 1]));
  const value = isWhole ? /^\S+?(?=[,;\s]|$)/.exec(entry.slice(at + name.length + 3))?.[0] : undefined;
  return value === undefined ? [] : [value];
}
