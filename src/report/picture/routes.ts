import type { Grid, GridPlace } from './grid.js';
import type { Link } from './links.js';
import { isDependency } from './relations.js';

/**
 * A stretch that goes sideways: from a box into the gap beside it, or past lanes from gap to gap. Gap g is on
 * the left of lane g; the last one, on the right of all. Levels go from top to bottom: 2r + 1 is row r, 2r
 * the corridor above it.
 */
export interface Stretch {
  readonly level: number;
  first: number;
  last: number;
  /** Where it would best be among those at its level: those with a smaller number are above. */
  rank: number;
  /** How many links make up `rank`. */
  uses: number;
}

/** A side of an event's box. */
export interface End {
  readonly place: GridPlace;
  readonly side: 'left' | 'right';
}

/** Where links of one kind leave a box, or enter it. */
export interface Port extends Stretch, End {
  readonly isOut: boolean;
  readonly link: Link;
}

/** A link's way: stretches, and between one and the next a gap in which it goes up or down. */
export interface Route {
  readonly link: Link;
  readonly from: Port;
  readonly to: End;
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly number[];
}

export interface Routing {
  readonly routes: readonly Route[];
  readonly ports: readonly Port[];
  /** Stretches between rows. */
  readonly corridors: readonly Stretch[];
  /** Links that go straight down in their lane. */
  readonly straight: readonly Link[];
}

/**
 * Finds each link's way: in the gap beside its boxes when they are in one lane or in neighbouring ones; else
 * past the lanes between, in the row of one of the two when no box is in the way there, or between two rows.
 */
export function routesOf(links: readonly Link[], grid: Grid): Routing {
  const router = new Router(grid);
  const straight = links.filter((link) => isStraight(link, grid));
  const routes = links.filter((link) => !isStraight(link, grid)).map((link) => router.route(link));
  return { routes, ports: router.ports, corridors: router.corridors, straight };
}

/** Program order from an event to the next one in its lane. */
function isStraight({ from, to, relation }: Link, { places }: Grid): boolean {
  return relation === 'po' && to === from + 1 && places[from]?.lane === places[to]?.lane;
}

class Router {
  readonly corridors: Stretch[] = [];
  private readonly known = new Map<string, Port>();
  private readonly taken = new Set<string>();

  constructor(private readonly grid: Grid) {
    for (const place of grid.places) if (place) this.taken.add(`${place.lane} ${place.row}`);
  }

  get ports(): Port[] {
    return [...this.known.values()];
  }

  route(link: Link): Route {
    const [source, target] = [this.grid.places[link.from], this.grid.places[link.to]] as [
      GridPlace,
      GridPlace,
    ];
    if (source.lane === target.lane) return this.beside(link, source, target);
    const [start, end] =
      source.lane < target.lane ? [source.lane + 1, target.lane] : [source.lane, target.lane + 1];
    if (source.row === target.row && this.isFree(source.row, source.lane, target.lane))
      return this.across(link, source, target, start, end);
    const from = this.port(link, source, start, true);
    const to = this.port(link, target, end, false);
    use(from, rank(source, target));
    use(to, rank(target, source));
    if (start === end) return { link, from, to, stretches: [from, to], gaps: [start] };
    return this.past(link, from, to, start, end);
  }

  /** In one lane: dependencies and program order on the right, communication on the left. */
  private beside(link: Link, source: GridPlace, target: GridPlace): Route {
    const isRight = link.relation === 'po' || link.relation === 'other' || isDependency(link.relation);
    const gap = source.lane + (isRight ? 1 : 0);
    const from = this.port(link, source, gap, true);
    const to = this.port(link, target, gap, false);
    use(from, turnRank(source, target));
    use(to, turnRank(target, source));
    return { link, from, to, stretches: [from, to], gaps: [gap] };
  }

  /** In one row: a stretch that is both ends. */
  private across(link: Link, source: GridPlace, target: GridPlace, start: number, end: number): Route {
    const from = this.port(link, source, start, true, ` to ${link.to}`);
    extend(from, end);
    const to: End = { place: target, side: source.lane < target.lane ? 'left' : 'right' };
    return { link, from, to, stretches: [from], gaps: [] };
  }

  /** Past the lanes between. */
  private past(link: Link, from: Port, to: Port, start: number, end: number): Route {
    const [source, target] = [from.place, to.place];
    const direct = { link, from, to, stretches: [from, to] };
    if (this.isFree(source.row, source.lane, target.lane)) {
      extend(from, end);
      return { ...direct, gaps: [end] };
    }
    if (this.isFree(target.row, source.lane, target.lane)) {
      extend(to, start);
      return { ...direct, gaps: [start] };
    }
    const corridor: Stretch = {
      level: 2 * source.row + (target.row > source.row ? 2 : 0),
      first: Math.min(start, end),
      last: Math.max(start, end),
      rank: rank(source, target),
      uses: 1,
    };
    this.corridors.push(corridor);
    return { link, from, to, stretches: [from, corridor, to], gaps: [start, end] };
  }

  /** Whether no lane between two has a box in a row. */
  private isFree(row: number, a: number, b: number): boolean {
    for (let lane = Math.min(a, b) + 1; lane < Math.max(a, b); lane++)
      if (this.taken.has(`${lane} ${row}`)) return false;
    return true;
  }

  private port(link: Link, place: GridPlace, gap: number, isOut: boolean, own = ''): Port {
    const { names, inCycle, notKept } = link;
    const key = `${place.event} ${gap} ${isOut} ${names} ${inCycle} ${notKept}${own}`;
    const known = this.known.get(key);
    if (known) return known;
    const side = gap === place.lane ? 'left' : 'right';
    const level = 2 * place.row + 1;
    const port: Port = { level, first: gap, last: gap, rank: 0, uses: 0, place, side, isOut, link };
    this.known.set(key, port);
    return port;
  }
}

function use(stretch: Stretch, wish: number): void {
  stretch.rank = (stretch.rank * stretch.uses + wish) / (stretch.uses + 1);
  stretch.uses++;
}

function extend(stretch: Stretch, gap: number): void {
  stretch.first = Math.min(stretch.first, gap);
  stretch.last = Math.max(stretch.last, gap);
}

/**
 * Where a stretch to another lane best leaves: those that go up are above those that go down, and those that
 * go far outside. Lines then meet where they go up and down as seldom as can be.
 */
function rank(here: GridPlace, there: GridPlace): number {
  const distance = there.row - here.row;
  return Math.sign(distance) * (2 - 1 / (1 + Math.abs(distance)));
}

/** The same for lines that come back to their lane: outside the others, and those that go far inside. */
function turnRank(here: GridPlace, there: GridPlace): number {
  const distance = there.row - here.row;
  return Math.sign(distance) * (3 + 1 / (1 + Math.abs(distance)));
}
