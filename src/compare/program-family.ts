import { locationName } from '../generate/cycle-program.js';
import type { ProgramShape } from './program-shape.js';

/** What programs of these threads are called in the literature: by what each does to which location. */
const families: Readonly<Record<string, string>> = {
  'WxRy | WyRx': 'SB',
  'WxWy | RyRx': 'MP',
  'RxWy | RyWx': 'LB',
  'WxWy | WyRx': 'R',
  'WxWy | RyWx': 'S',
  'WxWy | WyWx': '2+2W',
  'RxRx | Wx': 'CoRR',
  'RxWx | Wx': 'CoRW2',
  'WxRx | Wx': 'CoWR',
  WxWx: 'CoWW',
  RxWx: 'CoRW1',
  WxRx: 'CoWR0',
};

/** The name of a program: of its family, and what it has besides plain accesses. */
export function familyOf(program: ProgramShape): string {
  const threads = program.threads.map(({ accesses }, thread) =>
    accesses.map(({ direction }, index) => [direction, program.locations[thread][index]] as const),
  );
  const name = orders(threads)
    .map((order) => families[textOf(order)])
    .find((known) => known !== undefined);
  return [name ?? textOf(threads).replaceAll(' | ', '+'), ...wordsOf(program)].join('+');
}

type NamedAccesses = readonly (readonly [string, number])[];

function orders<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]];
  return all.flatMap((one, index) =>
    orders(all.filter((_, other) => other !== index)).map((rest) => [one, ...rest]),
  );
}

function textOf(threads: readonly NamedAccesses[]): string {
  const names = new Map<number, string>();
  const nameOf = (location: number): string => {
    const name = names.get(location) ?? locationName(names.size);
    names.set(location, name);
    return name;
  };
  return threads
    .map((accesses) => accesses.map(([direction, location]) => direction + nameOf(location)).join(''))
    .join(' | ');
}

function wordsOf({ threads }: ProgramShape): string[] {
  return threads.flatMap(({ accesses }) =>
    accesses.flatMap(({ annotation, fence, wait, update }) =>
      [fence, wait?.dependency, annotation, update].flatMap((word) => (word ? [word.toLowerCase()] : [])),
    ),
  );
}
