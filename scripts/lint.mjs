/**
 * What no other linter sees to: names that are easy to find, comments that fit and name what there is, and a
 * public API whose types can all be named. Part of `npm run check`; it reads the declarations of the last
 * build, so that comes first.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { filesUnder } from './files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const WIDTH = 110;
/** Files that declare one name at their top, at the most. */
const DECLARATIONS = 2;

const folders = ['src', 'test', 'bench', 'conformance', 'differential', 'fuzz', 'scripts', 'site'];
const generated = 'src/shipped.ts';
/** Rooms whose comments and names are still to be gone through. */
const pending =
  /^src\/(?:axiomatic|execution|operational|program|relation)\/|^test\/(?:axiomatic|execution|operational)\//;

const files = folders
  .flatMap((folder) => filesUnder(root, folder).map((path) => `${folder}/${path}`))
  .filter((path) => /\.(?:mjs|tsx?)$/.test(path) && path !== generated);

/** @returns what is wrong, each with its place */
function lintFiles() {
  const sources = new Map(files.map((path) => [path, parsed(path)]));
  const inSrc = [...sources].filter(([path]) => path.startsWith('src/'));
  return [
    ...[...sources].flatMap(([path, source]) => [
      ...(pending.test(path) ? [] : wideComments(path, source)),
      ...unknownParameters(path, source),
    ]),
    ...sharedFileNames(inSrc.map(([path]) => path)),
    ...sharedNames(inSrc.filter(([path]) => !pending.test(path))),
  ];
}

function parsed(path) {
  const text = readFileSync(join(root, path), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function placeOf(path, source, offset) {
  return `${path}:${source.getLineAndCharacterOfPosition(offset).line + 1}`;
}

/**
 * Lines of comments that are wider than the formatter makes lines of code; a line that is one word cannot be
 * wrapped.
 */
function wideComments(path, source) {
  const isComment = /^\s*(?:\/\/|\/?\*)/;
  return source.text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/).length;
    const isWide = line.length > WIDTH && words > 2 && isComment.test(line) && !line.includes('biome-ignore');
    return isWide ? [`${path}:${index + 1}: this comment is wider than ${WIDTH} characters`] : [];
  });
}

/** `@param` tags that name no parameter. */
function unknownParameters(path, source) {
  const found = [];
  const visit = (node) => {
    for (const tag of ts.getJSDocTags(node)) {
      if (!ts.isJSDocParameterTag(tag) || tag.parent.parent !== node) continue;
      const name = tag.name.getText(source);
      if (parametersOf(node).has(name)) continue;
      found.push(`${placeOf(path, source, tag.pos)}: there is no parameter ${name}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Names of parameters, and of what they are taken apart into. */
function parametersOf(node) {
  const names = new Set();
  const visit = (inner) => {
    if (ts.isParameter(inner) || ts.isBindingElement(inner)) addNames(inner.name, names);
    else if (inner !== node && ts.isFunctionLike(inner) && names.size > 0) return;
    ts.forEachChild(inner, visit);
  };
  if (ts.isFunctionLike(node)) for (const parameter of node.parameters) visit(parameter);
  else visit(node);
  return names;
}

function addNames(name, names) {
  if (ts.isIdentifier(name)) names.add(name.text);
}

/** Files of one name, but for the rooms' index.ts. */
function sharedFileNames(paths) {
  return [...grouped(paths.map((path) => [basename(path), path]))]
    .filter(([name, all]) => name !== 'index.ts' && all.length > 1)
    .map(([, all]) => `${all.join(', ')}: these files have one name`);
}

/** Names that stand at the top of more files than a reader can tell apart. */
function sharedNames(sources) {
  const declared = grouped(
    sources.flatMap(([path, source]) => topLevelNames(source).map((name) => [name, path])),
  );
  return [...declared]
    .filter(([, paths]) => paths.length > DECLARATIONS)
    .map(([name, paths]) => `${paths.join(', ')}: ${name} is declared at the top of each of these files`);
}

function topLevelNames(source) {
  const names = source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name);
    return isNamed(statement) ? [statement.name] : [];
  });
  return [...new Set(names.filter(ts.isIdentifier).map(({ text }) => text))];
}

function isNamed(node) {
  const isDeclaration =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node);
  return isDeclaration && node.name !== undefined;
}

function grouped(pairs) {
  const groups = new Map();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

/**
 * What a user of the package finds wrong with its types: one that cannot be named, an export without a word
 * about it, a declaration that does not compile. `@internal` members are none of the declarations.
 * @param entries the package's declarations, as `package.json` has them
 */
function lintApi(entries) {
  const paths = entries.map((entry) => join(root, entry));
  const program = ts.createProgram(paths, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const original = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = new Map(
    paths
      .flatMap((path) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path))))
      .map((one) => [original(one), one.name]),
  );
  return [
    ...[...exported].flatMap(([symbol, name]) => unnameable(symbol, name, { checker, exported, original })),
    ...[...exported]
      .filter(([symbol]) => symbol.getDocumentationComment(checker).length === 0)
      .map(([, name]) => `there is no comment on ${name}, which the package exports`),
    ...misdeclared(program),
  ];
}

/** Types that a declaration mentions and that the package does not export. */
function unnameable(symbol, name, { checker, exported, original }) {
  const found = new Set();
  const visit = (node) => {
    if (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const mentioned = checker.getSymbolAtLocation(node.typeName ?? node.expression);
      if (mentioned && isOwn(original(mentioned)) && !exported.has(original(mentioned)))
        found.add(mentioned.name);
    }
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) visit(declaration);
  return [...found].map(
    (one) => `${name} mentions ${one}, which is exported from nowhere: export it, or mark it @internal`,
  );
}

/** Whether a symbol is one of this package's types. */
function isOwn({ flags, declarations = [] }) {
  if (flags & ts.SymbolFlags.TypeParameter) return false;
  return declarations.some((one) => one.getSourceFile().fileName.startsWith(join(root, 'build')));
}

function misdeclared(program) {
  return [...program.getSemanticDiagnostics(), ...program.getSyntacticDiagnostics()]
    .filter(({ file }) => file?.fileName.startsWith(join(root, 'build')))
    .map(({ file, start, messageText }) => {
      const place = file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file.fileName}:${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => types ?? []);
const wrong = [...lintFiles(), ...lintApi(entries)];
for (const line of wrong) process.stderr.write(`${line}\n`);
if (wrong.length > 0) process.exitCode = 1;
