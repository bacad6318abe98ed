import type { Execution } from '../../src/check/index.js';
import { mightPrecede } from '../../src/execution/might.js';
import { kindSets, tagSets } from '../../src/execution/vocabulary.js';
import type { Environment, Value } from '../cat/naive.js';

type Event = Execution['graph']['events'][number];

/** The base sets and relations of an execution, from its events, sources and coherence orders alone. */
export function environmentOf(
  { graph, sources, coherence }: Execution,
  tags: readonly string[],
): Environment {
  const { events } = graph;
  const blocks = graph.cells.map(({ symbol, offset }) => `${symbol} ${offset - (((offset % 16) + 16) % 16)}`);
  const set = (test: (event: Event) => boolean): Value =>
    new Set(events.flatMap((event, index) => (test(event) ? [String(index)] : [])));
  const pairs = (test: (a: Event, b: Event, i: number, j: number) => boolean): Value =>
    new Set(events.flatMap((a, i) => events.flatMap((b, j) => (test(a, b, i, j) ? [`${i},${j}`] : []))));
  const bases: Record<string, Value> = {};
  for (const name of [...Object.keys(kindSets), ...Object.keys(tagSets), ...tags]) {
    bases[name] = set((event) => event.tags.some((tag) => tag.toLowerCase() === name.toLowerCase()));
  }
  const orders = [...coherence.values()].flatMap((order) =>
    order.flatMap((write, at) => order.slice(at + 1).map((later) => `${write},${later}`)),
  );
  Object.assign(bases, {
    R: set(({ kind }) => kind === 'read'),
    W: set(({ kind }) => kind === 'write'),
    M: set(({ kind }) => kind !== 'fence'),
    F: set(({ kind, cell }) => kind === 'fence' && cell < 0),
    IW: set(({ cpu }) => cpu < 0),
    FW: new Set([...coherence.values()].map((order) => String(order[order.length - 1]))),
    RMW: set(({ atomic }) => atomic === 'rmw'),
    X: set(({ atomic }) => atomic !== undefined),
    LL: set(({ atomic, kind }) => atomic === 'locked' && kind === 'read'),
    SC: set(({ atomic, kind }) => atomic === 'locked' && kind === 'write'),
    po: pairs((a, b, i, j) => a.cpu >= 0 && a.cpu === b.cpu && i < j && b.besideRead !== i),
    'same-instance': pairs(
      (a, b, i, j) => i === j || isWriteOf(b, j, i, graph.rmw) || isWriteOf(a, i, j, graph.rmw),
    ),
    int: pairs((a, b) => a.cpu >= 0 && a.cpu === b.cpu),
    ext: pairs((a, b) => a.cpu !== b.cpu),
    loc: pairs((a, b) => a.cell >= 0 && a.cell === b.cell),
    'same-block': pairs((a, b) => a.cell >= 0 && b.cell >= 0 && blocks[a.cell] === blocks[b.cell]),
    rf: new Set(sources.flatMap((source, read) => (source === undefined ? [] : [`${source},${read}`]))),
    co: new Set(orders),
  });
  bases.might = new Set(mightPrecede(graph).map(([from, to]) => `${from},${to}`));
  for (const name of ['addr', 'data', 'ctrl', 'choice', 'rmw'] as const)
    bases[name] = new Set(graph[name].map(([from, to]) => `${from},${to}`));
  return { events: events.length, bases };
}

/** Whether an event is the write of the instruction that makes the read. */
function isWriteOf(event: Event, write: number, read: number, rmw: Execution['graph']['rmw']): boolean {
  if (event.besideRead === read) return true;
  return event.atomic === 'rmw' && rmw.some(([from, to]) => from === read && to === write);
}
