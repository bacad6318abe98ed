import { type Execution, effectOrder, outOfOrder } from '../check/index.js';
import type { Span } from '../diagnostics.js';
import type { EventId, ExecutionGraph, GraphEvent } from '../execution/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { type Code, errorWords, FREED, UNINITIALISED, type Value, valuesEqual } from '../program/index.js';
import { formatValue } from './format.js';

/**
 * An execution as lines of text: its events in the order in which they take effect, with what they read and
 * from where.
 */
export function executionReport(
  execution: Execution,
  test: LitmusTest,
  /** Whether there may be a single order in which they take effect; else they are listed CPU by CPU. */
  inOrder = true,
): string[] {
  const { graph } = execution;
  const order = inOrder ? effectOrder(execution) : undefined;
  const early = order ? outOfOrder(execution, order) : new Set<EventId>();
  const listed = order ?? graph.events.map((_, id) => id as EventId).slice(graph.initial);
  const rows = listed.map((event, index) => [
    `${index + 1}.`,
    threadName(execution, event, test),
    eventText(execution, event, test),
    sourceText(execution, event, test),
    [...(early.has(event) ? ['ahead of its program order'] : []), ...errorsAt(execution, event)].join(', '),
  ]);
  const head = order
    ? 'in the order in which they take effect'
    : 'CPU by CPU (no single order of effects explains them)';
  return [
    `events ${head}${handlersText(listed, execution, test)}:`,
    ...tableText(rows).map((line) => `  ${line}`),
  ];
}

/** Which of the threads of some events are handlers, and on whose CPU they run. */
function handlersText(events: readonly EventId[], { graph }: Execution, { program }: LitmusTest): string {
  const threads = new Set(events.map((event) => graph.events[event].thread));
  const handlers = program.threads.flatMap(({ id, name, interrupt }) =>
    interrupt && threads.has(id) ? [`${name} on the CPU of ${program.threads[interrupt.on].name}`] : [],
  );
  return handlers.length > 0 ? `, handler ${handlers.join(', ')}` : '';
}

/** An event in words. */
export interface EventInWords {
  readonly thread: string;
  /** `stores x = 1` */
  readonly does: string;
  /** Where it stands in the test: `line 12: *x = 1`. */
  readonly at: string;
}

export function eventInWords(execution: Execution, event: EventId, test: LitmusTest): EventInWords {
  return {
    thread: threadName(execution, event, test),
    does: eventText(execution, event, test),
    at: sourceText(execution, event, test),
  };
}

/** Names of the errors that an event shows. */
export function errorsAt({ errors }: Execution, event: EventId): string[] {
  return errors.filter((error) => error.event === event).map(({ name }) => name);
}

export function threadName({ graph }: Execution, event: EventId, test: LitmusTest): string {
  const { thread } = graph.events[event];
  return thread === undefined ? '' : test.program.threads[thread].name;
}

/** `stores x = 1`, `loads x = 0, the initial value`, `barrier MB`. */
export function eventText(execution: Execution, event: EventId, test: LitmusTest): string {
  const { graph, values, sources } = execution;
  const { kind, cell, tags, fault, waitsFor } = graph.events[event];
  if (fault) return errorWords[fault.name];
  if (waitsFor !== undefined)
    return waitsFor < 0 ? 'waits for a read-side section' : `waits for ${graph.cells[waitsFor].name}`;
  if (isMadeUp(graph.events[event], graph)) return 'stays in its read-side section';
  if (kind === 'fence') return fenceText(tags);
  const name = graph.cells[cell].name;
  const value = values[event];
  const shown = value === undefined ? '?' : formatValue(value, test.program);
  if (kind === 'write') return isFreed(value) ? `frees ${name}` : `stores ${name} = ${shown}`;
  const source = sources[event] as EventId;
  if (isFreed(values[source])) return `loads ${name}, freed by ${threadName(execution, source, test)}`;
  const stored = values[source];
  if (stored !== undefined && valuesEqual(stored, UNINITIALISED)) return `loads ${name}, not initialised`;
  const from =
    graph.events[source].cpu < 0 ? 'the initial value' : `stored by ${threadName(execution, source, test)}`;
  return `loads ${name} = ${shown}, ${from}`;
}

/** Whether an event is the end of a section that its thread does not come to. */
function isMadeUp({ tags, span }: GraphEvent, { partial }: ExecutionGraph): boolean {
  const isEnd = tags.includes('rcu-unlock') || tags.includes('srcu-unlock');
  return isEnd && span === undefined && partial === true;
}

function isFreed(value: Value | undefined): boolean {
  return value !== undefined && valuesEqual(value, FREED);
}

const FENCE_NAMES: Readonly<Record<string, string>> = {
  IntEntry: 'the handler is entered',
  IntReturn: 'the handler returns',
  'srcu-lock': 'a read-side section begins',
  'srcu-unlock': 'the read-side section ends',
  'sync-srcu': 'a grace period is waited for',
  'rcu-lock': 'a read-side section begins',
  'rcu-unlock': 'the read-side section ends',
  'sync-rcu': 'a grace period is waited for',
  'sync-rcu-start': 'a grace period begins',
  'sync-rcu-end': 'the grace period ends',
  'irq-off': 'interrupts are disabled',
  'irq-on': 'interrupts are enabled',
};

function fenceText(tags: readonly string[]): string {
  const names = tags.flatMap((tag) => FENCE_NAMES[tag] ?? []);
  return names.length > 0 ? names.join(', ') : `barrier ${tags.join(' ')}`;
}

/** `line 12: x = 1;`, `line 28 in read_it(): *p`; nothing for what stands nowhere in the text. */
export function sourceText({ graph }: Execution, event: EventId, test: LitmusTest): string {
  const { span } = graph.events[event];
  if (!span) return '';
  const { line } = span.source.position(span.start);
  const text = span.source.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  const within = functionAround(span, test);
  return `line ${line}${within ? ` in ${within}()` : ''}: ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}

/** The function whose code an event comes from; undefined for what stands in a thread itself. */
export function functionAround({ start, end }: Span, { program }: LitmusTest): string | undefined {
  const has = ({ instructions }: Code) =>
    instructions.some(({ span }) => span?.start === start && span.end === end);
  return program.threads.some(({ code }) => has(code)) ? undefined : program.functions.find(has)?.name;
}

/** `x = 1; (line 12)`; nothing for what stands nowhere in the text. */
export function placeOf(execution: Execution, event: EventId, test: LitmusTest): string {
  const [line, ...text] = sourceText(execution, event, test).split(': ');
  return line ? `${text.join(': ')} (${line})` : '';
}

/** Columns padded to their widest cell. */
export function tableText(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
