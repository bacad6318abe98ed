import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shippedModel } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { explainAll } from '../../src/explain/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { type Layout, layoutOf, pictureOfAll, pictureRelationNames, svgOf } from '../../src/report/index.js';
import { shippedTests } from '../../src/shipped.js';
import { runs } from '../seed.js';
import { type Drawn, drawings } from './executions.js';
import { faultsOf } from './geometry.js';

const layoutFor = ({ picture, test, shown }: Drawn) => layoutOf(picture, test, { shown });

const everything = new Set(pictureRelationNames);

/** Whether one event is reached from another along links. */
function closure(n: number, links: Layout['links']): (from: number, to: number) => boolean {
  const reached = Array.from({ length: n }, () => new Set<number>());
  for (const { link } of links) reached[link.from].add(link.to);
  for (let middle = 0; middle < n; middle++) {
    for (const after of reached) if (after.has(middle)) for (const to of reached[middle]) after.add(to);
  }
  return (from, to) => reached[from].has(to);
}

describe('the layout of a picture', () => {
  const small = drawings({ cpus: 5, perCpu: [0, 7], cells: 3 });

  it('has no line through a box or over a name, no names on one another, and nothing outside', () => {
    fc.assert(
      fc.property(small, (drawn) => {
        expect(faultsOf(layoutFor(drawn))).toEqual([]);
      }),
      runs(150),
    );
  });

  it('is as clear when it is crowded', () => {
    fc.assert(
      fc.property(drawings({ cpus: 4, perCpu: [15, 40], cells: 2 }), (drawn) => {
        expect(faultsOf(layoutFor(drawn))).toEqual([]);
      }),
      runs(50),
    );
  });

  it('has each event once, below those before it in program order', () => {
    fc.assert(
      fc.property(small, (drawn) => {
        const { events } = drawn.picture.execution.graph;
        const boxes = layoutFor(drawn).events;
        const own = boxes.filter(({ event }) => events[event].cpu >= 0);
        expect(own.map(({ event }) => event).sort((a, b) => a - b)).toEqual(
          events.flatMap(({ cpu }, event) => (cpu >= 0 ? [event] : [])),
        );
        for (const box of own) {
          for (const other of own) {
            if (events[box.event].cpu !== events[other.event].cpu || box.event >= other.event) continue;
            expect(box.y + box.height).toBeLessThan(other.y);
          }
        }
      }),
      runs(100),
    );
  });

  it('shows what is not clear to this test', () => {
    const isBent = ({ points }: Layout['links'][number]) => points.length === 4;
    const bent = small.map(layoutFor).filter(({ links }) => links.some(isBent));
    fc.assert(
      fc.property(bent, (layout) => {
        const link = layout.links.find(isBent) as Layout['links'][number];
        const { x, y } = link.points[1];
        const at = { x: x - 1, y: y - 1 };
        const faults = (change: Partial<Layout>) => faultsOf({ ...layout, ...change }).join('\n');
        const { events, labels, links, texts, width } = layout;
        expect(faults({ events: [...events, { ...events[0], ...at }] })).toContain('runs through');
        expect(faults({ labels: [...labels, { ...texts[0], ...at }] })).toContain('runs over');
        expect(faults({ labels: [...labels, { ...labels[0] }] })).toContain('overlap');
        expect(faults({ width: width / 2 })).toContain('not within the canvas');
        const other = { ...link, link: { ...link.link, names: ['other'] } };
        expect(faults({ links: [...links, other] })).toContain(' is on ');
      }),
      runs(50),
    );
  });

  it('goes downwards with time, where there is one order of all effects', () => {
    fc.assert(
      fc.property(drawings({ cpus: 4, perCpu: [0, 8], cells: 2, takesTurns: true }), (drawn) => {
        const { links } = layoutOf({ ...drawn.picture, cycle: [] }, drawn.test);
        for (const { points } of links) expect(points[points.length - 1].y).toBeGreaterThan(points[0].y);
      }),
      runs(100),
    );
  });

  it('leaves out only what follows from what is drawn', () => {
    fc.assert(
      fc.property(small, ({ picture, test }) => {
        const { graph, sources, coherence } = picture.execution;
        const follows = closure(graph.events.length, layoutOf(picture, test, { shown: everything }).links);
        for (const relation of [graph.addr, graph.data, graph.ctrl, graph.rmw])
          for (const [from, to] of relation) expect(follows(from, to)).toBe(true);
        for (const writes of coherence.values()) {
          for (const [at, write] of writes.entries())
            for (const later of writes.slice(at + 1)) expect(follows(write, later)).toBe(true);
        }
        for (const [read, source] of sources.entries()) {
          if (source === undefined) continue;
          expect(follows(source, read)).toBe(true);
          const writes = coherence.get(graph.events[read].cell as never) ?? [];
          for (const later of writes.slice(writes.indexOf(source) + 1))
            expect(follows(read, later)).toBe(true);
        }
      }),
      runs(100),
    );
  });

  it('is the same each time', () => {
    fc.assert(
      fc.property(small, (drawn) => {
        expect(svgOf(layoutFor(drawn))).toBe(svgOf(layoutFor(drawn)));
      }),
      runs(50),
    );
  });
});

