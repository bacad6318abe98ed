/** The relations that a picture can show, in the order of its legend, and what each is. */
export const pictureRelations = {
  po: 'program order',
  rf: 'reads from',
  co: 'coherence order',
  fr: 'read, then overwritten',
  addr: 'address dependency',
  data: 'data dependency',
  ctrl: 'control dependency',
  choice: 'chosen by a branch',
  rmw: 'atomic read-modify-write',
  init: 'initial writes',
  other: 'what else a cycle of the model consists of',
} as const;

/** A relation that a picture can show. */
export type PictureRelation = keyof typeof pictureRelations;

/** All relations that a picture can show, in the order of the legend. */
export const pictureRelationNames = Object.keys(pictureRelations) as readonly PictureRelation[];

/** What is drawn when nothing else is asked for: initial values stand in the heading. */
export const usualRelations: ReadonlySet<PictureRelation> = new Set(
  pictureRelationNames.filter((name) => name !== 'init'),
);

/** What can be chosen about a picture. */
export interface PictureOptions {
  /** The relations that are drawn. @default usualRelations */
  readonly shown?: ReadonlySet<PictureRelation>;
}

export type DependencyName = 'addr' | 'data' | 'ctrl' | 'choice' | 'rmw';
export const dependencyNames: readonly DependencyName[] = ['addr', 'data', 'ctrl', 'choice', 'rmw'];

export function isDependency(name: string): name is DependencyName {
  return (dependencyNames as readonly string[]).includes(name);
}
