import type { EventId } from '../../execution/index.js';
import type { Link } from './links.js';

/** The geometry of a picture, in pixels from its upper left corner; y goes down. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** What the picture is of, in one line. */
  readonly title: string;
  /** What is to be seen in it, in words. */
  readonly description: string;
  /** The texts that belong to no event and no line: the heading, names of the lanes, the legend. */
  readonly texts: readonly PlacedText[];
  /** The runs of interrupt handlers, the outer ones first. */
  readonly handlers: readonly Rectangle[];
  readonly events: readonly PlacedEvent[];
  /** Those of the cycle last. */
  readonly links: readonly PlacedLink[];
  /** One for each bundle of lines that leave an event together. */
  readonly labels: readonly PlacedText[];
  readonly legend: readonly Sample[];
  /** Whether there is a cycle, beside which everything else steps back. */
  readonly hasCycle: boolean;
}

/** A point of a picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle of a picture; the point is its upper left corner. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** A line of text and the room that it takes up. */
export interface PlacedText extends Rectangle {
  readonly text: string;
  readonly size: number;
  readonly style: TextStyle;
  /** The whole of it, where `text` is shortened. */
  readonly whole?: string | undefined;
}

/** How a text looks; a relation stands for that relation's colour. */
export type TextStyle = 'plain' | 'strong' | 'dim' | 'wrong' | 'allowed' | 'forbidden' | Link['relation'];

/** The box of an event. */
export interface PlacedEvent extends Rectangle {
  readonly event: EventId;
  readonly kind: 'read' | 'write' | 'fence';
  readonly lines: readonly PlacedText[];
  /** What it does and where that stands in the test, in full. */
  readonly whole: string;
  readonly inCycle: boolean;
  /** It is in an error with memory. */
  readonly isWrong: boolean;
}

/** A line from the side of one box to the side of another, or in a lane from box to box. */
export interface PlacedLink {
  readonly link: Link;
  /** Each beside or below the one before it. */
  readonly points: readonly Point[];
  /** Stands on its first stretch, which is left out there; one of the layout's. */
  readonly label?: PlacedText;
}

/** A piece of line in the legend. */
export interface Sample {
  readonly relation: Link['relation'];
  readonly inCycle: boolean;
  readonly notKept: boolean;
  readonly from: Point;
  readonly to: Point;
}
