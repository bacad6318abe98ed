import { checkOnMachine } from '../src/check/index.js';
import type { Architecture } from '../src/kernel/index.js';
import { table } from '../src/report/index.js';
import { families } from '../test/operational/families.js';

const sizes: Readonly<Record<keyof typeof families, number>> = {
  inc: 6,
  binc: 6,
  casw: 6,
  nwriters: 8,
  coa: 6,
  sb: 8,
  szymanski: 4,
  peterson: 4,
};
/** On the machines of Alpha the loops of the mutual exclusions have too many states. */
const alphaSizes: typeof sizes = { ...sizes, inc: 5, binc: 5, coa: 4, szymanski: 1, peterson: 1 };

function rowOf(family: keyof typeof families, n: number, architecture: Architecture): string[] {
  const test = families[family](n);
  const start = performance.now();
  const { states, machine } = checkOnMachine(test, architecture, {
    question: 'states',
    target: { architecture, era: '2.6' },
  });
  const seconds = (performance.now() - start) / 1000;
  return [
    `${family}(${n})`,
    architecture,
    `${states.length}`,
    `${machine?.states}`,
    `${machine?.transitions}`,
    seconds.toFixed(3),
  ];
}

/** All final states of the families of programs, by machine. The numbers of states are pinned in test/operational/families.test.ts. */
export function machineTable(): string[] {
  const rows = (['sc', 'i386', 'alpha-linux'] as const).flatMap((architecture) =>
    Object.keys(families).map((name) => {
      const family = name as keyof typeof families;
      const n = (architecture === 'alpha-linux' ? alphaSizes : sizes)[family];
      return rowOf(family, n, architecture);
    }),
  );
  return table([['machines', 'machine', 'final states', 'states', 'transitions', 'seconds'], ...rows]);
}
