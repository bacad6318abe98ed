import { UsageError } from '../exit.js';
import type { Herd7Options } from './herd7-settings.js';

/** What `--help` has a part for, as herd7's. */
export type Category = 'setup' | 'runmode' | 'filter';

/** An option of herd7's that is not about pictures. One without `value` takes none. */
export interface Herd7Option {
  readonly name: string;
  readonly category: Category;
  readonly value?: string;
  readonly help: string;
  /** @throws UsageError when the value is none that it takes, or is not supported */
  readonly set: (options: Herd7Options, value: string) => void;
}

const bool = (text: string): boolean => {
  if (text !== 'true' && text !== 'false') throw new UsageError(`expects true or false, found ${text}`);
  return text === 'true';
};

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new UsageError(`expects a number, found ${text}`);
  return value;
};

const names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** An option of which some values ask for what is not done here. */
function only(harmless: readonly string[], asksFor: string): Herd7Option['set'] {
  return (_options, value) => {
    if (!harmless.includes(value)) throw new UsageError(`${value} is not supported: it asks for ${asksFor}`);
  };
}

function refuseOption(instead: string): Herd7Option['set'] {
  return () => {
    throw new UsageError(`is not supported: ${instead}`);
  };
}

const unserved =
  (name: string): Herd7Option['set'] =>
  (options, value) => {
    if (value !== 'none') options.unserved.add(`${name} ${value}`.trim());
  };

const model: Herd7Option['set'] = (options, value) => {
  options.model = value;
};

const CHOOSE_FILES = 'name the files of the tests';

