/**
 * Files that were broken: what people's slips, torn downloads and other programs' mistakes make of good ones.
 */
import fc from 'fast-check';

/**
 * One change of a text. `at` numbers stand for places, by what is left of them when they are divided by how
 * many places there are.
 */
type Change =
  | { readonly kind: 'put'; readonly at: number; readonly removed: number; readonly text: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'swap'; readonly at: number; readonly other: number }
  | { readonly kind: 'drop-line'; readonly at: number }
  | {
      readonly kind: 'foreign';
      readonly at: number;
      readonly from: string;
      readonly start: number;
      readonly length: number;
    }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'lines'; readonly ending: string };

const extremes = [
  ...['0', '-1', '1', '255', '65536', '2147483647', '2147483648', '-2147483649', '4294967296'],
  ...[
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999',
    '0x',
    '0x1p3',
    '1e9',
    '07',
    '3.14',
  ],
];
const odd = [
  '\0',
  '\u00e9',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{1f427}',
  '\t',
  '\f',
  '\r',
  '\n',
  '\\',
  "'",
  '"',
  '`',
];
const signs = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '<',
  '>',
  ';',
  ':',
  ',',
  '.',
  '|',
  '||',
  '&',
  '&&',
  '*',
  '/',
  '+',
  '-',
  '!',
  '~',
  '?',
  '=',
];
const comments = ['(*', '*)', '/*', '*/', '//', '#', '^-1', '\\/', '/\\', '->'];

const at = fc.nat();
const chunk = fc.oneof(
  fc.constantFrom(...extremes),
  fc.constantFrom(...odd),
  fc.constantFrom(...signs),
  fc.constantFrom(...comments),
  fc.constant(''),
);

function changes(originals: readonly string[], words: readonly string[]): fc.Arbitrary<Change> {
  const text = fc.oneof(chunk, fc.constantFrom(...words));
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), at, removed: fc.nat(40), text }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), at, removed: fc.nat(3), text }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('swap' as const), at, other: at }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('repeat' as const),
        at,
        length: fc.integer({ min: 1, max: 30 }),
        times: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 2, max: 4 }) },
          fc.integer({ min: 5, max: 2000 }),
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop-line' as const), at }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('foreign' as const),
        at,
        from: fc.constantFrom(...originals),
        start: at,
        length: fc.nat(80),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('lines' as const),
        ending: fc.constantFrom('\r\n', '\r', '\n\n'),
      }),
    },
  );
}

const token = /[A-Za-z_]\w*|\d\w*|\s+|[^\w\s]/g;

function changed(text: string, change: Change): string {
  const place = 'at' in change ? change.at % (text.length + 1) : 0;
  switch (change.kind) {
    case 'put':
      return text.slice(0, place) + change.text + text.slice(place + change.removed);
    case 'repeat': {
      const piece = text.slice(place, place + change.length);
      return text.slice(0, place) + piece.repeat(change.times) + text.slice(place + change.length);
    }
    case 'swap': {
      const tokens = text.match(token) ?? [''];
      const [one, other] = [change.at % tokens.length, change.other % tokens.length];
      [tokens[one], tokens[other]] = [tokens[other], tokens[one]];
      return tokens.join('');
    }
    case 'drop-line': {
      const lines = text.split('\n');
      lines.splice(change.at % lines.length, 1);
      return lines.join('\n');
    }
    case 'foreign': {
      const start = change.start % (change.from.length + 1);
      return text.slice(0, place) + change.from.slice(start, start + change.length) + text.slice(place);
    }
    case 'cut':
      return text.slice(0, place);
    case 'lines':
      return text.replaceAll('\n', change.ending);
  }
}

/**
 * Texts made of originals by one to five changes.
 * @param words what the language of the originals is made of: put in where it does not belong
 */
export function mutations(originals: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const made = fc.array(changes(originals, words), { minLength: 1, maxLength: 5 });
  return fc.tuple(fc.constantFrom(...originals), made).map(([text, all]) => all.reduce(changed, text));
}

/** Texts that are no language's: bytes, and words of a language in any order. */
export function salad(words: readonly string[]): fc.Arbitrary<string> {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data).toString('latin1'));
  const anyWords = fc
    .array(fc.oneof(chunk, fc.constantFrom(...words)), { maxLength: 40 })
    .map((all) => all.join(' '));
  return fc.oneof(bytes, anyWords);
}

/** What is written in good files, each word once. */
export function wordsOf(originals: readonly string[]): readonly string[] {
  return [...new Set(originals.flatMap((text) => text.match(/[A-Za-z_]\w*|[^\s\w]+/g) ?? []))].sort();
}
