import {
  check,
  type Execution,
  type Explanations,
  executionReport,
  explainAll,
  explanationsReport,
  type LitmusTest,
  layoutOf,
  type Model,
  type Picture,
  type PictureRelation,
  type Proposition,
  pictureOf,
  pictureOfAll,
  pictureRelationNames,
  pictureRelations,
  type Span,
  seedStory,
  shippedModelFile,
  shippedModelNames,
  svgOf,
  usualRelations,
} from '../../src/index.js';
import type { PictureAnswer, PictureRequest, Place, RuleOfEdge } from '../logic/protocol.js';
import { answerTo, modelOf, optionsFor, testOf } from './tests.js';

const nothing = (reason: string): PictureAnswer => ({
  kind: 'nothing',
  svg: '',
  styles: { light: '', dark: '' },
  title: '',
  isForbidden: false,
  ways: 0,
  events: [],
  rules: [],
  story: [],
  relations: [],
  reason,
});

/** An execution of what a test asks about, or the cycle that forbids it, drawn and told. */
export function pictureOn(request: PictureRequest): PictureAnswer {
  const { target, limit } = request;
  if (!shippedModelNames().includes(target.name))
    return nothing(`${target.name} is a machine: step through it to see how it comes to an outcome`);
  const model = modelOf(target.name, request.model);
  const test = asked(request);
  const options = optionsFor(test, target, limit);
  const explanations = explainAll(test, model, check(test, model, options), options);
  try {
    const picture = pictureFor(explanations, test, target.name, request.way);
    return drawn(picture, explanations, test, model, request);
  } catch (error) {
    if (error instanceof RangeError) return nothing(error.message);
    throw error;
  }
}

/** An error that can come about is what there is to see, where the outcome cannot. */
function pictureFor(explanations: Explanations, test: LitmusTest, name: string, way: number): Picture {
  const { outcome, errors } = explanations;
  const error = [...errors].find(([, { kind }]) => kind === 'allowed');
  if (error && outcome?.kind !== 'allowed') return pictureOf(error[1], test, name, way, error[0]);
  return pictureOfAll(explanations, test, name, way);
}

/** The test, with one of its final states as its condition where that is to be shown. */
function asked(request: PictureRequest): LitmusTest {
  const test = testOf(request.text);
  if (request.state === undefined) return test;
  const { result } = answerTo(request, 'states');
  const state = result.states[request.state];
  if (!state) throw new RangeError(`there is no final state ${request.state + 1}`);
  const equal = result.observables.map(
    (left, at): Proposition => ({ kind: 'equals', left, right: state.values[at] }),
  );
  const proposition = equal.reduce<Proposition>(
    (left, right) => (left.kind === 'true' ? right : { kind: 'and', left, right }),
    { kind: 'true' },
  );
  return { ...test, condition: { quantifier: 'exists', proposition } };
}

function drawn(
  picture: Picture,
  explanations: Explanations,
  test: LitmusTest,
  model: Model,
  request: PictureRequest,
): PictureAnswer {
  const names = request.shown ?? [...usualRelations];
  const shown = new Set(pictureRelationNames.filter((name) => names.includes(name)));
  const layout = layoutOf(picture, test, { shown });
  const light = svgOf(layout, { theme: 'light' });
  return {
    kind: 'picture',
    svg: light.replace(STYLE, ''),
    styles: { light: styleIn(light), dark: styleIn(svgOf(layout, { theme: 'dark' })) },
    title: layout.title,
    isForbidden: picture.isForbidden,
    ways: waysIn(explanations),
    events: picture.execution.graph.events.map(({ span }) => (span ? placeOf(span) : null)),
    rules: rulesOf(explanations, request.way),
    story: storyOf(picture, explanations, test, model),
    relations: pictureRelationNames.map((name: PictureRelation) => ({
      name,
      about: pictureRelations[name],
      shown: shown.has(name),
    })),
  };
}

const STYLE = /<style>([\s\S]*?)<\/style>\n?/;
const styleIn = (svg: string): string => STYLE.exec(svg)?.[1] ?? '';

function placeOf({ source, start, end }: Span): Place {
  return { start, end, line: source.position(start).line };
}

function waysIn({ outcome }: Explanations): number {
  return outcome?.kind === 'forbidden' ? outcome.forbidden.ways.length : 1;
}

/** The edges of the cycle that is drawn, with the rule of the model that each comes from. */
function rulesOf({ outcome }: Explanations, way: number): RuleOfEdge[] {
  if (outcome?.kind === 'allowed') return outcome.allowed.cycle.flatMap(edgeSteps);
  if (outcome?.kind !== 'forbidden') return [];
  const chosen = outcome.forbidden.ways[way - 1];
  if (!chosen) return [];
  const { edges, back, beside, check: broken } = chosen.violation;
  const { source, start } = broken.span;
  const file = { file: source.name, line: source.position(start).line };
  return [...edges, ...(back ? [back] : []), ...(beside ? [beside] : [])].flatMap((edge) =>
    edgeSteps(edge).map((step) => ({ ...step, at: definitionOf(step.rule, source.name) ?? file })),
  );
}

function edgeSteps({
  rule,
  steps,
}: {
  readonly rule: string;
  readonly steps: readonly { readonly from: number; readonly to: number }[];
}): RuleOfEdge[] {
  return steps.map(({ from, to }) => ({ from, to, rule }));
}

/** Where the files of a model define a name. */
function definitionOf(name: string, file: string): RuleOfEdge['at'] {
  const text = shippedModelFile(file.endsWith('.cat') ? file : `${file}.cat`);
  if (text === undefined || !/^[\w.-]+$/.test(name)) return undefined;
  const lines = text.split('\n');
  const defines = new RegExp(`^\\s*(?:let(?:\\s+rec)?|and)\\s+${name.replaceAll('.', '\\.')}\\b(?![-.])`);
  const index = lines.findIndex((line) => defines.test(line));
  if (index >= 0) return { file, line: index + 1 };
  for (const line of lines) {
    const included = /^\s*include\s+"([^"]+)"/.exec(line)?.[1];
    const found = included && included !== file ? definitionOf(name, included) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The document's own words for its test, the events or the reason of any other. */
function storyOf(picture: Picture, explanations: Explanations, test: LitmusTest, model: Model): string[] {
  if (!picture.isForbidden && isSeed(picture.execution))
    return seedStory(picture.execution, test).map(trimmed);
  if (!picture.isForbidden) return executionReport(picture.execution, test);
  return explanationsReport(explanations, test, model);
}

const trimmed = (line: string): string => line.replace(/\s+/g, ' ').trim();

function isSeed({ graph }: Execution): boolean {
  const names = graph.cells.map(({ name }) => name);
  return ['my_data', 'nmi_callback', 'handler_saw'].every((name) => names.includes(name));
}
