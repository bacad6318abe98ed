import type { EventId } from '../../execution/index.js';
import type { Card } from './cards.js';
import { type Slots, slotsOf } from './channels.js';
import type { Grid } from './grid.js';
import { heightOf, LABEL, PADDING, ROW_GAP, SLOT, TRACK } from './measures.js';
import type { Routing, Stretch } from './routes.js';

/** Where rows and corridors are, from the top of the first corridor. */
export interface Levels {
  readonly height: number;
  /** By row. */
  readonly tops: readonly number[];
  readonly heights: readonly number[];
  yOf(stretch: Stretch): number;
}

/**
 * Makes rows as high as their text and their lines need, and corridors as high as the lines that run in them.
 */
export function levelsOf(grid: Grid, cards: ReadonlyMap<EventId, Card>, routing: Routing): Levels {
  const slots = byLevel([...routing.ports, ...routing.corridors], 2 * grid.rows + 1).map(slotsOf);
  const texts = textHeights(grid, cards);
  const labelled = new Set(
    routing.straight.filter(({ notKept }) => notKept).map(({ to }) => grid.places[to]?.row),
  );
  const middles: number[] = [];
  const tops: number[] = [];
  const heights: number[] = [];
  let y = 0;
  slots.forEach(({ depth }, level) => {
    const row = (level - 1) / 2;
    if (level % 2 === 1) {
      tops[row] = y;
      heights[row] = Math.max(texts[row], depth * SLOT + 6);
      middles[level] = y + heights[row] / 2;
      y += heights[row];
    } else {
      const isOuter = level === 0 || level === 2 * grid.rows;
      const tracks = corridorHeight(depth, isOuter);
      middles[level] = y + tracks / 2;
      y += tracks + (labelled.has(level / 2) ? LABEL + 2 : 0);
    }
  });
  return {
    height: y,
    tops,
    heights,
    yOf: (stretch) => {
      const distance = stretch.level % 2 === 1 ? SLOT : TRACK;
      return middles[stretch.level] + offsetOf(slots[stretch.level], stretch) * distance;
    },
  };
}

const offsetOf = ({ offset }: Slots, stretch: Stretch): number => offset.get(stretch) ?? 0;

function corridorHeight(depth: number, isOuter: boolean): number {
  if (depth === 0) return isOuter ? 0 : ROW_GAP;
  return Math.max(ROW_GAP, (depth + 1) * TRACK + 12);
}

function byLevel(stretches: readonly Stretch[], levels: number): Stretch[][] {
  const found: Stretch[][] = Array.from({ length: levels }, () => []);
  for (const stretch of stretches) found[stretch.level].push(stretch);
  return found;
}

function textHeights({ places, rows }: Grid, cards: ReadonlyMap<EventId, Card>): number[] {
  const heights: number[] = Array(rows).fill(0);
  for (const place of places) {
    const lines = place ? (cards.get(place.event)?.lines ?? []) : [];
    const height = lines.reduce((sum, { size }) => sum + heightOf(size), PADDING);
    if (place) heights[place.row] = Math.max(heights[place.row], height);
  }
  return heights;
}
