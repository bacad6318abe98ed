/** A thread that checks tests. */
import workerpool from 'workerpool';
import { judge } from './judge.js';

workerpool.worker({ judge });
