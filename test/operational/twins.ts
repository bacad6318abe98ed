import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { type Program, type Thread, threadId } from '../../src/program/index.js';

/** Random programs in which a thread has a twin, or two: the same code, with other numbers in it or the same. */
export function twins(): fc.Arbitrary<Program> {
  const deltas = fc.array(fc.constantFrom(0n, 1n, 2n), { minLength: 1, maxLength: 2 });
  return fc
    .tuple(samples({ faults: false }), deltas)
    .map(([{ program }, list]) => list.reduce(withTwin, program));
}

function withTwin(program: Program, delta: bigint): Program {
  const id = threadId(program.threads.length);
  const twin: Thread = { ...shifted(program.threads[0], delta), id, name: `P${id}` };
  return { ...program, threads: [...program.threads, twin] };
}

/** The same with `delta` added to every number of the program. */
function shifted<Part>(part: Part, delta: bigint): Part {
  if (typeof part === 'bigint') return (part + delta) as Part;
  if (Array.isArray(part)) return part.map((item) => shifted(item, delta)) as Part;
  if (typeof part !== 'object' || part === null || part instanceof Map) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, key === 'span' ? value : shifted(value, delta)]),
  ) as Part;
}
