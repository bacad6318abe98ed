import type { Layout } from '../../src/report/index.js';

type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };
type PlacedLink = Layout['links'][number];
type PlacedText = Layout['texts'][number];

/** Advance width of a character of DejaVu Sans Mono: 1233 of 2048 units. */
const ADVANCE = 1233 / 2048;
const CLOSE = 0.01;

/** What is wrong with a picture, from its geometry alone: nothing here knows how it was laid out. */
export function faultsOf(layout: Layout): string[] {
  return [
    ...outside(layout),
    ...overlaps(layout),
    ...textFaults(layout),
    ...layout.links.flatMap((link) => linkFaults(link, layout)),
    ...merged(layout),
  ];
}

const shown = ({ x, y, width, height }: Rectangle): string =>
  `${x.toFixed(1)},${y.toFixed(1)} ${width.toFixed(1)}x${height.toFixed(1)}`;

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x + CLOSE < b.x + b.width &&
  b.x + CLOSE < a.x + a.width &&
  a.y + CLOSE < b.y + b.height &&
  b.y + CLOSE < a.y + a.height;

const within = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x - CLOSE &&
  inner.y >= outer.y - CLOSE &&
  inner.x + inner.width <= outer.x + outer.width + CLOSE &&
  inner.y + inner.height <= outer.y + outer.height + CLOSE;

const span = (from: Point, to: Point): Rectangle => ({
  x: Math.min(from.x, to.x),
  y: Math.min(from.y, to.y),
  width: Math.abs(from.x - to.x),
  height: Math.abs(from.y - to.y),
});

/** A stretch of line with the thickness of the thickest line. */
const thick = (from: Point, to: Point, half = 1): Rectangle => {
  const { x, y, width, height } = span(from, to);
  return { x: x - half, y: y - half, width: width + 2 * half, height: height + 2 * half };
};

const segmentsOf = ({ points }: PlacedLink): (readonly [Point, Point])[] =>
  points.slice(1).map((to, index) => [points[index], to] as const);

function outside({ width, height, ...layout }: Layout): string[] {
  const canvas = { x: 0, y: 0, width, height };
  const { texts, labels, events, handlers, links, legend } = layout;
  const samples = legend.map(({ from, to }) => span(from, to));
  const lines = links.flatMap((link) => segmentsOf(link).map(([from, to]) => thick(from, to)));
  return [...texts, ...labels, ...events, ...handlers, ...samples, ...lines]
    .filter((one) => !within(one, canvas))
    .map((one) => `${shown(one)} is not within the canvas`);
}

function overlaps({ events, handlers, labels, texts, legend }: Layout): string[] {
  const samples = legend.map(({ from, to }) => thick(from, to, 4));
  const solid = [...events, ...labels, ...texts, ...samples];
  const found: string[] = [];
  for (let one = 0; one < solid.length; one++) {
    for (let other = 0; other < one; other++)
      if (overlap(solid[one], solid[other]))
        found.push(`${shown(solid[one])} and ${shown(solid[other])} overlap`);
  }
  for (const handler of handlers) {
    for (const event of events)
      if (overlap(handler, event) && !within(event, handler))
        found.push(`the box ${shown(event)} is half in the handler ${shown(handler)}`);
    for (const text of texts)
      if (overlap(handler, text)) found.push(`${text.text} is in the handler ${shown(handler)}`);
  }
  return found;
}

function textFaults({ events, labels, texts }: Layout): string[] {
  const narrow = [...labels, ...texts, ...events.flatMap(({ lines }) => lines)].filter(
    ({ text, size, width, height }: PlacedText) =>
      width < [...text].length * size * ADVANCE - CLOSE || height < size,
  );
  const inside = events.flatMap((box) =>
    box.lines.flatMap((line, index) => [
      ...(within(line, box) ? [] : [`${line.text} is not within its box`]),
      ...box.lines
        .slice(0, index)
        .filter((other) => overlap(line, other))
        .map((other) => `${line.text} overlaps ${other.text}`),
    ]),
  );
  return [...narrow.map(({ text }) => `${text} has too little room`), ...inside];
}

function linkFaults(placed: PlacedLink, { events, handlers, labels, texts }: Layout): string[] {
  const { link, points, label } = placed;
  const name = `${link.names} from ${link.from} to ${link.to}`;
  const found: string[] = [];
  const [source, target] = [link.from, link.to].map((id) => events.find(({ event }) => event === id));
  if (!source || !onEdge(points[0], source)) found.push(`${name} does not start at its event`);
  if (!target || !onEdge(points[points.length - 1], target)) found.push(`${name} does not end at its event`);
  const named = [...labels, ...texts];
  const segments = segmentsOf(placed);
  const [from, to] = segments[segments.length - 1];
  if (span(from, to).width + span(from, to).height < 8) found.push(`${name} has no room for its arrow head`);
  for (const [a, b] of segments) {
    if (a.x !== b.x && a.y !== b.y) found.push(`${name} is aslant`);
    for (const box of events) if (overlap(span(a, b), box)) found.push(`${name} runs through ${shown(box)}`);
    const line = thick(a, b);
    for (const text of named)
      if (text !== label && overlap(line, text)) found.push(`${name} runs over ${text.text}`);
    for (const handler of handlers)
      if (alongEdge(a, b, handler)) found.push(`${name} hides a handler's frame`);
  }
  if (label && !labels.includes(label)) found.push(`${name} has a name that is not drawn`);
  return found;
}

const onEdge = ({ x, y }: Point, box: Rectangle): boolean => {
  const inX = x >= box.x - CLOSE && x <= box.x + box.width + CLOSE;
  const inY = y >= box.y - CLOSE && y <= box.y + box.height + CLOSE;
  const atX = Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.width)) < CLOSE;
  const atY = Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height)) < CLOSE;
  return inX && inY && (atX || atY);
};

/** Whether a stretch lies on the left or right edge of a rectangle. */
function alongEdge(a: Point, b: Point, box: Rectangle): boolean {
  if (a.x !== b.x) return false;
  const isBeside = Math.max(a.y, b.y) > box.y && Math.min(a.y, b.y) < box.y + box.height;
  return isBeside && [box.x, box.x + box.width].some((x) => Math.abs(x - a.x) < 0.6);
}

/** Lines that cannot be told apart: on one another although they say different things. */
function merged({ links }: Layout): string[] {
  const pieces = links.flatMap((placed) => segmentsOf(placed).map(([a, b]) => ({ placed, ...span(a, b) })));
  const found: string[] = [];
  for (let one = 0; one < pieces.length; one++) {
    for (let other = 0; other < one; other++) {
      if (!onOneAnother(pieces[one], pieces[other])) continue;
      const [{ link }, { link: second }] = [pieces[one].placed, pieces[other].placed];
      const isBundle =
        `${link.names}` === `${second.names}` && (link.from === second.from || link.to === second.to);
      if (!isBundle && pieces[one].placed !== pieces[other].placed)
        found.push(`${link.names} from ${link.from} is on ${second.names} from ${second.from}`);
    }
  }
  return found;
}

function onOneAnother(a: Rectangle, b: Rectangle): boolean {
  const isUpright = a.width === 0 && b.width === 0 && Math.abs(a.x - b.x) < 4;
  const isLevel = a.height === 0 && b.height === 0 && Math.abs(a.y - b.y) < 4;
  if (isUpright) return Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1;
  return isLevel && Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1;
}
