import type { Execution } from '../../check/index.js';
import { type EventId, eventId } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { errorsAt, eventText, placeOf, threadName } from '../execution-text.js';
import { type Link, linksOf } from './links.js';
import { isDependency, type PictureOptions, usualRelations } from './relations.js';
import type { Picture } from './subject.js';

/**
 * Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008); each relation has its
 * own line, too.
 */
const STYLES: Readonly<Record<Link['relation'], { readonly color: string; readonly style: string }>> = {
  po: { color: '#555555', style: 'solid' },
  rf: { color: '#009E73', style: 'solid' },
  co: { color: '#0072B2', style: 'dashed' },
  fr: { color: '#D55E00', style: 'dotted' },
  addr: { color: '#CC79A7', style: 'dashed' },
  data: { color: '#CC79A7', style: 'dashed' },
  ctrl: { color: '#CC79A7', style: 'dotted' },
  choice: { color: '#CC79A7', style: 'dotted' },
  rmw: { color: '#000000', style: 'solid' },
  other: { color: '#000000', style: 'solid' },
};

/** The frame of an event that is in an error with memory. */
const WRONG = '#D55E00';

/** Points of one character of the font that labels are in, about. */
const CHARACTER = 6.2;
const ROW = 92;
const GAP = 150;
/** How far to the right of a column a dependency runs, and each further one beyond it. */
const LANE = 34;

/**
 * A picture in the language of Graphviz: a column for each CPU, program order downward. For `neato`, which
 * leaves nodes at their places. Initial writes are no nodes.
 */
