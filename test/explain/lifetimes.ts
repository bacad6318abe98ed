import fc from 'fast-check';

/**
 * An updater and a reader of what a pointer points to, the statements in some order and some left out: the
 * error is what is bad.
 */
export const lifetimes = fc.record({
  updater: fc.shuffledSubarray(
    ['*gp = 0;', 'rcu_assign_pointer(*gp, NULL);', 'synchronize_rcu();', 'kfree(a);'],
    {
      minLength: 2,
    },
  ),
  load: fc.constantFrom('p = *gp;', 'p = READ_ONCE(*gp);', 'p = rcu_dereference(*gp);'),
  section: fc.boolean(),
  handler: fc.boolean(),
});

export function lifetimeOf({
  updater,
  load,
  section,
  handler,
}: {
  updater: string[];
  load: string;
  section: boolean;
  handler: boolean;
}) {
  const reading = [
    ...(section ? ['rcu_read_lock();'] : []),
    load,
    'if (p)\n\t\tr0 = p->value;',
    ...(section ? ['rcu_read_unlock();'] : []),
  ];
  const body = (lines: readonly string[]) =>
    `{\n\tstruct item *p;\n\tint r0;\n\n\t${lines.join('\n\t')}\n}\n`;
  const reader = handler
    ? `P1(void)\n{\n}\n\n__nmi(P1) P2(struct item **gp)\n${body(reading)}`
    : `P1(struct item **gp)\n${body(reading)}`;
  return `C random\n{ struct item a; struct item *gp = &a; }\nstruct item { int value; };\n\nP0(struct item **gp, struct item *a)\n${body(updater)}\n${reader}`;
}
