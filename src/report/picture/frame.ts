import type { Execution } from '../../check/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { formatValue } from '../format.js';
import type { Link } from './links.js';
import { cut, HEADING, heightOf, SMALL, TEXT, widthOf } from './measures.js';
import type { PlacedText, Sample, TextStyle } from './model.js';
import { type PictureRelation, pictureRelations } from './relations.js';
import type { Picture } from './subject.js';

/** Texts one below the other, from the upper left corner. */
export interface PictureFrame {
  readonly texts: readonly PlacedText[];
  readonly samples: readonly Sample[];
  readonly height: number;
}

const MOST_LINES = 3;

/** What the picture is of, what came out, and what memory holds at first. */
export function headingOf(
  picture: Picture,
  test: LitmusTest,
  width: number,
  hasInitial: boolean,
): PictureFrame {
  const { heading, asked, verdict, isForbidden, execution } = picture;
  const texts: PlacedText[] = [];
  let y = 0;
  const add = (text: string, size: number, style: TextStyle, most = MOST_LINES) => {
    for (const line of wrappedLines(text, width, size, most)) {
      texts.push(textAt(0, y, line, size, style, line === text ? undefined : text));
      y += heightOf(size) + 1;
    }
    y += 3;
  };
  add(heading, HEADING, 'strong', 2);
  add(asked, TEXT, 'plain');
  add(verdict, TEXT, isForbidden ? 'forbidden' : 'allowed', 2);
  const initial = hasInitial ? '' : initialText(execution, test);
  if (initial) add(initial, SMALL, 'dim', 2);
  return { texts, samples: [], height: y };
}

/** `initially x = 0; y = 0`, of the locations that are accessed. */
function initialText({ graph, values }: Execution, test: LitmusTest): string {
  const cells = graph.events.slice(0, graph.initial).map(({ cell }, event) => {
    const value = values[event];
    const name = graph.cells[cell].name;
    return `${name} = ${value === undefined ? '?' : formatValue(value, test.program)}`;
  });
  return cells.length > 0 ? `initially ${cells.join('; ')}` : '';
}

export function textAt(
  x: number,
  y: number,
  text: string,
  size: number,
  style: TextStyle,
  whole?: string,
): PlacedText {
  const place = { x, y, width: widthOf(text, size), height: heightOf(size) };
  return { ...place, text, size, style, ...(whole === undefined ? {} : { whole }) };
}

/** Lines of a text that are no wider than what there is; the last one is cut when there would be too many. */
function wrappedLines(text: string, width: number, size: number, most: number): string[] {
  const room = Math.max(8, Math.floor(width / widthOf('x', size)));
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '' || last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`.trim();
    else lines.push(word);
  }
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] = `${kept[most - 1]} ${lines.slice(most).join(' ')}`;
  return kept.map((line) => cut(line, room));
}

const SAMPLE = 28;

/** What the lines of a picture are, for each kind that is in it. */
export function legendOf(links: readonly Link[], isNumbered: boolean, width: number): PictureFrame {
  const texts: PlacedText[] = [];
  const samples: Sample[] = [];
  let [x, y] = [0, 0];
  const height = heightOf(SMALL);
  for (const { text, sample } of entriesOf(links, isNumbered)) {
    const shown = cut(text, Math.floor((width - SAMPLE) / widthOf('x', SMALL)));
    const lead = sample ? SAMPLE : 0;
    const needed = lead + widthOf(shown, SMALL) + 18;
    if (x > 0 && x + needed - 18 > width) [x, y] = [0, y + height + 5];
    const line = y + height / 2;
    if (sample) samples.push({ ...sample, from: { x, y: line }, to: { x: x + SAMPLE - 7, y: line } });
    texts.push(textAt(x + lead, y, shown, SMALL, 'dim'));
    x += needed;
  }
  return { texts, samples, height: texts.length > 0 ? y + height : 0 };
}

interface Entry {
  readonly text: string;
  readonly sample?: Pick<Sample, 'relation' | 'inCycle' | 'notKept'>;
}

function entriesOf(links: readonly Link[], isNumbered: boolean): Entry[] {
  const order = Object.keys(pictureRelations) as PictureRelation[];
  const names = new Map<string, Link['relation']>();
  for (const { names: all, relation, notKept } of links)
    for (const name of all)
      if (!notKept) names.set(name, all.length > 1 ? (name as Link['relation']) : relation);
  const place = (relation: PictureRelation) => order.indexOf(relation);
  const sorted = [...names].sort(([, a], [, b]) => place(a) - place(b));
  return [
    ...sorted.map(([name, relation]) => ({
      text: relation === 'other' ? name : `${name}: ${pictureRelations[relation]}`,
      sample: { relation, inCycle: false, notKept: false },
    })),
    ...special(links, ({ notKept }) => notKept, 'program order that the model does not keep'),
    ...special(links, ({ inCycle, notKept }) => inCycle && !notKept, 'thick: the cycle'),
    ...(isNumbered ? [{ text: 'numbers: the order in which events take effect' }] : []),
  ];
}

function special(links: readonly Link[], isMeant: (link: Link) => boolean, text: string): Entry[] {
  const found = links.find(isMeant);
  if (!found) return [];
  const { notKept } = found;
  return [{ text, sample: { relation: 'po', inCycle: true, notKept } }];
}
