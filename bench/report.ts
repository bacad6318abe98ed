import type { ProcessFigure } from './process.js';
import { type Part, type Row, referenceOf } from './rows.js';
import type { ToolFigure } from './tools.js';
import type { Figure } from './work.js';

/**
 * The first row is the head. A cell that begins with `≥` is of something that was given up, so that it is at
 * least that.
 */
export function rowsTable(part: Part, rows: readonly Row[]): string[][] {
  if (part === 'corpora') return corporaTable(rows);
  return part === 'verdicts' ? verdictsTable(rows) : statesTable(rows);
}

function corporaTable(rows: readonly Row[]): string[][] {
  const head = [
    'corpus',
    'model',
    'question',
    'answered',
    'tests/s cold',
    'tests/s warm',
    'decisions',
    'executions',
    'MB',
    'pruned',
    'naive',
    'machine',
    'herd7',
  ];
  return [
    head,
    ...rows.map((row) => {
      const own = row.by.directed as Figure;
      return [
        row.tests,
        row.model,
        row.question,
        `${own.through} of ${own.tests}`,
        digits(own.tests / own.cold),
        digits(own.tests / own.warm),
        `${own.counts.decisions}`,
        `${own.counts.executions}`,
        `${own.memory}`,
        times(row.by.pruned, own),
        times(row.by.naive, own),
        times(row.by.machine, own),
        times(row.tools.herd7, own),
      ];
    }),
  ];
}

function verdictsTable(rows: readonly Row[]): string[][] {
  const head = [
    'family',
    'model',
    'verdict',
    'cold, ms',
    'warm, ms',
    'decisions',
    'conflicts',
    'pruned',
    'naive',
    'machine',
    'GenMC',
  ];
  return [
    head,
    ...rows.map((row) => {
      const own = row.by.directed as Figure;
      return [
        row.tests,
        row.model,
        own.verdict ?? '',
        digits(own.cold * 1000),
        digits(own.warm * 1000),
        `${own.counts.decisions}`,
        `${own.counts.conflicts}`,
        times(row.by.pruned, own),
        times(row.by.naive, own),
        times(row.by.machine, own),
        times(row.tools.genmc, own),
      ];
    }),
  ];
}

function statesTable(rows: readonly Row[]): string[][] {
  const head = [
    'family',
    'machine',
    'final states',
    'states',
    'transitions',
    'cold, ms',
    'warm, ms',
    'MB',
    'axiomatic',
    'GenMC',
  ];
  return [
    head,
    ...rows.map((row) => {
      const own = row.by[referenceOf('states')] as Figure;
      return [
        row.tests,
        row.model,
        `${own.found}`,
        `${own.counts.states}`,
        `${own.counts.transitions}`,
        digits(own.cold * 1000),
        digits(own.warm * 1000),
        `${own.memory}`,
        times(row.by.directed, own),
        times(row.tools.genmc, own),
      ];
    }),
  ];
}

export function processTable(figures: readonly ProcessFigure[]): string[][] {
  return [
    ['what', 'fastest, s', 'median, s', 'MB', 'times node alone'],
    ...figures.map(({ what, fastest, median, memory }) => [
      what,
      fastest.toFixed(3),
      median.toFixed(3),
      `${memory}`,
      (median / figures[0].median).toFixed(1),
    ]),
  ];
}

/** GenMC's clock shows hundredths of a second: a time of 0 is one below half of one. */
const SHORTEST = 0.005;

/** How many times as long as the reference something took. */
function times(other: Figure | ToolFigure | undefined, own: Figure): string {
  if (!other) return '-';
  const seconds = 'warm' in other ? other.warm : other.seconds;
  if (seconds === 0) return `< ${digits(SHORTEST / own.warm)}`;
  // Where the reference was given up as well, nothing follows.
  if (own.through < own.tests && other.through <= own.through) return '-';
  return `${other.through < other.tests ? '≥ ' : ''}${digits(seconds / own.warm)}`;
}

/** Three digits, or all before the point. */
const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

export function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * A page with its blocks between marks `<!-- bench: NAME -->` and `<!-- end -->` made anew, where there is
 * one of the name.
 */
export function withBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replace(
    /(<!-- bench: (\w+) -->\n)(?:.*?\n)??(<!-- end -->)/gs,
    (whole, start: string, name: string, end: string) => {
      const block = blocks.get(name);
      return block === undefined ? whole : `${start}${block}\n${end}`;
    },
  );
}
