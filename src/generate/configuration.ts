import { nearMatch } from '../near-match.js';
import { dialectNamed, modeNamed, observationNamed, type Settings } from './generator-settings.js';
import { CycleError } from './relaxation-vocabulary.js';

/** What a configuration file says; to be completed. */
type DraftSettings = { -readonly [Key in keyof Settings]?: Settings[Key] };

type Setter = (draft: DraftSettings, argument: string) => void;

/** An option that diy7 has: whether it takes an argument, and what it comes to. */
interface ConfigurationOption {
  readonly takes: boolean;
  readonly set: Setter;
}

const flag = (set: (draft: DraftSettings) => void): ConfigurationOption => ({ takes: false, set });
const argumentOf = (set: Setter): ConfigurationOption => ({ takes: true, set });
const ignored: ConfigurationOption = argumentOf(() => {});

type ListKey = 'relaxations' | 'relaxed' | 'rejected' | 'prefixes';

function list(key: ListKey): ConfigurationOption {
  return argumentOf((draft, text) => {
    draft[key] = [...(draft[key] ?? []), text];
  });
}

function numberIn(key: 'size' | 'cpus' | 'edges' | 'digits'): ConfigurationOption {
  return argumentOf((draft, text) => {
    draft[key] = natural(text);
  });
}

function natural(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CycleError(`a whole number is expected, not ${text}`);
}

function truthValue(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new CycleError(`true or false is expected, not ${text}`);
}

const ALL = 100;

/** Bounds of how many different relaxed ones a cycle has. */
function bound(index: 0 | 1): ConfigurationOption {
  return argumentOf((draft, text) => {
    const [least, most] = draft.relaxedBounds ?? [1, ALL];
    draft.relaxedBounds = index === 0 ? [natural(text), most] : [least, natural(text)];
  });
}

function cumulative(text: string): readonly string[] | undefined {
  if (text === 'true') return undefined;
  return text === 'false' ? [] : text.split(/[\s,|[\]]+/).filter(Boolean);
}

const conditions = { cycle: 'exists', observe: 'observe' } as const;

/**
 * What diy7 takes in a configuration file. What says where and how it writes is for the command line to say.
 */
const options: Readonly<Record<string, ConfigurationOption>> = {
  arch: argumentOf((draft, text) => {
    draft.dialect = dialectNamed(text);
  }),
  safe: list('relaxations'),
  relaxlist: list('relaxations'),
  relax: list('relaxed'),
  reject: list('rejected'),
  rejectlist: list('rejected'),
  prefix: list('prefixes'),
  size: numberIn('size'),
  exact: flag((draft) => {
    draft.exact = true;
  }),
  mode: argumentOf((draft, text) => {
    draft.mode = modeNamed(text);
  }),
  nprocs: numberIn('cpus'),
  eprocs: flag((draft) => {
    draft.exactCpus = true;
  }),
  ins: numberIn('edges'),
  mix: argumentOf((draft, text) => {
    draft.relaxedBounds = truthValue(text) ? (draft.relaxedBounds ?? [1, ALL]) : [1, 1];
  }),
  maxrelax: bound(1),
  minrelax: bound(0),
  cumul: argumentOf((draft, text) => {
    const fences = cumulative(text);
    if (fences) draft.cumulative = fences;
  }),
  obs: argumentOf((draft, text) => {
    draft.observers = observationNamed({ false: 'avoid', true: 'accept', oo: 'infinity' }[text] ?? text);
  }),
  cond: argumentOf((draft, text) => {
    if (!(text in conditions)) throw new CycleError(`cycle or observe is expected, not ${text}`);
    draft.condition = conditions[text as keyof typeof conditions];
  }),
  neg: argumentOf((draft, text) => {
    draft.condition = truthValue(text) ? 'not-exists' : 'exists';
  }),
  oneloc: flag((draft) => {
    draft.oneLocation = true;
  }),
  name: argumentOf((draft, text) => {
    draft.name = text;
  }),
  fmt: numberIn('digits'),
  cycleonly: ignored,
  num: ignored,
  addnum: ignored,
  o: ignored,
  metadata: ignored,
  stdout: flag(() => {}),
  v: flag(() => {}),
};

/** An option a line, `-size 4`; `#` begins a comment. */
const LINE = /^\s*(?:-(\S+)(?:\s+(.*?))?)?\s*$/;

/**
 * Reads a configuration file of diy7's.
 * @param name the file, for messages
 * @throws CycleError
 */
export function readConfiguration(text: string, name: string): Partial<Settings> {
  const draft: DraftSettings = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) continue;
    try {
      readLine(line, draft);
    } catch (error) {
      if (!(error instanceof CycleError)) throw error;
      throw new CycleError(`${name}, line ${index + 1}: ${error.message}`);
    }
  }
  return draft;
}

function readLine(line: string, draft: DraftSettings): void {
  const match = line.match(LINE);
  if (!match) throw new CycleError(`an option such as -size 4 is expected, not ${line.trim()}`);
  const [, word, text = ''] = match;
  if (word === undefined) return;
  const option = options[word] ?? unknown(word);
  if (option.takes && text === '') throw new CycleError(`-${word} takes an argument`);
  if (!option.takes && text !== '') throw new CycleError(`-${word} takes no argument, and ${text} is given`);
  option.set(draft, text);
}

function unknown(word: string): never {
  const near = nearMatch(word, Object.keys(options));
  const meant = near
    ? `; did you mean -${near}?`
    : `; there are ${Object.keys(options)
        .map((one) => `-${one}`)
        .join(', ')}`;
  throw new CycleError(`-${word} is not supported${meant}`);
}
