import { cellId, type Proposition, registerId, threadId, type Value } from '../../src/program/index.js';

/** Statements about final states, for tests. */
export function registerIs(thread: number, register: number, value: number | Value): Proposition {
  const left = { kind: 'register', thread: threadId(thread), register: registerId(register) } as const;
  return { kind: 'equals', left, right: typeof value === 'number' ? BigInt(value) : value };
}

export function cellIs(cell: number, value: number): Proposition {
  return { kind: 'equals', left: { kind: 'cell', cell: cellId(cell) }, right: BigInt(value) };
}

export function all(first: Proposition, ...rest: readonly Proposition[]): Proposition {
  return rest.reduce((left, right): Proposition => ({ kind: 'and', left, right }), first);
}

export function not(operand: Proposition): Proposition {
  return { kind: 'not', operand };
}
