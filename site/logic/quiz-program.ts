import type { QuizSwitches } from './protocol.js';

/** As the document has it. */
const asDocumented: QuizSwitches = {
  assign: true,
  dereference: true,
  initialisedBefore: true,
  sameCpu: false,
};

/**
 * The program of the Quick Quiz with its switches set: the shipped test, edited.
 * @param shipped the text of `nmi/other-cpu-global.litmus`
 * @throws Error when that is not the text that it was
 */
export function quizProgram(shipped: string, switches: QuizSwitches): string {
  const edits: [string | RegExp, string][] = [[/\(\*[\s\S]*?\*\)\n/, '']];
  if (!switches.dereference) edits.push(['rcu_dereference(nmi_callback)(regs', 'nmi_callback(regs']);
  if (!switches.assign)
    edits.push(['rcu_assign_pointer(nmi_callback, callback);', 'nmi_callback = callback;']);
  const [data, set] = ['\tmy_data = 1;\n', '\tset_nmi_callback(my_nmi_callback);\n'];
  if (!switches.initialisedBefore) edits.push([data + set, set + data]);
  if (switches.sameCpu) {
    edits.push(['P1(void)\n{\n\t/* The CPU on which the NMI arrives. */\n}\n\n', '']);
    edits.push(['__nmi(P1) P2(void)', '__nmi(P0) P1(void)']);
  }
  return edits.reduce((text, [from, to]) => {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`the shipped test has no ${String(from)}`);
    return edited;
  }, shipped);
}

/** As the question has it: the pointer is loaded without rcu_dereference(). */
export const asAsked: QuizSwitches = { ...asDocumented, dereference: false };
