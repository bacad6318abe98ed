export { dotOf } from './dot.js';
export { layoutOf } from './layout.js';
export type { Layout } from './model.js';
export type { Theme } from './palette.js';
export {
  type PictureOptions,
  type PictureRelation,
  pictureRelationNames,
  pictureRelations,
  usualRelations,
} from './relations.js';
export { type Picture, pictureOf, pictureOfAll } from './subject.js';
export { type SvgOptions, svgOf } from './svg.js';
