import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { BadLink, linkOf, openLink, panes, type Shared, views } from '../../site/logic/link.js';
import { shippedTests } from '../../src/index.js';
import { runs } from '../seed.js';

const VERSION = '1.2.3';

const naturals = fc.nat({ max: 50 });
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(...Object.values(shippedTests)),
);
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const booleans = fc.record({
  assign: fc.boolean(),
  dereference: fc.boolean(),
  initialisedBefore: fc.boolean(),
  sameCpu: fc.boolean(),
});

const states: fc.Arbitrary<Shared> = fc
  .record({
    view: fc.constantFrom(...views),
    test: optional(fc.constantFrom(...Object.keys(shippedTests))),
    text: optional(texts),
    kernel: optional(fc.constantFrom('2.6', '6.x')),
    targets: optional(fc.array(fc.constantFrom('sc', 'alpha'))),
    target: optional(fc.constant('alpha')),
    pane: optional(fc.constantFrom(...panes)),
    state: optional(naturals),
    way: optional(naturals),
    machine: optional(fc.constant('alpha-21264')),
    steps: optional(fc.array(naturals)),
    model: optional(texts.map((text) => ({ name: 'alpha', files: { 'alpha.cat': text } }))),
    switches: optional(booleans),
    lesson: optional(fc.string()),
  })
  .map((state) => JSON.parse(JSON.stringify(state)) as Shared);

const packed = (content: string): string =>
  `1.${Buffer.from(deflateSync(strToU8(content))).toString('base64url')}`;

describe('links', () => {
  it('carry every state there and back, in characters that addresses may have', () => {
    fc.assert(
      fc.property(states, (state) => {
        const link = linkOf(state, VERSION);
        expect(link).toMatch(/^1\.[\w-]+$/);
        expect(openLink(`#${link}`, VERSION)).toEqual({ shared: state });
      }),
      runs(150),
    );
  });

  it('carry every test that ships, as it is and edited', () => {
    for (const [test, text] of Object.entries(shippedTests))
      for (const state of [
        { view: 'program', test },
        { view: 'program', test, text: `${text}(* mine *)` },
      ] as const)
        expect(openLink(`#${linkOf(state, VERSION)}`, VERSION)).toEqual({ shared: state });
  });

  it('are short: an edited test takes much less than its text, and one that ships its path', () => {
    const text = `${shippedTests['nmi/whole.litmus']}(* edited *)`;
    expect(linkOf({ view: 'program', text }, VERSION).length).toBeLessThan(text.length * 0.6);
    expect(linkOf({ view: 'program', test: 'nmi/whole.litmus' }, VERSION).length).toBeLessThan(120);
  });

  it('say when another version has made them', () => {
    const link = linkOf({ view: 'quiz' }, '0.9.0');
    expect(openLink(link, VERSION)).toEqual({ shared: { view: 'quiz' }, madeBy: '0.9.0' });
    expect(() => openLink('2.abc', VERSION)).toThrow(/form 2, from another version of fenceline/);
  });

  it('can be written by hand', () => {
    expect(openLink('#test=classic%2Fx86%2FSB.litmus', VERSION)).toEqual({
      shared: { view: 'program', test: 'classic/x86/SB.litmus' },
    });
    expect(openLink('#library', VERSION)).toEqual({ shared: { view: 'library' } });
    expect(openLink('', VERSION)).toBeUndefined();
  });

  it('are read, or refused with a reason, whatever is in them', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'1.abc-_%&=XYZ') }),
      fc.json().map(packed),
      fc.tuple(states, fc.nat(), fc.string()).map(([state, at, more]) => {
        const link = linkOf(state, VERSION);
        return link.slice(0, at % link.length) + more + link.slice((at % link.length) + 1);
      }),
    );
    fc.assert(
      fc.property(anything, (fragment) => {
        try {
          const opened = openLink(fragment, VERSION);
          if (opened) expect(views).toContain(opened.shared.view);
        } catch (error) {
          expect(error).toBeInstanceOf(BadLink);
        }
      }),
      runs(300),
    );
  });

  it('take only what is of the right type', () => {
    const content = {
      view: 'program',
      text: { evil: true },
      targets: ['sc', 7],
      steps: [1, -1, 'x'],
      state: '3',
      model: 4,
    };
    expect(openLink(packed(JSON.stringify(content)), VERSION)).toEqual({
      shared: { view: 'program', targets: ['sc'], steps: [1] },
    });
  });

  it('end by a limit when they would unpack to a monster', () => {
    const bomb = packed(JSON.stringify({ view: 'program', text: 'x'.repeat(9_000_000) }));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => openLink(bomb, VERSION)).toThrow('this link holds more than any that this page makes');
    expect(() => openLink(`1.${'a'.repeat(500_000)}`, VERSION)).toThrow('longer than any');
  });
});