describe('pictures of tests', () => {
  const drawn = (test: LitmusTest, architecture: 'i386' | 'alpha' | 'lkmm') => {
    const model = shippedModel(architecture);
    const options = { target: { architecture, era: '6.x' as const } };
    const explanations = explainAll(test, model, check(test, model, options), options);
    return layoutOf(pictureOfAll(explanations, test, architecture), test);
  };
  const linksIn = ({ links }: Layout) => links.map(({ link }) => `${link.names} ${link.from}-${link.to}`);

  it.each([
    ['classic/c/IRIW+mbs', 'lkmm'],
    ['classic/c/Peterson+mbs', 'i386'],
    ['nmi/whole', 'i386'],
    ['nmi/whole', 'alpha'],
    ['nmi/lifetime-no-grace-period', 'alpha'],
    ['rcu/4.LB+syncs+rscss', 'lkmm'],
  ] as const)('are clear: %s on %s', (name, architecture) => {
    const layout = drawn(parseLitmus(shippedTests[`${name}.litmus`]), architecture);
    expect(faultsOf(layout)).toEqual([]);
    expect(layout.links.length).toBeGreaterThan(4);
  });

  /**
   * A queue for two that is filled three times: much goes from one CPU to the other, and from each to itself.
   */
  const queue = parseLitmus(`C queue
{}
P0(int *slot, int *full) {
  int r0;
  WRITE_ONCE(*slot, 1);
  smp_store_release(full, 1);
  r0 = smp_load_acquire(full);
  if (r0 == 2) { WRITE_ONCE(*slot, 2); smp_store_release(full, 3); }
}
P1(int *slot, int *full) {
  int r1; int r2;
  r1 = smp_load_acquire(full);
  if (r1 == 1) { r2 = READ_ONCE(*slot); smp_store_release(full, 2); }
}
exists (full=3 /\\ 1:r2=1)
`);

  it('have the lines that they need', () => {
    const layout = drawn(queue, 'lkmm');
    expect(faultsOf(layout)).toEqual([]);
    // Events: slot, full; then 2 to 6 of P0, and 7 to 9 of P1. The load of slot, 8, comes before the second
    // store to it, 5.
    expect(linksIn(layout).sort()).toEqual(
      [
        ...['po 2-3', 'po 3-4', 'po 4-5', 'po 5-6', 'po 7-8', 'po 8-9'],
        ...['rf 2-8', 'rf 3-7', 'rf 9-4', 'fr 8-5'],
        ...['co 2-5', 'co 3-9', 'co 9-6', 'ctrl 4-5', 'ctrl 7-8'],
      ].sort(),
    );
  });

  it('shorten names, and have them in full', () => {
    const name = 'the_number_of_times_that_the_handler_was_called';
    const text = `C names\n{}\nP0(int *${name}) { WRITE_ONCE(*${name}, 1); }\nexists (${name}=1)\n`;
    const { events, labels } = drawn(parseLitmus(text), 'lkmm');
    expect(labels).toEqual([]);
    expect(events.map(({ lines }) => lines.some((line) => line.text.includes('…')))).toEqual([true]);
    expect(events[0].whole).toContain(`stores ${name} = 1`);
  });
});

describe('SVG', () => {
  it('is well-formed', () => {
    fc.assert(
      fc.property(drawings({ cpus: 3, perCpu: [0, 5], cells: 2 }), (drawn) => {
        const text = svgOf(layoutFor(drawn));
        const open: string[] = [];
        const rest = text.replace(
          /<(\/?)([a-z]+)((?: [\w-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)(\/?)>/g,
          (...groups) => {
            const [, closes, name, , isEmpty] = groups as string[];
            if (closes) expect(open.pop()).toBe(name);
            else if (!isEmpty) open.push(name);
            return '';
          },
        );
        expect(open).toEqual([]);
        expect(rest.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/[<&\p{Cs}]/u);
      }),
      runs(100),
    );
  });
});
