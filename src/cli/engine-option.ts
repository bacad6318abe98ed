import { Option } from 'commander';
import { engines } from '../check/index.js';

/**
 * Of every command that asks for a verdict. Absent, the axiomatic engine answers, and nothing is said of it.
 */
export function engineOption(): Option {
  return new Option(
    '--engine <engine>',
    "what answers: the search for a model's executions (axiomatic, the default), a machine's steps, both compared, or auto",
  ).choices(engines);
}
