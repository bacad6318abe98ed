import type { EventId } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { type Card, cardOf, wholeText } from './cards.js';
import { headingOf, legendOf, textAt } from './frame.js';
import { type Columns, columnsOf, labelOf } from './gaps.js';
import { type Grid, type GridPlace, gridOf } from './grid.js';
import { type Levels, levelsOf } from './levels.js';
import { eventsOf, type Link, linksOf } from './links.js';
import { cut, heightOf, INDENT, LABEL, LEAD, MARGIN, PADDING, SMALL, TEXT, widthOf } from './measures.js';
import type { Layout, PlacedEvent, PlacedLink, PlacedText, Point, Rectangle, Sample } from './model.js';
import type { PictureOptions } from './relations.js';
import { type End, type Port, type Route, type Routing, routesOf } from './routes.js';
import type { Picture } from './subject.js';

/** The legend needs some width, whatever the events need. */
const LEAST_WIDTH = 460;
const ABOVE_LANES = 10;
const BELOW_NAMES = 8;
const ABOVE_LEGEND = 22;

/**
 * Places all that a picture consists of: a lane for each CPU, time downwards; lines that go up, down and
 * sideways between boxes and through none; and a name where a line leaves a box. A pure function of what it
 * is given, so that the same picture comes out the same.
 */
export function layoutOf(picture: Picture, test: LitmusTest, options: PictureOptions = {}): Layout {
  const links = linksOf(picture, options);
  const events = eventsOf(picture, options);
  const grid = gridOf(picture, events, test);
  const cards = new Map(events.map((event) => [event, cardOf(picture, event, test)]));
  const routing = routesOf(links, grid);
  const levels = levelsOf(grid, cards, routing);
  const columns = columnsOf(grid, cards, routing, levels);
  const inner = Math.max(columns.width, LEAST_WIDTH);
  const hasInitial = events.some((event) => picture.execution.graph.events[event].cpu < 0);
  const heading = headingOf(picture, test, inner, hasInitial);
  const names = heading.height + MARGIN + ABOVE_LANES;
  const origin = { x: MARGIN + (inner - columns.width) / 2, y: names + heightOf(TEXT) + BELOW_NAMES };
  const body = new Body(picture, grid, cards, routing, levels, columns, origin);
  const legend = legendOf(links, picture.order !== undefined, inner);
  const bottom = origin.y + levels.height + ABOVE_LEGEND;
  return {
    width: Math.ceil(inner + 2 * MARGIN),
    height: Math.ceil(bottom + legend.height + MARGIN),
    title: `${picture.heading}: ${picture.verdict}`,
    description: describe(picture, events, test),
    texts: [
      ...heading.texts.map((text) => movedRoute(text, MARGIN, MARGIN)),
      ...body.laneNames(names),
      ...legend.texts.map((text) => movedRoute(text, MARGIN, bottom)),
    ],
    ...body.placed(links),
    legend: legend.samples.map((sample) => movedSample(sample, MARGIN, bottom)),
    hasCycle: links.some(({ inCycle }) => inCycle),
  };
}

const movedRoute = <T extends Point>(what: T, x: number, y: number): T => ({
  ...what,
  x: what.x + x,
  y: what.y + y,
});

const movedSample = (sample: Sample, x: number, y: number): Sample => ({
  ...sample,
  from: movedRoute(sample.from, x, y),
  to: movedRoute(sample.to, x, y),
});

/** What is to be seen, for those who do not see it. */
function describe(picture: Picture, events: readonly EventId[], test: LitmusTest): string {
  const { asked, verdict, execution, order } = picture;
  const told = order ?? events.filter((event) => execution.graph.events[event].cpu >= 0);
  const head = order ? 'Events in the order in which they take effect' : 'Events, CPU by CPU';
  const lines = told.map((event) => wholeText(picture, event, test));
  return `${asked}: ${verdict}. ${head}: ${lines.join('; ')}.`;
}

/** Boxes, lines and their names, once it is known where levels and columns are. */
class Body {
  constructor(
    private readonly picture: Picture,
    private readonly grid: Grid,
    private readonly cards: ReadonlyMap<EventId, Card>,
    private readonly routing: Routing,
    private readonly levels: Levels,
    private readonly columns: Columns,
    private readonly origin: Point,
  ) {}

  laneNames(y: number): PlacedText[] {
    return this.grid.lanes.map((name, lane) => {
      const { x, width } = this.lane(lane);
      const shown = cut(name, Math.floor(width / widthOf('x', TEXT)));
      const left = x + (width - widthOf(shown, TEXT)) / 2;
      return textAt(left, y, shown, TEXT, 'strong', shown === name ? undefined : name);
    });
  }

