import { describe, expect, it } from '@jest/globals';
import { shippedModel } from '../../src/cat/index.js';
import { type CheckOptions, check } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { jsonReport, textReport } from '../../src/report/index.js';

const target = { architecture: 'lkmm', era: '6.x' } as const;

const asked = (text: string, options: CheckOptions = {}) => {
  const test = parseLitmus(text);
  return { test, result: check(test, shippedModel('lkmm'), { target, ...options }) };
};

const race = `C race
{}
P0(int *x, int *y)
{
	*x = 1;
	smp_store_release(y, 1);
}
P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	int r1 = *x;
}
exists (1:r0=1 /\\ 1:r1=0)
`;

const unbalanced = `C unbalanced
{}
P0(int *x, spinlock_t *l)
{
	spin_unlock(l);
	WRITE_ONCE(*x, 1);
	rcu_read_lock();
}
exists (x=1)
`;

const plain = (text: string) => text;
const style = { good: plain, bad: plain, strong: plain, faint: plain };

describe('a flag', () => {
  it.each(['verdict', 'states', 'count'] as const)('comes with an execution, asked for a %s', (question) => {
    const { result } = asked(race, { question });
    const { execution, events } = result.flagWitnesses.get('data-race')!;
    const { events: all, cells } = execution.graph;
    const racing = events[0].map((event) => all[event]);
    expect(racing.map(({ cell }) => cells[cell].name)).toEqual(['x', 'x']);
    expect(racing.map(({ kind, cpu }) => `${cpu} ${kind}`).sort()).toEqual(['0 write', '1 read']);
  });

  it('that no execution raises has none', () => {
    const { result } = asked(race.replace('*x = 1', 'WRITE_ONCE(*x, 1)').replace('= *x', '= READ_ONCE(*x)'));
    expect([result.flags, result.flagWitnesses.size]).toEqual([[], 0]);
  });

  it('is not raised by kfree() of what atomic operations and locks have been used on', () => {
    const put = (name: string) =>
      `${name}(struct obj *o) { spin_lock(&o->lock); o->value = 1; spin_unlock(&o->lock);\n` +
      'if (atomic_dec_and_test(&o->ref)) kfree(o); }';
    const text = (...threads: readonly string[]) =>
      `C put\n{ struct obj o = { ${threads.length} }; }\n` +
      `struct obj { atomic_t ref; int value; spinlock_t lock; };\n${threads.join('\n')}\n`;
    for (const threads of [[put('P0')], [put('P0'), put('P1')]])
      expect(asked(text(...threads)).result.flags).toEqual([]);
    // P1 does not give up its reference before it frees, so that P0's is never the last.
    const early = put('P1').replace('if (atomic_dec_and_test(&o->ref)) ', '');
    expect(asked(text(put('P0'), early)).result.flags).toEqual(['data-race', 'use-after-free']);
  });

  it('is raised by a plain store beside an atomic operation, fully ordered or not, as herd7 has it', () => {
    const text = 'C mixed\n{}\nP0(int *x) { int r0 = xchg(x, 1); *x = 2; }\nexists (x=2)\n';
    expect(asked(text).result.flags).toEqual(['mixed-accesses']);
  });

  it('is shown in text with the two accesses, and where they stand', () => {
    const { test, result } = asked(race);
    const lines = textReport(test, result, { model: 'lkmm', witness: true, style }).split('\n');
    const at = lines.indexOf('  flag data-race');
    const shown = lines.slice(at + 1, at + 3).sort();
    expect(shown[0]).toMatch(/^ {4}P0 {2}stores x = 1 +line 5: \*x = 1$/);
    expect(shown[1]).toMatch(/^ {4}P1 {2}loads x = [01], .* line 11: \*x$/);
    expect(lines[at + 3]).toMatch(/^ {4}events /);
    const short = textReport(test, result, { model: 'lkmm', witness: false, style });
    expect(short).toContain('flag data-race');
    expect(short).not.toContain('line 5');
  });

  it('is shown in JSON, when a witness is asked for', () => {
    const { test, result } = asked(unbalanced);
    const { flagged, witness } = jsonReport(test, 'lkmm', result, 0, undefined, undefined, true);
    expect(flagged!.map(({ flag, events }) => [flag, events])).toEqual([
      [
        'unmatched-rcu-lock',
        [[{ thread: 'P0', does: 'a read-side section begins', at: 'line 7: rcu_read_lock()' }]],
      ],
      ['unmatched-unlock', [[{ thread: 'P0', does: 'stores l = 0', at: 'line 5: spin_unlock(l)' }]]],
    ]);
    expect(flagged![0].execution.at(-1)).toContain('rcu_read_lock()');
    expect(witness!.join()).toContain('stores x = 1');
    expect(jsonReport(test, 'lkmm', result, 0).flagged).toBeUndefined();
  });
});

describe('a flag that one path of a thread raises', () => {
  const branching = `C branching
{}
P0(int *x, int *z)
{
	int r0 = *x;
	if (r0 == 1)
		r0 = 2;
	*z = 2;
}
P1(int *x, int *z)
{
	int *q = x;
	int r0 = xchg_relaxed(z, 0);
	if (r0)
		q = z;
	*q = 1;
}
exists (1:r0=2)
`;

  it('comes up whatever the paths of the others, in each search', () => {
    for (const search of ['naive', 'pruned', 'directed'] as const)
      expect(asked(branching, { search }).result.flags).toEqual(['data-race', 'mixed-accesses']);
  });
});
