import type { MachineTrace } from '../check/index.js';
import type { MachineView } from '../operational/index.js';

type ThreadView = MachineView['cpus'][number]['threads'][number];

/** A line of a state: what it is about, and what is there. */
interface Row {
  readonly label: string;
  readonly content: string;
  /** What need not be said at first. */
  readonly usual?: string;
}

/**
 * The steps of a machine as lines of text: each as a sentence, and below it what is in memory, buffers and
 * registers where the step has changed it.
 * @param again the command that walks the same program, to which the choices are added
 */
export function traceReport({ machine, initial, steps }: MachineTrace, again: string): string[] {
  let before = initial;
  const told = steps.flatMap(({ text, view }, index) => {
    const lines = stepLines(index + 1, text, before, view);
    before = view;
    return lines;
  });
  return [
    `${steps.length} step${steps.length === 1 ? '' : 's'} of the machine ${machine}:`,
    ...startLines(initial),
    ...told,
    `again: ${again} --follow ${choicesText(steps.map(({ choice }) => choice))}`,
  ];
}

/** Choices as `--follow` takes them. */
export function choicesText(choices: readonly number[]): string {
  return choices.length === 0 ? "''" : choices.join(',');
}

/** What there is before the first step. */
export function startLines(initial: MachineView): string[] {
  return ['  at first', ...rowLines(changesText({ memory: [], cpus: [] }, initial))];
}

/** A step with its number, and what it has changed. */
export function stepLines(number: number, text: string, before: MachineView, after: MachineView): string[] {
  return [`${`${number}.`.padStart(4)} ${text}`, ...rowLines(changesText(before, after))];
}

function rowLines(rows: readonly Row[]): string[] {
  return rows.map(({ label, content }) => `       ${label}: ${content}`);
}

/**
 * A whole state: memory, and for each CPU where its threads are, their registers, and what it has between
 * them and memory.
 */
export function viewReport(view: MachineView): string[] {
  const lines = [`memory: ${memoryText(view)}`];
  for (const { name, threads, parts } of view.cpus) {
    lines.push(name);
    for (const thread of threads) {
      const where = [...thread.functions.map((called) => `in ${called}()`), ...nextText(thread)];
      const registers = registersText(thread).map((one) => `${one.name} = ${one.value}`);
      lines.push(`  ${thread.name} is ${thread.status}${where.map((text) => `, ${text}`).join('')}`);
      if (registers.length > 0) lines.push(`    registers: ${registers.join(', ')}`);
    }
    for (const part of parts) lines.push(`  ${part.name}: ${entriesText(part.entries)}`);
  }
  return lines;
}

function nextText({ next }: ThreadView): string[] {
  if (!next) return [];
  const { source, start, end } = next;
  const text = source.text.slice(start, end).replace(/\s+/g, ' ');
  return [`next line ${source.position(start).line}: ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`];
}

function memoryText(view: MachineView): string {
  return (
    memoryOf(view)
      .map(({ name, value }) => `${name} = ${value}`)
      .join(', ') || 'is empty'
  );
}

function entriesText(entries: readonly string[]): string {
  return entries.join('; ') || 'empty';
}

/** What is another than before, in the order of the view. */
function changesText(before: MachineView, after: MachineView): Row[] {
  const known = new Map(rowsOf(before).map(({ label, content }) => [label, content]));
  return grouped(
    rowsOf(after).filter(({ label, content, usual }) => (known.get(label) ?? usual) !== content),
  );
}

/** Memory without the locations that stand for what no program can name. */
function memoryOf({ memory }: MachineView): MachineView['memory'] {
  return memory.filter(({ name }) => !name.startsWith('('));
}

/** Registers without the parameters of C that hold the address of the variable of their name. */
function registersText({ registers }: ThreadView): ThreadView['registers'] {
  return registers.filter(({ name, value }) => name !== value);
}

/** One row for each location, register and part. */
function rowsOf(view: MachineView): Row[] {
  return [
    ...memoryOf(view).map(({ name, value }) => ({ label: `memory\0${name}`, content: `= ${value}` })),
    ...view.cpus.flatMap(({ name: cpu, threads, parts }) => [
      ...threads.flatMap((thread) =>
        registersText(thread).map((one) => ({
          label: `${[thread.name, ...thread.functions].join(' ')}\0${one.name}`,
          content: `= ${one.value}`,
          usual: '= 0',
        })),
      ),
      ...parts.map(({ name, entries }) => ({
        label: `${cpu} ${name}`,
        content: entriesText(entries),
        usual: entriesText([]),
      })),
    ]),
  ];
}

/** Rows about several locations of memory, or registers of a thread, in one. */
function grouped(rows: readonly Row[]): Row[] {
  const lines = new Map<string, string[]>();
  for (const { label, content } of rows) {
    const [head, name] = label.split('\0');
    lines.set(head, [...(lines.get(head) ?? []), name === undefined ? content : `${name} ${content}`]);
  }
  return [...lines].map(([label, contents]) => ({ label, content: contents.join(', ') }));
}
