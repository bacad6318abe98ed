/** What a domain of values has to say while instructions are executed over it. */
import type { Fault } from './errors.js';
import type { Expression } from './expressions.js';
import type { Code, Instruction } from './program.js';
import type { Stop } from './stops.js';
import type { Frame, ThreadState } from './thread-state.js';
import type { Value } from './values.js';

/** Which part of an access a fault comes from. */
export interface FaultSource<V> {
  readonly address?: V;
  readonly data?: V;
}

/** What values are, and what else is kept track of as instructions are executed. */
export interface Domain<V, C, S extends ThreadState<V, C>> {
  constant(value: Value): V;
  /** What an expression over the registers of the innermost frame comes to. */
  evaluate(state: S, expression: Expression): V;
  /** What an expression comes to that is built around a value. */
  mapped(content: V, build: (value: Expression) => Expression): V;
  /** The value; undefined if it is not known. */
  known(content: V): Value | undefined;
  /** What an expression has for a fault, or what there is one or not by. */
  faultIn(state: S, expression: Expression): Fault | { readonly open: V } | undefined;
  /** The thread comes to what it cannot do, for the first time. */
  failed(state: S, fault: Fault, from: FaultSource<V>): void;

  /** What controls code whose address is this. */
  calls(callee: V): C;
  /** What a register holds that is assigned here. */
  assigned?(state: S, content: V): V;
  /** The innermost frame comes to an instruction, or to the end of its code. */
  reaches?(state: S, frame: Frame<V, C>): void;
  /** A branch of the innermost frame goes by a condition. */
  branches?(state: S, frame: Frame<V, C>, condition: V): void;
  /** A function is left; gives its result. */
  returns?(state: S, frame: Frame<V, C>, caller: Frame<V, C>, result: V): V;
  /** The innermost frame has made an access at this address. */
  accesses?(state: S, frame: Frame<V, C>, address: V): void;
  /** Whether something else comes before the next event. */
  pauses?(state: S): boolean;
  /** A jump back: whether the thread is to be followed round again. */
  jumpsBack(state: S, instruction: Instruction): Stop<V> | undefined;
  /** Whether a function may be called once more. */
  mayCall?(state: S, code: Code): boolean;
}
