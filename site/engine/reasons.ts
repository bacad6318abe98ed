import {
  type Reach as FullReach,
  lineDiff,
  parseSyntax,
  repair,
  type SafetyTarget,
  type Site,
  sitesOf,
  weakenedText,
  weaknessOn,
  why,
} from '../../src/index.js';
import type {
  Reach,
  RepairAnswer,
  SafetySubject,
  SitesAnswer,
  Subject,
  WhyAnswer,
  WithoutAnswer,
  WithoutRequest,
} from '../logic/protocol.js';
import { modelOf, optionsFor, testOf } from './tests.js';
import { verdictOn } from './verdicts.js';

function safetyTarget(name: string, { text, kernel, model, limit }: SafetySubject): SafetyTarget {
  const { target } = optionsFor(testOf(text), { name, kernel }, limit);
  return { name, model: modelOf(name, model), ...(target ? { target } : {}) };
}

function safetyTargets(subject: SafetySubject): SafetyTarget[] {
  return subject.targets.map((name) => safetyTarget(name, subject));
}

const kindOf = ({ kind }: FullReach): Reach => kind;

export function whyOn(subject: SafetySubject): WhyAnswer {
  const found = why(testOf(subject.text), safetyTargets(subject), { timeout: subject.limit });
  const { sites } = sitesIn(subject.text, subject.targets[0]);
  return {
    targets: subject.targets,
    asIs: found.asIs.map(kindOf),
    sites: sites.map((site, number) => ({
      ...site,
      without: found.without[number].map((reach) => reach && kindOf(reach)),
    })),
    enough: found.enough,
    undecided: found.undecided,
  };
}

/** The places of a program that ask for order, with what is left of each where it is weakened on a target. */
export function sitesIn(text: string, target: string): SitesAnswer {
  const weakness = weaknessOn({ name: target, model: modelOf(target, undefined) });
  return {
    sites: sitesOfText(text).map((site) => ({ ...rowOf(site, text), remains: site.remains(weakness) })),
  };
}

const sitesOfText = (text: string): Site[] => sitesOf(parseSyntax(testOf(text).source));

function rowOf({ text: shown, line, within }: Site, text: string) {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return { text: shown, line, within, start, end: start + (lines[line - 1]?.length ?? 0) };
}

export function withoutOn(request: WithoutRequest): WithoutAnswer {
  const { text, target, without } = request;
  const { model } = { model: modelOf(target.name, request.model) };
  const options = optionsFor(testOf(text), target, request.limit);
  const safety = { name: target.name, model, ...(options.target ? { target: options.target } : {}) };
  const weakened = weakenedText(testOf(text), sitesOfText(text), without, safety);
  const subject: Subject = { ...request, text: weakened };
  return { ...verdictOn(subject), text: weakened };
}

export function repairOn(subject: SafetySubject): RepairAnswer {
  const found = repair(testOf(subject.text), safetyTargets(subject), { timeout: subject.limit });
  switch (found.kind) {
    case 'safe':
    case 'undecided':
      return { kind: found.kind };
    case 'impossible':
      return { kind: 'impossible', on: found.on.name };
    case 'repaired':
      return {
        kind: 'repaired',
        additions: found.additions.map(({ primitive, line }) => ({ primitive, line })),
        cost: found.cost,
        diff: lineDiff(subject.text, found.text),
        text: found.text,
      };
  }
}