  placed(links: readonly Link[]): Pick<Layout, 'events' | 'handlers' | 'links' | 'labels'> {
    const inCycle = new Set(links.filter((link) => link.inCycle).flatMap(({ from, to }) => [from, to]));
    const events = this.grid.places.flatMap((place) => (place ? [this.event(place, inCycle)] : []));
    const labels = new Map<Port, PlacedText>();
    for (const port of this.routing.ports) if (port.isOut) labels.set(port, this.label(port));
    const routed = this.routing.routes.map((route) => this.link(route, labels));
    const straight = this.routing.straight.map((link) => this.straight(link));
    const named = straight.flatMap(({ label }) => label ?? []);
    const all = [...straight, ...routed];
    return {
      events,
      handlers: this.handlers(),
      links: [...all.filter(({ link }) => !link.inCycle), ...all.filter(({ link }) => link.inCycle)],
      labels: [...labels.values(), ...named],
    };
  }

  private lane(lane: number): { readonly x: number; readonly width: number } {
    return { x: this.origin.x + this.columns.lefts[lane], width: this.columns.widths[lane] };
  }

  private box({ lane, row, depth }: GridPlace): Rectangle {
    const { x, width } = this.lane(lane);
    const indent = depth * INDENT;
    const y = this.origin.y + this.levels.tops[row];
    return { x: x + indent, y, width: width - indent, height: this.levels.heights[row] };
  }

  private event(place: GridPlace, inCycle: ReadonlySet<EventId>): PlacedEvent {
    const { event } = place;
    const { execution } = this.picture;
    const card = this.cards.get(event) as Card;
    const box = this.box(place);
    return {
      ...box,
      event,
      kind: execution.graph.events[event].kind,
      lines: this.lines(card, box),
      whole: card.whole,
      inCycle: inCycle.has(event),
      isWrong: execution.errors.some((error) => error.event === event),
    };
  }

  private lines({ lines, number }: Card, box: Rectangle): PlacedText[] {
    const texts: PlacedText[] = [];
    const height = lines.reduce((sum, { size }) => sum + heightOf(size), 0);
    const x = box.x + PADDING;
    let y = box.y + (box.height - height) / 2;
    if (number) texts.push(textAt(x, y + (heightOf(TEXT) - heightOf(SMALL)) / 2, number, SMALL, 'dim'));
    for (const { text, size, style } of lines) {
      texts.push(textAt(x + this.columns.numbers, y, text, size, style));
      y += heightOf(size);
    }
    return texts;
  }

  private handlers(): Rectangle[] {
    const { tops, heights } = this.levels;
    return this.grid.handlers.map(({ lane, firstRow, lastRow, depth }) => {
      const { x, width } = this.lane(lane);
      const left = x + (depth - 1) * INDENT + 3;
      const top = this.origin.y + tops[firstRow] - 7 + depth;
      const bottom = this.origin.y + tops[lastRow] + heights[lastRow] + 7 - depth;
      return { x: left, y: top, width: x + width + 6 - depth - left, height: bottom - top };
    });
  }

  private sideOf({ place, side }: End): number {
    const { x, width } = this.box(place);
    return side === 'left' ? x : x + width;
  }

  /** Beside the box, on the line that leaves it. */
  private label(port: Port): PlacedText {
    const { link, side } = port;
    const text = labelOf(link);
    const width = widthOf(text, SMALL);
    const edge = this.lane(port.place.lane);
    const x = side === 'right' ? edge.x + edge.width + LEAD : edge.x - LEAD - width;
    const y = this.origin.y + this.levels.yOf(port) - LABEL / 2;
    return { x, y, width, height: LABEL, text, size: SMALL, style: link.relation };
  }

  private link(route: Route, labels: ReadonlyMap<Port, PlacedText>): PlacedLink {
    const { link, from, to, stretches } = route;
    const rises = this.columns.rises.get(route) ?? [];
    const xs = [this.sideOf(from), ...rises.map((x) => x + this.origin.x), this.sideOf(to)];
    const points = stretches.flatMap((stretch, at): Point[] => {
      const y = this.origin.y + this.levels.yOf(stretch);
      return [
        { x: xs[at], y },
        { x: xs[at + 1], y },
      ];
    });
    const label = labels.get(from);
    return { link, points, ...(label ? { label } : {}) };
  }

  /** In the middle of the lane, from box to box; what the model does not keep has its name at the end. */
  private straight(link: Link): PlacedLink {
    const [source, target] = [link.from, link.to].map((event) =>
      this.box(this.grid.places[event] as GridPlace),
    );
    const lane = this.lane((this.grid.places[link.from] as GridPlace).lane);
    const x = lane.x + lane.width / 2;
    const points = [
      { x, y: source.y + source.height },
      { x, y: target.y },
    ];
    if (!link.notKept) return { link, points };
    const label = textAt(x + LEAD, target.y - LABEL - 2, labelOf(link), SMALL, link.relation);
    return { link, points, label: { ...label, height: LABEL } };
  }
}
