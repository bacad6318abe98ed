import type { EventId } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { errorsAt, eventText, placeOf, sourceText, threadName } from '../execution-text.js';
import { cut, SMALL, shorten, TEXT } from './measures.js';
import type { TextStyle } from './model.js';
import type { Picture } from './subject.js';

/** What stands in the box of an event. */
export interface Card {
  /** Its place in the order of effects, where there is one. */
  readonly number?: string;
  readonly lines: readonly CardLine[];
  /** All of it, nothing shortened. */
  readonly whole: string;
}

interface CardLine {
  readonly text: string;
  readonly size: number;
  readonly style: TextStyle;
}

/** Characters of a line, at most: a lane is to stay narrow. */
const MOST = 40;
const MOST_OF_CODE = 46;
/** A name is never shortened to less. */
const LEAST_OF_NAME = 10;

export function cardOf(picture: Picture, event: EventId, test: LitmusTest): Card {
  const { execution } = picture;
  const [place, ...code] = sourceText(execution, event, test).split(': ');
  const line = /^line (\d+)/.exec(place)?.[1];
  const errors = errorsAt(execution, event).join(', ');
  const number = numberOf(picture, event);
  return {
    ...(number ? { number } : {}),
    lines: [
      { text: shortText(picture, event, test), size: TEXT, style: 'strong' },
      ...(line
        ? [{ text: cut(`${line}: ${code.join(': ')}`, MOST_OF_CODE), size: SMALL, style: 'dim' } as const]
        : []),
      ...(errors ? [{ text: errors, size: SMALL, style: 'wrong' } as const] : []),
    ],
    whole: wholeText(picture, event, test),
  };
}

function numberOf({ order }: Picture, event: EventId): string | undefined {
  const at = order?.indexOf(event) ?? -1;
  return at < 0 ? undefined : String(at + 1);
}

/** `stores[release] x = 1`, `loads x = 0, initial`, `barrier MB`, `P2: the handler is entered`. */
function shortText(picture: Picture, event: EventId, test: LitmusTest): string {
  const { execution } = picture;
  const { kind, cell, cpu, tags } = execution.graph.events[event];
  const [does] = eventText(execution, event, test).split(', stored by');
  if (kind === 'fence') {
    const isBoundary = tags.some((tag) => tag === 'IntEntry' || tag === 'IntReturn');
    return cut(isBoundary ? `${threadName(execution, event, test)}: ${does}` : does, MOST);
  }
  const { name } = execution.graph.cells[cell];
  const [verb] = does.split(' ');
  const head = cpu < 0 ? '' : `${verb}${tagText(tags)} `;
  const rest = does.slice(verb.length + 1 + name.length);
  const isInitial = rest.endsWith(INITIAL);
  const value = isInitial ? rest.slice(0, -INITIAL.length) : rest;
  // Also to be seen from that it reads from no store.
  const room = MOST - head.length - name.length - value.length;
  return fitted(head, name, isInitial && room >= ', initial'.length ? `${value}, initial` : value);
}

const INITIAL = ', the initial value';

/** What says more than the source line does. */
function tagText(tags: readonly string[]): string {
  const told = tags.map((tag) => tag.toLowerCase()).filter((tag) => !['plain', 'once', 'free'].includes(tag));
  return told.length > 0 ? `[${told.join(' ')}]` : '';
}

function fitted(verb: string, name: string, rest: string): string {
  const shownName = shorten(name, Math.max(LEAST_OF_NAME, MOST - verb.length - rest.length));
  const room = Math.max(LEAST_OF_NAME, MOST - verb.length - shownName.length);
  return cut(`${verb}${shownName}${shorten(rest, room)}`, MOST);
}

/** `P1 loads x = 0, the initial value: READ_ONCE(*x) (line 7)`. */
export function wholeText({ execution }: Picture, event: EventId, test: LitmusTest): string {
  const place = placeOf(execution, event, test);
  const errors = errorsAt(execution, event).map((error) => ` (${error})`);
  const does = `${threadName(execution, event, test)} ${eventText(execution, event, test)}`.trim();
  return `${does}${errors.join('')}${place ? `: ${place}` : ''}`;
}
