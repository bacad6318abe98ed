export { shippedModel } from '../src/cat/index.js';
