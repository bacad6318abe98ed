import type { EventId } from '../../execution/index.js';
import type { Card } from './cards.js';
import { type Rise, tracksOf } from './channels.js';
import type { Grid } from './grid.js';
import type { Levels } from './levels.js';
import type { Link } from './links.js';
import { ARROW, INDENT, LEAD, PADDING, SMALL, TEXT, TRACK, widthOf } from './measures.js';
import type { Route, Routing } from './routes.js';

/** Where lanes, and the lines between them, are, from the left of the first gap. */
export interface Columns {
  readonly width: number;
  /** By lane. */
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
  /** By route and by its gaps: where the line goes up or down. */
  readonly rises: ReadonlyMap<Route, readonly number[]>;
  /** What the numbers of events take up. */
  readonly numbers: number;
}

const LEAST_LANE = 124;
const LEAST_GAP = 36;
/** Room beside a box where no line leaves or enters. */
const CLEAR = 8;

/**
 * Makes lanes as wide as their text, and gaps as wide as what is in them: at each side the names and arrow
 * heads of the lines that leave and enter boxes there, and between these the tracks of those that go up or
 * down. So nothing else ever comes near a name.
 */
export function columnsOf(
  grid: Grid,
  cards: ReadonlyMap<EventId, Card>,
  routing: Routing,
  levels: Levels,
): Columns {
  const numbers = Math.max(0, ...[...cards.values()].map(({ number }) => numberWidth(number)));
  const widths = laneWidths(grid, cards, numbers);
  const sides = sideWidths(grid, routing);
  const gaps = risesByGap(routing.routes, levels, grid.lanes.length + 1);
  const rises = new Map<Route, number[]>(routing.routes.map((route) => [route, []]));
  const lefts: number[] = [];
  let x = 0;
  gaps.forEach((inGap, gap) => {
    const { track, count } = tracksOf(inGap);
    const isOuter = gap === 0 || gap === grid.lanes.length;
    const needed = sides[gap].left + sides[gap].right + Math.max(0, count - 1) * TRACK;
    const width = isOuter && count === 0 ? 0 : Math.max(needed, isOuter ? 0 : LEAST_GAP);
    const start = x + sides[gap].left + (width - needed) / 2;
    inGap.forEach(({ route, at }, index) => {
      const places = rises.get(route);
      if (places) places[at] = start + track[index] * TRACK;
    });
    x += width;
    if (gap === grid.lanes.length) return;
    lefts[gap] = x;
    x += widths[gap];
  });
  return { width: x, lefts, widths, rises, numbers };
}

const numberWidth = (number: string | undefined): number => (number ? widthOf(`${number} `, SMALL) : 0);

function laneWidths(grid: Grid, cards: ReadonlyMap<EventId, Card>, numbers: number): number[] {
  const widths = grid.lanes.map((name) => Math.max(LEAST_LANE, Math.min(260, widthOf(name, TEXT) + 8)));
  for (const place of grid.places) {
    for (const { text, size } of place ? (cards.get(place.event)?.lines ?? []) : []) {
      const needed = widthOf(text, size) + numbers + 2 * PADDING + (place?.depth ?? 0) * INDENT;
      if (place) widths[place.lane] = Math.max(widths[place.lane], needed);
    }
  }
  return widths;
}

/** What is written on a line, where it leaves an event. */
export const labelOf = ({ names, notKept }: Link): string => (notKept ? 'not kept' : names.join(' '));

/** Of each gap: the room for names and arrow heads at the lane on its left, and at the one on its right. */
function sideWidths(grid: Grid, { ports, routes }: Routing): { left: number; right: number }[] {
  const widths = [...grid.lanes, ''].map(() => ({ left: CLEAR, right: CLEAR }));
  const widen = (lane: number, side: 'left' | 'right', width: number) => {
    // The right side of a lane is on the left of a gap.
    const gap = widths[side === 'right' ? lane + 1 : lane];
    if (side === 'right') gap.left = Math.max(gap.left, width);
    else gap.right = Math.max(gap.right, width);
  };
  for (const { place, side, isOut, link } of ports)
    if (isOut) widen(place.lane, side, LEAD + widthOf(labelOf(link), SMALL) + CLEAR);
  for (const { to } of routes) widen(to.place.lane, to.side, ARROW + CLEAR);
  return widths;
}

interface PlacedRise extends Rise {
  readonly route: Route;
  /** Which of the route's gaps it is in. */
  readonly at: number;
}

function risesByGap(routes: readonly Route[], levels: Levels, gaps: number): PlacedRise[][] {
  const found: PlacedRise[][] = Array.from({ length: gaps }, () => []);
  for (const route of routes) {
    for (const [at, gap] of route.gaps.entries()) found[gap].push(riseOf(route, at, levels));
  }
  return found;
}

function riseOf(route: Route, at: number, levels: Levels): PlacedRise {
  const { stretches, gaps, from, to } = route;
  const ys = [levels.yOf(stretches[at]), levels.yOf(stretches[at + 1])];
  const comesFrom = at === 0 ? from.place.lane + 0.5 : gaps[at - 1];
  const goesTo = at + 1 === gaps.length ? to.place.lane + 0.5 : gaps[at + 1];
  const sides = [comesFrom, goesTo].map((x): 'left' | 'right' => (x < gaps[at] ? 'left' : 'right'));
  const [top, bottom] = ys[0] <= ys[1] ? [0, 1] : [1, 0];
  return {
    route,
    at,
    top: ys[top],
    bottom: ys[bottom],
    topSide: sides[top],
    bottomSide: sides[bottom],
  };
}
