import fc from 'fast-check';

const base = fc.constantFrom('rf', 'co', 'fr', 'rfe', 'po', 'po-loc', 'addr', '[W]; po; [R]', 'rf; po');
const check = fc.constantFrom(
  'acyclic a',
  'irreflexive b; rf',
  'irreflexive a; b',
  'empty a & b & ext',
  'acyclic b | co',
);
/** Texts of models whose check is of two relations that are defined by each other. */
export const recursiveModels = fc
  .tuple(fc.array(base, { minLength: 4, maxLength: 4 }), check)
  .map(
    ([[w, x, y, z], tail]) =>
      `let rec a = (${w}) | b; (${x}) | (a; a) & loc\nand b = (${y}) | a; (${z})?; b | [domain(a)]; po\n${tail} as test`,
  );
