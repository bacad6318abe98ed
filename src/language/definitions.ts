import { lexModel } from '../cat/index.js';

/** Where a model defines a name. */
export interface NameDefinition {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Its first line, with the words before the name. */
  readonly text: string;
}

/** What a model's text defines, or names a check; whether it is right or not. */
export function definitionsIn(text: string): NameDefinition[] {
  const tokens = lexModel(text);
  const found: NameDefinition[] = [];
  tokens.forEach(({ image, startOffset, tokenType }, index) => {
    if (tokenType.name !== 'Identifier') return;
    const before = tokens[index - 1]?.image ?? '';
    const isDefined = ['let', 'rec', 'and', 'procedure', 'as'].includes(before);
    if (!isDefined) return;
    const line = text.slice(text.lastIndexOf('\n', startOffset) + 1);
    const first = (line.indexOf('\n') < 0 ? line : line.slice(0, line.indexOf('\n'))).trim();
    found.push({ name: image, start: startOffset, end: startOffset + image.length, text: first });
  });
  return found;
}
