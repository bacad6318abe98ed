import type { Check, Model } from '../cat/index.js';
import type { Execution } from '../check/index.js';
import type { Span } from '../diagnostics.js';
import { type EventId, eventId } from '../execution/index.js';
import {
  type AllowedOutcome,
  type ExplainedEdge,
  type Explanation,
  type Explanations,
  kindOfPermission,
  type Misuse,
  misuseOf,
  permissionOf,
  type RuledOut,
} from '../explain/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { errorsAt, eventText, functionAround, threadName } from './execution-text.js';
import { formatValue } from './format.js';
import { incompletenessText } from './text.js';

// What explanations say, as data. Events are numbers: the place of each in `events` of its execution.

/** A piece of a text; lines and columns from 1, the end column behind the last character. */
export interface PlaceJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
  /** The function that it stands in, if not in a thread itself. */
  readonly function?: string;
}

/** An event of an execution. */
export interface EventJson {
  /** null for an initial write. */
  readonly cpu: number | null;
  readonly thread: string | null;
  readonly kind: 'read' | 'write' | 'fence';
  readonly location?: string;
  readonly value?: string;
  /** Of a read: the write. */
  readonly from?: number;
  readonly tags: readonly string[];
  /** In words: `stores x = 1`. */
  readonly does: string;
  /** Errors with memory that it shows. */
  readonly errors: readonly string[];
  readonly place?: PlaceJson;
}

/** An execution: what happens, and the order of writes. */
export interface ExecutionJson {
  /** The initial writes, then the events of each CPU in program order. */
  readonly events: readonly EventJson[];
  /** By location: its writes in coherence order. */
  readonly coherence: Readonly<Record<string, readonly number[]>>;
}

/** A step of a cycle. */
export interface EdgeJson {
  readonly from: number;
  readonly to: number;
  /** What the model calls the rule that makes it. */
  readonly rule: string;
  /**
   * The base relations that it is made of, from `from` to `to`; `via`: fences on the way, or of `fr` the
   * write that is read.
   */
  readonly steps: readonly {
    readonly relation: string;
    readonly from: number;
    readonly to: number;
    readonly via: readonly number[];
  }[];
}

/** A check of a model, and where it stands. */
export interface CheckJson {
  readonly name: string;
  readonly kind: 'acyclic' | 'irreflexive' | 'empty';
  readonly file: string;
  readonly line: number;
}

/** How an outcome comes about. */
export interface AllowedJson {
  readonly kind: 'allowed';
  readonly execution: ExecutionJson;
  /** Its events as they take effect; null when no single order explains them. */
  readonly order: readonly number[] | null;
  /**
   * It happens under sequential consistency, too; else `cycle` is the cycle of program order and
   * communication that shows that it does not.
   */
  readonly sequential: boolean;
  /** Accesses depend on each other round in a circle, so that what they read is there because of itself. */
  readonly circular: boolean;
  readonly cycle: readonly EdgeJson[];
  /**
   * Of one CPU's accesses, those that take effect against program order, and why the model lets them, where
   * that is known.
   */
  readonly reorderings: readonly {
    readonly first: number;
    readonly second: number;
    readonly permission?: string;
  }[];
  /** The check of the model that could have kept them in order. */
  readonly check: CheckJson | null;
  /**
   * Of an error with memory: the access, the free before it or the store that initialises it, and what the
   * free did not wait for.
   */
  readonly misuse?: Misuse;
}

/** Why an outcome does not come about. */
export interface ForbiddenJson {
  readonly kind: 'forbidden';
  /**
   * Each execution that would be so has the cycle, or the pair, of one of these. None: no choice of sources
   * gives the values.
   */
  readonly ways: readonly {
    readonly execution: ExecutionJson;
    readonly check: CheckJson;
    readonly edges: readonly EdgeJson[];
    /** Of a pair that stands against an order: that order, back to the pair's first event. */
    readonly back?: EdgeJson;
    /** Of a pair that two relations must not both lead to: the other one. */
    readonly beside?: EdgeJson;
  }[];
  /** Ways that break coherence of one location alone are left out. */
  readonly coherent: boolean;
  /** Ways in which values depend on themselves are left out. */
  readonly circular: boolean;
  readonly incomplete: readonly string[];
}

/** How an outcome comes about, why it does not, or why neither is told. */
export type ExplanationJson =
  | AllowedJson
  | ForbiddenJson
  | { readonly kind: 'none'; readonly reason: string };

