// A thread that checks some of the files of a run.
import { load } from './load.js';

await load().work();
