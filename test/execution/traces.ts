import { type CpuTrace, unfoldProgram } from '../../src/execution/index.js';
import { type Expression, type Program, valueKey } from '../../src/program/index.js';

type Trace = CpuTrace['parts'][number];

/** All that the CPUs of a program can do. */
export function cpusOf(program: Program, unroll = 2): readonly (readonly CpuTrace[])[] {
  return unfoldProgram(program, { unroll }).cpus;
}

/** Every way through a thread without handlers, one text each, sorted: see {@link traceText}. */
export function waysOf(program: Program, cpu = 0, unroll = 2): string[] {
  return cpusOf(program, unroll)
    [cpu].map(({ parts }) => traceText(program, parts[0]))
    .sort();
}

/**
 * The events of a trace, as `Rx`, `Wx=1`, `F` and the names of faults, each followed by the reads that it depends on: `Wx=1 addr:0 ctrl:0,2`
 * names reads by their place in the trace, from 0. `Wx=?` stands for a value that depends on reads.
 */
export function traceText(program: Program, trace: Trace): string {
  const events = trace.events.map(({ kind, cell, value, addr, data, ctrl, fault }) => {
    const name = cell === undefined ? '' : (program.cells[cell]?.name ?? `cell${cell}`);
    const head = { read: `R${name}`, write: `W${name}=${valueText(value)}`, fence: fault?.name ?? 'F' }[kind];
    const dependencies = Object.entries({ addr, data, ctrl }).filter(([, reads]) => reads.length > 0);
    return [head, ...dependencies.map(([label, reads]) => `${label}:${reads.join(',')}`)].join(' ');
  });
  return events.join('; ');
}

function valueText(value: Expression | undefined): string {
  return value?.kind === 'constant' ? valueKey(value.value) : '?';
}

/** The place of a CPU's events in issue order: `0.1` for event 1 of its own code, `1.0` of its first handler, `in`, `out`. */
export function orderText({ order }: CpuTrace): string {
  return order
    .map(({ part, index }) => (index === -1 ? 'in' : index === -2 ? 'out' : `${part}.${index}`))
    .join(' ');
}
