import { describe, expect, it } from '@jest/globals';
import { loadModel, shippedModelFile } from '../../src/cat/index.js';
import { check } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';

/** x = 1, then x is exchanged with 2; another CPU stores 3. */
const exchange = parseLitmus(`X86 exchange
{ 0:EAX=2; }
 P0           | P1         ;
 MOV [x],$1   | MOV [x],$3 ;
 XCHG [x],EAX |            ;
locations [x; 0:EAX;]
exists (0:EAX=1)
`);

const kernel = parseLitmus(`C exchange
{ }
P0(int *x) { int r0; WRITE_ONCE(*x, 1); r0 = xchg(x, 2); }
P1(int *x) { WRITE_ONCE(*x, 3); }
exists (0:r0=1)
`);

const model = (checks: string) => loadModel('test', `"test"\n${checks}`, { include: shippedModelFile });

/** Final states as values of the observables, sorted. */
function states(checks: string): string[] {
  return check(exchange, model(checks), { question: 'states' })
    .states.map(({ values }) => values.join(' '))
    .sort();
}

describe('the read and the write of one instruction', () => {
  it('are not ordered by po in assembly', () => {
    const target = { architecture: 'lkmm', era: '6.x' } as const;
    expect(check(exchange, model('empty po & rmw')).positive).toBeGreaterThan(0);
    expect(check(exchange, model('empty rmw \\ po')).positive).toBe(0);
    expect(check(kernel, model('empty rmw \\ po'), { target }).positive).toBeGreaterThan(0);
    expect(check(kernel, model('empty po & rmw'), { target }).positive).toBe(0);
  });

  it('so that a model whose coherence is po-loc alone lets the read see a write that comes after its own', () => {
    // EAX, then x: the exchange reads 3, and 3 is the last.
    const without = states('acyclic po-loc | com\nempty rmw & (fre; coe)');
    const coherent = states('acyclic po-loc | amo | com\nempty rmw & (fre; coe)');
    expect(coherent).toEqual(['1 2', '1 3', '3 2']);
    expect(without).toEqual(['1 2', '1 3', '3 2', '3 3']);
  });

  it('never read one another, whatever the model', () => {
    expect(states('empty 0').some((state) => state.startsWith('2 '))).toBe(false);
  });
});