/** What is explained of one test: its condition, and the errors that it can be in. */
export interface ExplanationsJson {
  /** null when the condition names no outcome, and errors are told of instead. */
  readonly outcome: ExplanationJson | null;
  readonly errors: Readonly<Record<string, ExplanationJson>>;
}

/** Explanations as data, for `--format json`. */
export function explanationsJson(
  { errors, outcome }: Explanations,
  test: LitmusTest,
  model: Model,
): ExplanationsJson {
  return {
    outcome: outcome ? explanationJson(outcome, test, model) : null,
    errors: Object.fromEntries(
      [...errors].map(([name, explanation]) => [name, explanationJson(explanation, test, model, name)]),
    ),
  };
}

/** @param error the error with memory that it is of; without, it is of the test's outcome */
export function explanationJson(
  explanation: Explanation,
  test: LitmusTest,
  model: Model,
  error?: string,
): ExplanationJson {
  switch (explanation.kind) {
    case 'none':
      return explanation;
    case 'allowed':
      return allowedJson(explanation.allowed, test, model, error);
    case 'forbidden': {
      const { ways, coherent, circular, incomplete, tooMany } = explanation.forbidden;
      const limits = incomplete.map(incompletenessText);
      return {
        kind: 'forbidden',
        ways: ways.map((way) => wayJson(way, test)),
        coherent,
        circular,
        incomplete: tooMany ? [...limits, 'there are more ways than were looked at'] : limits,
      };
    }
  }
}

function allowedJson(
  { execution, order, sequential, circular, cycle, reorderings, check }: AllowedOutcome,
  test: LitmusTest,
  model: Model,
  error: string | undefined,
): AllowedJson {
  return {
    kind: 'allowed',
    execution: executionJson(execution, test),
    order: order ?? null,
    sequential,
    circular,
    cycle: cycle.map(edgeJson),
    reorderings: reorderings.map((one) => {
      const permission = permissionOf(model.name, kindOfPermission(one, execution));
      return { ...one, ...(permission === undefined ? {} : { permission }) };
    }),
    check: check ? checkJson(check) : null,
    ...(error === undefined ? {} : { misuse: misuseOf(execution, error, order) }),
  };
}

function wayJson({ execution, violation }: RuledOut, test: LitmusTest): ForbiddenJson['ways'][number] {
  const { check, edges, back, beside } = violation;
  return {
    execution: executionJson(execution, test),
    check: checkJson(check),
    edges: edges.map(edgeJson),
    ...(back ? { back: edgeJson(back) } : {}),
    ...(beside ? { beside: edgeJson(beside) } : {}),
  };
}

function edgeJson({ from, to, rule, steps }: ExplainedEdge): EdgeJson {
  return {
    from,
    to,
    rule,
    steps: steps.map((step) => ({
      relation: step.relation ?? step.kind,
      from: step.from,
      to: step.to,
      via: step.via,
    })),
  };
}

function checkJson({ name, kind, span }: Check): CheckJson {
  return { name, kind, file: span.source.name, line: span.source.position(span.start).line };
}

function executionJson(execution: Execution, test: LitmusTest): ExecutionJson {
  const { graph, coherence } = execution;
  return {
    events: graph.events.map((_, event) => eventJson(eventId(event), execution, test)),
    coherence: Object.fromEntries([...coherence].map(([cell, writes]) => [graph.cells[cell].name, writes])),
  };
}

function eventJson(event: EventId, execution: Execution, test: LitmusTest): EventJson {
  const { graph, values, sources } = execution;
  const { kind, cpu, cell, tags, span } = graph.events[event];
  const value = values[event];
  const source = sources[event];
  return {
    cpu: cpu < 0 ? null : cpu,
    thread: threadName(execution, event, test) || null,
    kind,
    ...(cell < 0 ? {} : { location: graph.cells[cell].name }),
    ...(value === undefined ? {} : { value: formatValue(value, test.program) }),
    ...(kind === 'read' && source !== undefined ? { from: source } : {}),
    tags,
    does: eventText(execution, event, test),
    errors: errorsAt(execution, event),
    ...(span ? { place: placeJson(span, test) } : {}),
  };
}

function placeJson(span: Span, test: LitmusTest): PlaceJson {
  const { source, start, end } = span;
  const [first, last] = [source.position(start), source.position(end)];
  const within = functionAround(span, test);
  return {
    file: source.name,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
    text: source.text.slice(start, end),
    ...(within === undefined ? {} : { function: within }),
  };
}