export const optionTable: readonly Herd7Option[] = [
  {
    name: 'version',
    category: 'setup',
    help: "herd7's version whose answers these are, and fenceline's",
    set: (options) => {
      options.shows = 'version';
    },
  },
  {
    name: 'libdir',
    category: 'setup',
    help: 'the folder of the models that ship',
    set: (options) => {
      options.shows = 'libdir';
    },
  },
  {
    name: 'set-libdir',
    category: 'setup',
    value: '<folder>',
    help: 'where files are looked for after the folders of -I',
    set: (options, value) => {
      options.libdir = value;
    },
  },
  {
    name: 'v',
    category: 'setup',
    help: 'no effect but to undo -q',
    set: (options) => {
      options.quiet = false;
    },
  },
  {
    name: 'q',
    category: 'setup',
    help: 'no warnings about options',
    set: (options) => {
      options.quiet = true;
    },
  },
  {
    name: 'I',
    category: 'setup',
    value: '<folder>',
    help: 'where models, bell and macro files are looked for; may be repeated',
    set: (options, value) => {
      options.folders.push(value);
    },
  },
  {
    name: 'exit',
    category: 'setup',
    value: '<bool>',
    help: 'end with status 1 at the first test with an error',
    set: (options, value) => {
      options.exits = bool(value);
    },
  },
  {
    name: 'conf',
    category: 'setup',
    value: '<file>',
    help: 'read a configuration file: an option and its value on each line',
    // The reader of options sees to it.
    set: () => {},
  },
  {
    name: 'web',
    category: 'setup',
    help: 'not supported',
    set: refuseOption('name the configuration file with -conf'),
  },
  {
    name: 'c11',
    category: 'setup',
    help: 'not supported',
    set: refuseOption('name the configuration file with -conf'),
  },
  {
    name: 'bell',
    category: 'setup',
    value: '<file>',
    help: 'the tags of programs',
    set: (options, value) => {
      options.bell = value;
    },
  },
  {
    name: 'macros',
    category: 'setup',
    value: '<file>',
    help: 'what primitives are made of',
    set: (options, value) => {
      options.macros = value;
    },
  },
  { name: 'o', category: 'setup', value: '<folder>', help: 'no pictures are made', set: unserved('-o') },
  {
    name: 'dumpes',
    category: 'setup',
    value: '<bool>',
    help: 'no pictures are made',
    set: unserved('-dumpes'),
  },
  { name: 'debug', category: 'setup', value: '<tags>', help: 'no effect', set: () => {} },
  { name: 'verbose', category: 'setup', value: '<n>', help: 'no effect', set: () => {} },
  {
    name: 'kinds',
    category: 'setup',
    value: '<file>',
    help: 'not supported',
    set: refuseOption('change the tests'),
  },
  {
    name: 'conds',
    category: 'setup',
    value: '<file>',
    help: 'not supported',
    set: refuseOption('change the tests'),
  },
  ...['names', 'oknames', 'excl', 'nonames', 'rename'].map(
    (name): Herd7Option => ({
      name,
      category: 'setup',
      value: '<names>',
      help: 'not supported',
      set: refuseOption(CHOOSE_FILES),
    }),
  ),
  {
    name: 'hexa',
    category: 'setup',
    value: '<bool>',
    help: 'numbers in hexadecimal',
    set: (options, value) => {
      options.hexadecimal = bool(value);
    },
  },
  {
    name: 'candidates',
    category: 'setup',
    value: '<bool>',
    help: 'how many executions there are with the model and without it',
    set: (options, value) => {
      options.candidates = bool(value);
    },
  },
  {
    name: 'outcomereads',
    category: 'setup',
    value: '<bool>',
    help: 'true is not supported',
    set: only(['false'], 'registers in the states that the test does not name: name them in `locations`'),
  },
  {
    name: 'texmacros',
    category: 'setup',
    value: '<bool>',
    help: 'true is not supported',
    set: only(['false'], 'output for TeX'),
  },
  {
    name: 'speedcheck',
    category: 'runmode',
    value: '<false|true|fast>',
    help: 'look only at what the condition asks for; fast: at one execution of that',
    set: (options, value) => {
      if (value !== 'false' && value !== 'true' && value !== 'fast')
        throw new UsageError(`expects false, true or fast, found ${value}`);
      options.speedcheck = value;
    },
  },
  {
    name: 'variant',
    category: 'runmode',
    value: '<names>',
    help: 'variants that the model asks for, or lkmmv1 or lkmmv2',
    set: (options, value) => {
      options.variants.push(...names(value.toLowerCase()));
    },
  },
  {
    name: 'timeout',
    category: 'runmode',
    value: '<seconds>',
    help: 'give up on a test after this time',
    set: (options, value) => {
      if (value !== 'none') options.timeout = number(value);
    },
  },
  {
    name: 'unroll',
    category: 'runmode',
    value: '<n>',
    help: 'how often a loop may start again (default 2)',
    set: (options, value) => {
      if (value !== 'none') options.unroll = number(value);
    },
  },
  {
    name: 'restrict',
    category: 'runmode',
    value: '<tag>',
    help: 'only `no` is supported',
    set: only(['no'], 'some of the outcomes'),
  },
  {
    name: 'machsize',
    category: 'runmode',
    value: '<tag>',
    help: 'only auto is supported',
    set: only(['auto'], 'accesses of another size'),
  },
  {
    name: 'endian',
    category: 'runmode',
    value: '<tag>',
    help: 'only little is supported',
    set: only(['none', 'little'], 'another order of bytes'),
  },
  ...['optace', 'archcheck', 'initwrites', 'maxphantom'].map(
    (name): Herd7Option => ({
      name,
      category: 'runmode',
      value: '<value>',
      help: 'no effect on the answer, as in herd7',
      set: () => {},
    }),
  ),
  { name: 'switch', category: 'runmode', help: 'no effect', set: () => {} },
  { name: 'model', category: 'filter', value: '<file>', help: 'the model to check under', set: model },
  { name: 'cat', category: 'filter', value: '<file>', help: 'the same', set: model },
  {
    name: 'skipcheck',
    category: 'filter',
    value: '<name>',
    help: 'leave a check of the model out; may be repeated',
    set: (options, value) => {
      options.skip.push(value);
    },
  },
  {
    name: 'skipchecks',
    category: 'filter',
    value: '<names>',
    help: 'leave checks of the model out',
    set: (options, value) => {
      options.skip.push(...names(value));
    },
  },
  {
    name: 'strictskip',
    category: 'filter',
    value: '<bool>',
    help: 'true is not supported',
    set: only(['false'], 'executions that break all checks that are left out'),
  },
  {
    name: 'checkfilter',
    category: 'filter',
    value: '<bool>',
    help: 'false: take no notice of `filter` in tests',
    set: (options, value) => {
      options.filters = bool(value);
    },
  },
  {
    name: 'badexecs',
    category: 'filter',
    value: '<bool>',
    help: 'false is not supported',
    set: only(['true'], 'an end at the first execution with which a test is undefined'),
  },
  {
    name: 'badflag',
    category: 'filter',
    value: '<name>',
    help: 'a flag that makes a test undefined',
    set: (options, value) => {
      if (value === 'none') delete options.badFlag;
      else options.badFlag = value;
    },
  },
  {
    name: 'through',
    category: 'filter',
    value: '<tag>',
    help: 'only `none` is done',
    set: unserved('-through'),
  },
  {
    name: 'throughflag',
    category: 'filter',
    value: '<name>',
    help: 'not supported',
    set: only(['none'], 'executions with a flag alone'),
  },
  { name: 'show', category: 'filter', value: '<tag>', help: 'no pictures are made', set: unserved('-show') },
  {
    name: 'showflag',
    category: 'filter',
    value: '<name>',
    help: 'no pictures are made',
    set: unserved('-showflag'),
  },
  { name: 'nshow', category: 'filter', value: '<n>', help: 'no pictures are made', set: () => {} },
  { name: 'showone', category: 'filter', value: '<bool>', help: 'no pictures are made', set: () => {} },
  {
    name: 'statelessrc11',
    category: 'filter',
    value: '<bool>',
    help: 'true is not supported',
    set: only(['false'], 'RC11'),
  },
  {
    name: 'dumpallfaults',
    category: 'filter',
    value: '<bool>',
    help: 'no effect: there are no faults',
    set: () => {},
  },
];

/** Options with a value about how pictures look, which herd7 draws and this command does not. */
export const pictureOptions: readonly string[] =
  `arrowhead arrowsize boxscale brackets classes concurrentlabels cycles doshow dotcom dotheader dotmode dsiy edgeattr
edgedelta edgefontsizedelta edgemerge extrachars finaldotpos finalrfpos fixedsize fontname fontsize graph initdotpos initpos
initrfpos labelbox labelinit margin mono movelabel neato noid oneinit overlap pad penwidth ptscale relabel scale sep shift
shortlegend showevents showfinalrf showinitrf showinitwrites showkind showlegend showobserved showpo showraw showthread
siwidth splines squished suffix symetric threadposy tight tikz unshow verticalspacing view withbox xscale
yscale`.split(/\s+/);

/** The same without a value. */
export const pictureFlags: readonly string[] = ['gv', 'evince', 'preview'];