export function dotOf(
  picture: Picture,
  test: LitmusTest,
  { shown = usualRelations }: PictureOptions = {},
): string {
  const { execution, heading, asked, verdict } = picture;
  const title = `${heading}: ${asked}\n${verdict}`;
  const links = linksOf(picture, { shown }).filter(
    ({ from, to }) => Math.min(from, to) >= execution.graph.initial,
  );
  const labels = execution.graph.events.map((_, event) => labelOf(picture, event as EventId, test));
  const width = Math.max(90, ...labels.flat().map((line) => line.length * CHARACTER + 16));
  const lines = [
    'digraph execution {',
    `  graph [layout=neato, inputscale=72, splines=true, overlap=true, outputorder=nodesfirst, fontname="Helvetica", fontsize=14, labelloc=t, label=${quoted(`${title}\n\n`)}]`,
    '  node [shape=box, style="filled,rounded", fillcolor="#FFFFFF", color="#333333", fontname="Helvetica", fontsize=11, margin="0.08,0.05"]',
    '  edge [fontname="Helvetica", fontsize=11, arrowsize=0.7]',
    ...headLines(execution, test, width),
    ...nodeLines(picture, labels, width),
    ...links.filter(({ relation }) => !isDependency(relation)).map((link) => edgeLine(link, execution)),
    ...dependencyLines(execution, links, width),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(execution: Execution, test: LitmusTest, width: number): string[] {
  const { graph } = execution;
  const own = test.program.threads.filter(({ interrupt }) => !interrupt);
  return graph.starts.slice(0, -1).map((start, cpu) => {
    const end = graph.starts[cpu + 1];
    const threads = graph.events
      .slice(start, end)
      .map((_, at) => threadName(execution, eventId(start + at), test));
    const names = [...new Set([own[cpu].name, ...threads])];
    return `  cpu${cpu} [shape=plaintext, style="", fontsize=13, label=${quoted(`CPU ${cpu}: ${names.join(', ')}`)}, pos="${columnOf(cpu, width)},0!"]`;
  });
}

function nodeLines(
  { execution, cycle }: Picture,
  labels: readonly (readonly string[])[],
  width: number,
): string[] {
  const { graph } = execution;
  const inCycle = new Set<number>(cycle.flatMap(({ from, to }) => [from, to]));
  return graph.events.flatMap(({ cpu, kind, thread }, event) => {
    if (cpu < 0) return [];
    const isHandler = graph.events[graph.starts[cpu]].thread !== thread || isBoundary(execution, event);
    const fill = kind === 'fence' ? '#EEEEEE' : isHandler ? '#E4F1FA' : '#FFFFFF';
    const isWrong = errorsAt(execution, eventId(event)).length > 0;
    const pen = `${isWrong ? `, color="${WRONG}"` : ''}${isWrong || inCycle.has(event) ? ', penwidth=2.5' : ''}`;
    return [
      `  e${event} [label=${quoted(labels[event].join('\n'))}, width=${(width / 72).toFixed(2)}, fillcolor="${fill}"${pen}, pos="${columnOf(cpu, width)},${rowOf(execution, event)}!"]`,
    ];
  });
}

const isBoundary = ({ graph }: Execution, event: number): boolean =>
  graph.events[event].tags.some((tag) => tag === 'IntEntry' || tag === 'IntReturn');

function labelOf({ execution, order }: Picture, event: EventId, test: LitmusTest): string[] {
  const { kind, cpu } = execution.graph.events[event];
  if (cpu < 0) return [];
  const number = order && order.indexOf(event) >= 0 ? `${order.indexOf(event) + 1}. ` : '';
  const thread = isBoundary(execution, event) ? `${threadName(execution, event, test)}: ` : '';
  const [what] = eventText(execution, event, test).split(', stored');
  const place = placeOf(execution, event, test);
  const errors = errorsAt(execution, event).map((error) => `(${error})`);
  return [
    [`${kind === 'fence' && !thread ? '' : number}${thread}${what}`, ...errors].join(' '),
    ...(place ? [place] : []),
  ];
}

/**
 * Beside program order, which goes straight down: each by way of its name, the shorter ones nearer to the
 * events.
 */
function dependencyLines(execution: Execution, links: readonly Link[], width: number): string[] {
  const lanes = new Map<number, number>();
  const { graph } = execution;
  const sorted = links
    .filter(({ relation }) => isDependency(relation))
    .sort((a, b) => a.to - a.from - (b.to - b.from));
  return sorted.flatMap(({ from, to, names, relation, inCycle }) => {
    const { cpu } = graph.events[from];
    const lane = lanes.get(cpu) ?? 0;
    lanes.set(cpu, lane + 1);
    const { color, style } = STYLES[relation];
    const line = `color="${color}", style="${style}", penwidth=${inCycle ? 3 : 1.2}`;
    const x = columnOf(cpu, width) + width / 2 + LANE * (lane + 1);
    const y = (rowOf(execution, from) + rowOf(execution, to)) / 2;
    const name = `d${from}_${to}_${names.join('_')}`;
    return [
      `  ${name} [shape=plaintext, style="", margin=0, width=0, height=0, fontcolor="${color}", label="${names.join('\\n')}", pos="${x},${y}!"]`,
      `  e${from}:e -> ${name} [${line}, arrowhead=none]`,
      `  ${name} -> e${to}:e [${line}]`,
    ];
  });
}

const columnOf = (cpu: number, width: number): number => cpu * (width + GAP);

const rowOf = ({ graph }: Execution, event: number): number =>
  -(event - graph.starts[graph.events[event].cpu] + 1) * ROW + ROW / 3;

function edgeLine({ from, to, relation, names, inCycle, notKept }: Link, { graph }: Execution): string {
  const { color, style } = STYLES[relation];
  const line = `color="${color}", style="${notKept ? 'dashed' : style}", penwidth=${inCycle ? 3 : 1.2}, fontcolor="${color}"`;
  if (notKept) return `  e${from} -> e${to} [${line}, label=${onWhite('po, not kept', 16)}]`;
  const isBesidePo = relation !== 'po' && to === from + 1 && graph.events[from].cpu === graph.events[to].cpu;
  const ports = isBesidePo ? [':sw', ':nw'] : ['', ''];
  // Names stand near the tail: lines cross half way.
  const label =
    relation === 'po'
      ? ''
      : `, taillabel=${onWhite(names.join(' '))}, labeldistance=${isBesidePo ? 2 : 5}, labelangle=0`;
  return `  e${from}${ports[0]} -> e${to}${ports[1]} [${line}${label}]`;
}

/** A label that can be read on a line. */
function onWhite(text: string, distance = 0): string {
  const room = distance > 0 ? `<td width="${distance}"></td>` : '';
  const cells = `<td bgcolor="#FFFFFF">${text}</td>${room}`;
  return `<<table border="0" cellborder="0" cellpadding="2"><tr>${cells}</tr></table>>`;
}

const quoted = (text: string): string =>
  `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
