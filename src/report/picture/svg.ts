import { ARROW } from './measures.js';
import type { Layout, PlacedEvent, PlacedLink, PlacedText, Point, Rectangle, Sample } from './model.js';
import { styleSheet, type Theme } from './palette.js';

/** How a picture looks as SVG. */
export interface SvgOptions {
  /** @default 'auto' */
  readonly theme?: Theme;
}

/** How round the corners of lines are. */
const BEND = 6;

/**
 * A layout as SVG: a document of its own, or a part of a page. Events have the attribute `data-event`, lines
 * `data-from`, `data-to` and `data-relation`. It has no identifiers, so that several can be in one page.
 */
export function svgOf(layout: Layout, { theme = 'auto' }: SvgOptions = {}): string {
  const { width, height } = layout;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="fenceline-picture" role="img" aria-label="${escaped(layout.title)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(layout.title)}</title>`,
    `<desc>${escaped(layout.description)}</desc>`,
    `<style>${styleSheet(theme)}</style>`,
    `<rect class="canvas" width="${width}" height="${height}"/>`,
    ...layout.handlers.map((box) => `<rect class="handler" rx="8" ${placedText(box)}/>`),
    ...layout.links.map((link) => linkElement(link, layout.hasCycle)),
    ...layout.events.map((event) => eventElement(event)),
    ...layout.labels.map(textElement),
    ...layout.texts.map(textElement),
    ...layout.legend.map(sampleElement),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function eventElement({ event, kind, lines, whole, inCycle, isWrong, ...box }: PlacedEvent): string {
  const classes = classesOf('event', kind, inCycle && 'cycle', isWrong && 'wrong');
  const rectangle = `<rect class="box" rx="5" ${placedText(box)}/>`;
  const texts = lines.map(textElement).join('');
  return `<g class="${classes}" data-event="${event}"><title>${escaped(whole)}</title>${rectangle}${texts}</g>`;
}

function linkElement({ link, points, label }: PlacedLink, hasCycle: boolean): string {
  const { from, to, relation, names, inCycle, notKept } = link;
  const classes = classesOf('link', inCycle ? 'cycle' : hasCycle && 'aside');
  const data = `data-from="${from}" data-to="${to}" data-relation="${escaped(names.join(' '))}"`;
  const path = pathOf(shortened(points, inCycle ? ARROW : ARROW - 2), label);
  const style = classesOf(relation, notKept && 'not-kept');
  // Where it crosses another line, that one is interrupted.
  const casing = points.length > 2 ? `<path class="casing" d="${path}"/>` : '';
  return [
    `<g class="${classes}" ${data}>${casing}`,
    `<path class="${style}" d="${path}"/>`,
    `<path class="arrow ${relation}" d="${arrowAt(points, inCycle)}"/></g>`,
  ].join('');
}

function sampleElement({ relation, inCycle, notKept, from, to }: Sample): string {
  const classes = classesOf('link', inCycle && 'cycle');
  const style = classesOf(relation, notKept && 'not-kept');
  const line = pathOf(shortened([from, to], ARROW - 2));
  const arrow = `<path class="arrow ${relation}" d="${arrowAt([from, to], inCycle)}"/>`;
  return `<g class="${classes}"><path class="${style}" d="${line}"/>${arrow}</g>`;
}

function textElement({ text, size, style, whole, x, y, height }: PlacedText): string {
  // The base line of the font, below the middle of the line.
  const base = y + height / 2 + size * 0.36;
  const title = whole === undefined ? '' : `<title>${escaped(whole)}</title>`;
  return `<text class="${style}" x="${round(x)}" y="${round(base)}" font-size="${size}">${title}${escaped(text)}</text>`;
}

const classesOf = (...names: readonly (string | false)[]): string => names.filter(Boolean).join(' ');

const placedText = ({ x, y, width, height }: Rectangle): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

const round = (value: number): string => String(Math.round(value * 10) / 10);

const atPoint = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** The point that is some way from one point towards another. */
function towards(from: Point, to: Point, way: number): Point {
  const part = way / Math.max(1, distance(from, to));
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function shortened(points: readonly Point[], by: number): Point[] {
  const [before, last] = points.slice(-2);
  return [...points.slice(0, -1), towards(last, before, by)];
}

/** Straight stretches with round corners; under the label there is no line. */
function pathOf(points: readonly Point[], label?: PlacedText): string {
  const [start, next] = points;
  const parts = [`M${atPoint(start)}`];
  if (label && start.y > label.y && start.y < label.y + label.height && start.y === next.y) {
    const ends = [label.x - 2, label.x + label.width + 2];
    const [near, far] = next.x > start.x ? ends : ends.reverse();
    parts.push(`H${round(near)}`, `M${round(far)} ${round(start.y)}`);
  }
  points.slice(1, -1).forEach((corner, index) => {
    const [before, after] = [points[index], points[index + 2]];
    const bend = Math.min(BEND, distance(before, corner) / 2, distance(corner, after) / 2);
    parts.push(
      `L${atPoint(towards(corner, before, bend))}`,
      `Q${atPoint(corner)} ${atPoint(towards(corner, after, bend))}`,
    );
  });
  parts.push(`L${atPoint(points[points.length - 1])}`);
  return parts.join('');
}

/** The head of an arrow that ends where the line does. */
function arrowAt(points: readonly Point[], isThick: boolean): string {
  const [before, tip] = points.slice(-2);
  const length = isThick ? ARROW + 1 : ARROW - 1;
  const base = towards(tip, before, length);
  const half = isThick ? 4.5 : 3.5;
  const across = before.x === tip.x ? { x: half, y: 0 } : { x: 0, y: half };
  const wings = [1, -1].map((sign) => ({ x: base.x + sign * across.x, y: base.y + sign * across.y }));
  return `M${atPoint(tip)}L${atPoint(wings[0])}L${atPoint(wings[1])}Z`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML, which has no control characters and no halves of characters. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character])
    .replace(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD');
}
