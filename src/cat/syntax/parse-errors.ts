import { type IParserErrorMessageProvider, type IToken, tokenLabel } from 'chevrotain';

/** What the reader of a message sees of a token. */
function shown(token: IToken): string {
  if (token.image === '') return 'the end of the text';
  const text = token.image.replace(/\s+/g, ' ');
  return `\`${text.length > 30 ? `${text.slice(0, 30)}...` : text}\``;
}

/** Says what was expected and what stands there instead; the place is added by who raises. */
export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${tokenLabel(expected)}, found ${shown(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `expected an operator or the next instruction, found ${shown(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual, customUserDescription }) => {
    const first = expectedPathsPerAlt.flatMap((paths) => paths.map((path) => tokenLabel(path[0])));
    return `expected ${customUserDescription ?? oneOfTokens([...new Set(first)])}, found ${shown(actual[0])}`;
  },
  buildEarlyExitMessage: ({ expectedIterationPaths, actual, customUserDescription }) => {
    const first = expectedIterationPaths.map((path) => tokenLabel(path[0]));
    return `expected ${customUserDescription ?? oneOfTokens([...new Set(first)])}, found ${shown(actual[0])}`;
  },
};

function oneOfTokens(labels: string[]): string {
  if (labels.length < 2) return labels.join('');
  // An expression can begin in many ways; a list of them all says less than the word.
  if (labels.length > 6) return 'an expression';
  return `${labels.slice(0, -1).join(', ')} or ${labels[labels.length - 1]}`;
}
