import { type Execution, effectOrder, outOfOrder } from '../check/index.js';
import type { EventId } from '../execution/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { isPointer, type Value } from '../program/index.js';
import { formatValue } from '../report/index.js';

/** The stale execution of a test of litmus/nmi, told in the order in which its steps take effect. */
export function seedStory(execution: Execution, test: LitmusTest): string[] {
  const order = effectOrder(execution) ?? [];
  const early = outOfOrder(execution, order);
  const lines: string[] = [];
  order.forEach((event) => {
    const told = tell(execution, event, test);
    if (!told) return;
    const ahead = early.has(event) ? ',\n     ahead of what stands before it in the program' : '';
    lines.push(`  ${lines.length + 1}. CPU ${execution.graph.events[event].cpu} ${told}${ahead}.`);
  });
  return lines;
}

/** What an event means in the document's terms. */
function tell({ graph, values }: Execution, event: EventId, test: LitmusTest): string | undefined {
  const { kind, cell, tags } = graph.events[event];
  if (kind === 'fence') return BARRIERS[tags[0]];
  const name = graph.cells[cell].name;
  const value = values[event] as Value;
  const shown = formatValue(value, test.program);
  switch (`${kind} ${name}`) {
    case 'write my_data':
      return `initialises the data that the new handler will use (my_data = ${shown})`;
    case 'write nmi_callback':
      return `sets the new handler: nmi_callback now points to ${shown}()`;
    case 'read nmi_callback': {
      const handler =
        isPointer(value) && value.symbol === 'my_nmi_callback' ? 'the new handler' : 'the dummy handler';
      return `loads nmi_callback in do_nmi() and sees the pointer to ${handler}, ${shown}(), which it calls`;
    }
    case 'read my_data':
      return `loads my_data in the handler and sees ${value === 0n ? 'the old version, from before the initialisation' : 'the initialised data'} (${shown})`;
    case 'write handler_saw':
      return `runs the handler on what it loaded: handler_saw = ${shown}`;
    default:
      return `${kind === 'read' ? 'loads' : 'stores'} ${name} = ${shown}`;
  }
}

const BARRIERS: Readonly<Record<string, string>> = {
  WMB: 'passes the write barrier of rcu_assign_pointer()',
  MB: 'passes a memory barrier',
  IntEntry: 'receives an NMI and enters do_nmi()',
  IntReturn: 'returns from the NMI',
};
