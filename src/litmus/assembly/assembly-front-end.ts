import type { Dialect } from '../../program/index.js';
import type { DialectFrontEnd } from '../frame/litmus-syntax.js';
import { type AssemblyParser, printTable } from './assembly-parser.js';
import type { AssemblyBody, Operand } from './assembly-syntax.js';
import { type AssemblyDialect, lowerAssembly } from './lower-assembly.js';

/**
 * The front end of an assembly dialect: the table of threads, with the dialect's operands and instructions.
 * @param Parser reads the dialect's operands; it is made once, when the first test comes
 * @param printOperand an operand as it is written
 */
export function assemblyFrontEnd(
  dialect: Dialect,
  Parser: new () => AssemblyParser,
  printOperand: (operand: Operand) => string,
  facts: AssemblyDialect,
): DialectFrontEnd<AssemblyBody> {
  let parser: AssemblyParser | undefined;
  return {
    dialect,
    parse: (section) => {
      parser ??= new Parser();
      return parser.parse(section);
    },
    print: (body) => printTable(body, printOperand),
    lower: (body, init) => lowerAssembly(body, init, facts),
  };
}
