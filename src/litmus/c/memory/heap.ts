import type { Span } from '../../../diagnostics.js';
import { type Code, type Expression, isPointer, type Thread } from '../../../program/index.js';
import type { Memory } from './memory.js';
import type { CType } from './types.js';

/**
 * How many objects a thread gets from one place in a loop or in a function; past them it is not followed any
 * further.
 */
const OBJECTS = 4;

/** A place in the text that allocates. */
interface Site {
  readonly type: CType;
  readonly span: Span;
  /** How many objects a thread gets here. */
  readonly count: number;
  /** By thread: the objects' names. Filled at the end, as only then it is known which threads come here. */
  readonly objects: string[][];
}

/** What a program allocates. */
export class Heap {
  private readonly sites: Site[] = [];

  /** A new site: its number, and its objects by thread. `once`: no thread comes to it twice. */
  add(type: CType, span: Span, once: boolean): { site: number; objects: readonly (readonly string[])[] } {
    const objects: string[][] = [];
    this.sites.push({ type, span, count: once ? 1 : OBJECTS, objects });
    return { site: this.sites.length - 1, objects };
  }

  /** Makes the objects, for the threads that may come to a site. */
  makeObjects(threads: readonly Thread[], functions: readonly Code[], memory: Memory): void {
    if (this.sites.length === 0) return;
    for (const { id, name, code } of threads) {
      let made = 0;
      for (const number of sitesIn(code, functions)) {
        const { type, span, count, objects } = this.sites[number];
        for (let thread = objects.length; thread <= id; thread++) objects.push([]);
        for (let each = 0; each < count; each++) {
          const symbol = `${name}.kmalloc${++made}`;
          objects[id].push(symbol);
          memory.allocate(symbol, type, span);
        }
      }
    }
  }
}

/** The sites that code can come to: those in it and in the functions that it may call, in order. */
function sitesIn(code: Code, functions: readonly Code[]): number[] {
  const sites = new Set<number>();
  const seen = new Set<Code>();
  const visit = (each: Code): void => {
    if (seen.has(each)) return;
    seen.add(each);
    for (const instruction of each.instructions) {
      if (instruction.kind === 'allocate') sites.add(instruction.site);
      if (instruction.kind === 'call')
        for (const callee of calledBy(instruction.callee, functions)) visit(callee);
    }
  };
  visit(code);
  return [...sites].sort((a, b) => a - b);
}

/** The functions that a call may be of: the one that it names, or any. */
function calledBy(callee: Expression, functions: readonly Code[]): readonly Code[] {
  const target = callee.kind === 'constant' ? callee.value : undefined;
  if (target === undefined || !isPointer(target)) return functions;
  return functions.filter(({ name }) => name === target.symbol);
}
