import { describe, expect, it } from '@jest/globals';
import { type CheckOptions, type CheckResult, check, checkOnMachine } from '../../src/check/index.js';
import { type Architecture, architectures, targets } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { shippedModel } from '../models.js';

const types = 'struct item { int value; struct item *next; };';

function litmus(init: string, code: string, condition = 'exists (true)'): string {
  return `C t\n{\n${init}\n}\n${types}\n${code}\n${condition}\n`;
}

/** What both engines answer on one machine. */
function both(text: string, architecture: Architecture, options: CheckOptions = {}): CheckResult[] {
  const test = parseLitmus(text);
  const asked = { question: 'states', target: { architecture, era: '6.x' }, ...options } as const;
  return [check(test, shippedModel(architecture), asked), checkOnMachine(test, architecture, asked)];
}

/** The errors on a machine, of which both engines say the same. */
function errors(text: string, machine: Architecture, options: CheckOptions = {}): readonly string[] {
  const [axiomatic, operational] = both(text, machine, options);
  expect(operational.flags).toEqual(axiomatic.flags);
  if (axiomatic.incomplete.length === 0) expect(operational.states).toHaveLength(axiomatic.states.length);
  return axiomatic.flags;
}

/** By machine: the errors. */
function everywhere(text: string): Record<string, readonly string[]> {
  return Object.fromEntries(architectures.map((machine) => [machine, errors(text, machine)]));
}

const onAll = (...flags: string[]) => Object.fromEntries(architectures.map((machine) => [machine, flags]));

