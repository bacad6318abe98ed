/** How far a call may go. What is absent limits nothing. */
export interface Limits {
  /** Milliseconds. */
  readonly timeout?: number;
  /** Asked every so often; true ends the call. */
  readonly cancelled?: () => boolean;
  /** Bytes that may be taken: what is asked for at once, and what `memoryUsed` tells besides. */
  readonly maxBytes?: number;
  /**
   * Bytes taken now, as the host tells, of which so many `more` are wanted: in Node.js, `() =>
   * process.memoryUsage().heapUsed`, for one.
   */
  readonly memoryUsed?: (more: number) => number;
  /**
   * How often a search may look at its limits, such as every 256 decisions: a measure that is the same on
   * every computer.
   */
  readonly effort?: number;
}

/**
 * What ended a call before it was through. `effort`: it has done the work that it was to do. `stack`: it was
 * too deep for the stack.
 */
export type LimitKind = 'timeout' | 'memory' | 'effort' | 'stack';

/** A call has come to one of its limits. Everything that it was at stays fit for use. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly code = 'limit';

  constructor(readonly kind: LimitKind) {
    super(messages[kind]);
  }
}

const messages: Readonly<Record<LimitKind, string>> = {
  timeout: 'the time is up',
  memory: 'it takes more memory than it may',
  effort: 'it has done as much work as it was to do',
  stack: 'it is nested more deeply than the stack can hold',
};

/** Work between two looks at the limits, in units of `tick`: a millisecond or two. */
const INTERVAL = 1000;
/** Milliseconds between two questions about the memory in use: the answer takes the host a while. */
const MEMORY_INTERVAL = 20;

/** A call under way. */
interface Call extends Limits {
  readonly end: number;
  /** The call that it is part of. */
  readonly outer: Call | undefined;
  looked: number;
  nextMemory: number;
}

// What runs, runs on one thread, from the call to its end: who does the work need not be handed the limits,
// floor by floor.
let current: Call | undefined;
let credit = INTERVAL;

/**
 * Runs something within limits, and within those of the call that it is part of.
 * @throws LimitReached
 */
export function within<Result>(limits: Limits, run: () => Result): Result {
  const outer = current;
  const end = performance.now() + (limits.timeout ?? Number.POSITIVE_INFINITY);
  current = { ...limits, end, outer, looked: 0, nextMemory: 0 };
  try {
    return run();
  } catch (error) {
    if (isStackOverflow(error)) throw new LimitReached('stack');
    throw error;
  } finally {
    current = outer;
  }
}

/** As V8, JavaScriptCore and SpiderMonkey have it. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack|too much recursion/.test(error.message);
}

/**
 * Work was done, some microseconds a unit. Called in whatever can take long.
 * @throws LimitReached
 */
export function tick(units = 1): void {
  credit -= units;
  if (credit > 0) return;
  credit = INTERVAL;
  for (let call = current; call; call = call.outer) checkTime(call);
}

/**
 * As `tick`, for work of which so much is done that it is worth a look each time.
 * @throws LimitReached
 */
export function look(): void {
  for (let call = current; call; call = call.outer) {
    if (++call.looked > (call.effort ?? Number.POSITIVE_INFINITY)) throw new LimitReached('effort');
    checkTime(call);
  }
}

function checkTime(call: Call): void {
  const now = performance.now();
  if (now > call.end || call.cancelled?.()) throw new LimitReached('timeout');
  if (call.maxBytes === undefined || !call.memoryUsed || now < call.nextMemory) return;
  call.nextMemory = now + MEMORY_INTERVAL;
  if (call.memoryUsed(0) > call.maxBytes) throw new LimitReached('memory');
}

/** What is worth a question of how much there is besides. */
const LARGE = 2 ** 20;

/**
 * So many bytes are going to be taken at once.
 * @throws LimitReached
 */
export function reserve(bytes: number): void {
  if (bytes < LARGE) return;
  for (let call = current; call; call = call.outer) {
    const { maxBytes, memoryUsed } = call;
    if (maxBytes !== undefined && bytes + (memoryUsed?.(bytes) ?? 0) > maxBytes)
      throw new LimitReached('memory');
  }
}

/**
 * Words, all 0.
 * @throws LimitReached when there is no room for so many
 */
export function newWords(length: number): Int32Array {
  reserve(4 * length);
  try {
    return new Int32Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LimitReached('memory');
  }
}