describe('errors with memory', () => {
  it.each([
    ['freed', '*p = 0; kfree(p);', 'use-after-free'],
    ['not initialised', '', 'use-before-init'],
  ])('a lock that is taken in memory that is %s is in error, though it never is taken', (_, before, flag) => {
    const take = 'spin_lock(p); spin_unlock(p);';
    const text = litmus('', `P0(void) { int *p = kmalloc(sizeof(int), 0); ${before} ${take} }`);
    expect(everywhere(text)).toEqual(onAll(flag));
  });

  it('a read that a free may overtake is in error on every machine', () => {
    const text = litmus(
      'struct item *gp = &a; struct item a;',
      'P0(struct item **gp) { struct item *p; p = *gp; *gp = 0; kfree(p); }\n' +
        'P1(struct item **gp) { struct item *p; p = rcu_dereference(*gp); if (p) p->value; }',
    );
    expect(everywhere(text)).toEqual(onAll('use-after-free'));
  });

  it('a store after the free is in error, and what it stores makes the memory no more whole', () => {
    const text = litmus('struct item a;', 'P0(struct item *a) { kfree(a); a->value = 1; kfree(a); }');
    expect(everywhere(text)).toEqual(onAll('double-free', 'use-after-free'));
  });

  it('an execution in error has no final state; the others keep theirs', () => {
    const text = litmus(
      'struct item a;',
      'P0(struct item *a) { int r0 = READ_ONCE(a->value); }\nP1(struct item *a) { kfree(a); }',
      'exists (0:r0=0)',
    );
    for (const result of both(text, 'sc')) {
      expect(result).toMatchObject({ verdict: 'Always', flags: ['use-after-free'], incomplete: [] });
      expect(result.states.map(({ values }) => values)).toEqual([[0n]]);
    }
  });

  it('frees once, or nothing: no error', () => {
    expect(everywhere(litmus('', 'P0(void) { kfree(NULL); }'))).toEqual(onAll());
    const last = litmus(
      'atomic_t ref = ATOMIC_INIT(2);',
      ['0', '1']
        .map((n) => `P${n}(atomic_t *ref, struct item *a) { if (atomic_dec_and_test(ref)) kfree(a); }`)
        .join('\n'),
    );
    expect(everywhere(last)).toEqual(onAll());
  });

  it.each([
    ['a second free', 'kfree(a); kfree(a);', 'double-free'],
    ['what is inside an object', 'kfree(&a->next);', 'bad-free'],
    ['a number', 'kfree((void *)8);', 'bad-free'],
  ])('%s is an error', (_, code, error) => {
    expect(everywhere(litmus('struct item a;', `P0(struct item *a) { ${code} }`))).toEqual(onAll(error));
  });

  it('a reference given up without a barrier lets the free overtake the read on Alpha', () => {
    const text = litmus(
      'struct item a; int done = 0;',
      'P0(struct item *a, int *done) { int r0 = a->value; *done = 1; }\n' +
        'P1(struct item *a, int *done) { if (READ_ONCE(*done)) { smp_mb(); kfree(a); } }',
    );
    const weak = ['use-after-free'];
    expect(everywhere(text)).toEqual({ ...onAll(), alpha: weak, 'alpha-linux': weak });
  });

  it('memory of kmalloc() must be set before it is read, on the CPU itself and on others', () => {
    const own = (how: string) =>
      litmus('', `P0(void) { struct item *p = ${how}(sizeof(*p), GFP_KERNEL); int r0 = p->value; }`);
    expect(everywhere(own('kmalloc'))).toEqual(onAll('use-before-init'));
    expect(everywhere(own('kzalloc'))).toEqual(onAll());
    const published = (how: string, publish: string) =>
      litmus(
        'struct item *gp;',
        `P0(struct item **gp) { struct item *p = ${how}(sizeof(struct item), GFP_KERNEL); ${publish} }\n` +
          'P1(struct item **gp) { struct item *p = rcu_dereference(*gp); if (p) p->value; }',
      );
    const late = ['use-before-init'];
    expect(everywhere(published('kmalloc', 'p->value = 1; rcu_assign_pointer(*gp, p);'))).toEqual(onAll());
    expect(everywhere(published('kzalloc', '*gp = p;'))).toEqual({
      ...onAll(),
      pso: late,
      alpha: late,
      'alpha-linux': late,
    });
  });

  it('each execution of kmalloc() gives another object', () => {
    const text = litmus(
      '',
      'struct item *make(void) { struct item *p = kmalloc(sizeof(*p), GFP_KERNEL); p->value = 0; return p; }\n' +
        'P0(void) { struct item *p = make(); struct item *q = make(); int r0 = p != q; kfree(p); q->value = 1; }\n' +
        'P1(void) { struct item *p = make(); int r0 = p->value; kfree(p); }',
      'forall (0:r0=1 /\\ 1:r0=0)',
    );
    for (const machine of architectures) {
      expect(errors(text, machine)).toEqual([]);
      for (const { holds } of both(text, machine)) expect(holds).toBe(true);
    }
  });

  it('a thread that allocates again and again is followed only so far, which is said', () => {
    const text = litmus(
      'int stop = 0;',
      'P0(int *stop) { struct item *p; int i;\n' +
        'for (i = 0; i < 6; i++) p = kmalloc(sizeof(*p), GFP_KERNEL);\nREAD_ONCE(*stop); }',
    );
    for (const { verdict, incomplete } of both(text, 'alpha')) {
      expect(verdict).toBe('Unknown');
      expect(incomplete).toMatchObject([{ kind: 'unrolling' }]);
    }
  });

  it('a list that is freed under a reader is found out, though the reader then never comes to its end', () => {
    const text = litmus(
      'struct item a; struct item *head = &a;',
      'P0(struct item **head) { struct item *p = *head; *head = 0; kfree(p); }\n' +
        'P1(struct item **head) { struct item *p;\n' +
        'for (p = rcu_dereference(*head); p; p = rcu_dereference(p->next)) READ_ONCE(p->value); }',
    );
    expect(everywhere(text)).toEqual(onAll('use-after-free'));
    for (const machine of architectures)
      for (const { verdict, incomplete } of both(text, machine))
        expect({ verdict, incomplete }).toEqual({ verdict: 'Always', incomplete: [] });
  });

  it('a section that goes on for ever is no reason for its grace period to end', () => {
    const text = litmus(
      'struct item a; struct item *gp = &a; int go = 1;',
      'P0(struct item **gp, int *go) { struct item *p; rcu_read_lock(); p = rcu_dereference(*gp);\n' +
        'if (p) { while (READ_ONCE(*go)) READ_ONCE(p->value); } rcu_read_unlock(); }\n' +
        'P1(struct item **gp, struct item *a) { rcu_assign_pointer(*gp, NULL); synchronize_rcu(); kfree(a); }\n' +
        'P2(int *go) { WRITE_ONCE(*go, 0); }',
    );
    expect(everywhere(text)).toEqual(onAll());
    const kernel = { target: { architecture: 'lkmm', era: '6.x' } } as const;
    expect(check(parseLitmus(text), shippedModel('lkmm'), kernel).flags).toEqual([]);
  });

  it('what junk leads to is not taken for an error of the program', () => {
    const text = litmus(
      'struct item a;',
      'int one(void) { return 1; }\n' +
        'P0(struct item *a) { int (*f)(void); int *q; int r0; int r1;\n' +
        'kfree(a); f = (int (*)(void)) a->next; r0 = f(); q = (int *) a->next; *q = r0 * 3 / r0; r1 = *q;\n' +
        'if (a->value) { q = NULL; *q = 1; } }',
    );
    expect(everywhere(text)).toEqual(onAll('use-after-free'));
  });

  it('are told beside what a thread cannot do', () => {
    const text = litmus(
      'struct item a;',
      'P0(struct item *a) { int *q = NULL; *q = 1; kfree(a); }\nP1(struct item *a) { READ_ONCE(a->value); }',
    );
    expect(everywhere(text)).toEqual(onAll('null-dereference', 'use-after-free'));
  });

  it('the filter leaves out executions in error too', () => {
    const text = (filter: string) =>
      litmus(
        'struct item a; int ready = 0;',
        'P0(struct item *a, int *ready) { smp_store_release(ready, 1); }\n' +
          'P1(struct item *a, int *ready) { int r0 = smp_load_acquire(ready); if (!r0) kfree(a); int r1 = a->value; }',
        `${filter}\nexists (true)`,
      );
    expect(everywhere(text(''))).toEqual(onAll('use-after-free'));
    expect(everywhere(text('filter (1:r0=1)'))).toEqual(onAll());
  });

  it('an interrupt handler can be between the frees of two members', () => {
    const text = litmus(
      'struct item a; int seen = 0;',
      'P0(struct item *a) { kfree(a); }\n__nmi(P0) P1(struct item *a) { int r0 = READ_ONCE(a->value); }',
    );
    expect(everywhere(text)).toEqual(onAll('use-after-free'));
  });

  it('the data of an NMI handler is seen to be read after it is freed, under every model', () => {
    const test = parseLitmus(shippedTests['nmi/lifetime-no-grace-period.litmus']);
    for (const architecture of targets) {
      const result = check(test, shippedModel(architecture), { target: { architecture, era: '2.6' } });
      const { graph, errors: shown, sources } = result.errorWitnesses.get('use-after-free')!;
      const read = graph.events[shown[0].event];
      expect(graph.cells[read.cell].name).toBe('my_data.value');
      expect([read.thread, graph.events[sources[shown[0].event]!].thread]).toEqual([2, 0]);
    }
  });

  it('the witness shows where the error is', () => {
    const text = litmus(
      'struct item a;',
      'P0(struct item *a) { kfree(a); }\nP1(struct item *a) { a->next; }',
    );
    const [{ errorWitnesses }] = both(text, 'sc');
    const { graph, errors: shown, sources } = errorWitnesses.get('use-after-free')!;
    const [{ name, event }] = shown;
    expect(name).toBe('use-after-free');
    expect(graph.events[event]).toMatchObject({ kind: 'read', cpu: 1 });
    expect(graph.events[sources[event]!].tags).toContain('Free');
  });
});
