import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Reach, SafetySubject, SiteRow, WhyAnswer } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { Diff } from './diff.js';
import { marked } from './marked.js';
import { edit, kernel, model, settledText, target, targets } from './state.js';

/** Of each of the runs that an answer takes. */
const LIMIT = 5_000;

const subjectFor = (names: readonly string[]): SafetySubject => ({
  text: settledText.value,
  targets: names,
  kernel: kernel.value,
  model: model.value,
  limit: LIMIT,
});

/** Which primitives the program needs, each a switch; and what it lacks. */
export function RepairPane() {
  return (
    <div class="repair">
      <Switches key={settledText.value} />
      <Repairs />
      <Needed />
    </div>
  );
}

/** The primitives of the program: without some, the verdicts are others. */
function Switches() {
  const off = useSignal<readonly number[]>([]);
  const asked = useAnswer('sites', { text: settledText.value, target: target.value });
  useEffect(
    () => () => {
      marked.value = [];
    },
    [],
  );
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Looking for primitives…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  const { sites } = asked.value;
  const toggle = (number: number) => {
    off.value = off.value.includes(number)
      ? off.value.filter((one) => one !== number)
      : [...off.value, number];
  };
  if (sites.length === 0)
    return <p class="about">This program asks for no order: there is nothing to take out.</p>;
  return (
    <section aria-label="Primitives">
      <h3>Take primitives out</h3>
      <ul class="sites">
        {sites.map((site, number) => (
          <li
            key={number}
            onPointerEnter={() => (marked.value = [site])}
            onPointerLeave={() => (marked.value = [])}
          >
            <label>
              <input type="checkbox" checked={!off.value.includes(number)} onChange={() => toggle(number)} />
              <code>{site.text}</code>
              <small>
                line {site.line}
                {off.value.includes(number) ? `, now ${site.remains}` : ''}
              </small>
            </label>
          </li>
        ))}
      </ul>
      <div class="without">
        {targets.value.map((name) => (
          <Without key={name} name={name} off={off.value} />
        ))}
      </div>
      {off.value.length > 0 ? <TakeOver off={off.value} /> : null}
    </section>
  );
}

function useWithout(name: string, off: readonly number[]) {
  return useAnswer('without', {
    text: settledText.value,
    target: { name, kernel: kernel.value },
    model: model.value,
    limit: LIMIT,
    without: off,
  });
}

function Without({ name, off }: { readonly name: string; readonly off: readonly number[] }) {
  const asked = useWithout(name, off);
  const answer = asked.kind === 'answered' && !('problem' in asked.value) ? asked.value : undefined;
  const colour = !answer ? '' : answer.verdict === 'Unknown' ? 'unknown' : answer.reachable ? 'bad' : 'good';
  return (
    <div class={`chip ${colour}`} aria-busy={asked.kind === 'waiting'}>
      {name} <span class="word">{answer?.verdict ?? '…'}</span>
    </div>
  );
}

function TakeOver({ off }: { readonly off: readonly number[] }) {
  const asked = useWithout(target.value, off);
  if (asked.kind !== 'answered' || 'problem' in asked.value) return null;
  const { text } = asked.value;
  return (
    <button type="button" onClick={() => edit(text)}>
      Put this into the editor
    </button>
  );
}

function Repairs() {
  const wanted = useSignal<readonly string[] | undefined>(undefined);
  return (
    <section aria-label="Repair">
      <h3>Repair</h3>
      <div class="bar">
        <button type="button" onClick={() => (wanted.value = [target.value])}>
          for {target.value}
        </button>
        <button type="button" onClick={() => (wanted.value = targets.value)}>
          for all of these
        </button>
      </div>
      {wanted.value ? <Repaired names={wanted.value} /> : null}
    </section>
  );
}

function Repaired({ names }: { readonly names: readonly string[] }) {
  const asked = useAnswer('repair', subjectFor(names));
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting' || asked.isOld) return <p class="wait">Looking for the cheapest repair…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  const found = asked.value;
  const where = names.length > 1 ? 'any of these' : names[0];
  switch (found.kind) {
    case 'safe':
      return <p class="good">Nothing is missing: it cannot happen on {where}.</p>;
    case 'undecided':
      return <p class="unknown">Not decided within the limits.</p>;
    case 'impossible':
      return <p class="bad">No barrier helps: it can happen on {found.on}, whatever is added.</p>;
    case 'repaired':
      return (
        <>
          <p>
            The cheapest repair:{' '}
            {found.additions.map(({ primitive, line }) => `${primitive} in line ${line}`).join(', ')}
          </p>
          <Diff lines={found.diff} />
          <button type="button" class="primary" onClick={() => edit(found.text)}>
            Apply
          </button>
        </>
      );
  }
}

/** The whole table is many runs: it is made when it is asked for. */
function Needed() {
  const isAsked = useSignal(false);
  return (
    <section aria-label="Which are needed">
      <h3>Which are needed, on which machine?</h3>
      {isAsked.value ? (
        <NeededTable />
      ) : (
        <button type="button" onClick={() => (isAsked.value = true)}>
          Find out
        </button>
      )}
    </section>
  );
}

function NeededTable() {
  const asked = useAnswer('why', subjectFor(targets.value));
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting' || asked.isOld)
    return <p class="wait">Trying the program without each of them…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  const answer = asked.value;
  return (
    <div class="scrolled">
      <table class="needed">
        <thead>
          <tr>
            <th scope="col">Without</th>
            {answer.targets.map((name, index) => (
              <th key={name} scope="col">
                {name}
                {answer.asIs[index] === 'unreachable' ? '' : ' *'}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.sites.map((site, number) => (
            <SiteLine key={number} site={site} answer={answer} />
          ))}
        </tbody>
      </table>
      <Enough answer={answer} />
    </div>
  );
}

function SiteLine({ site, answer }: { readonly site: SiteRow; readonly answer: WhyAnswer }) {
  return (
    <tr>
      <th scope="row">
        <code>{site.text}</code> <small>line {site.line}</small>
      </th>
      {site.without.map((reach, index) => (
        <td key={answer.targets[index]} class={colourOf(reach)}>
          <span class="word">{wordFor(reach)}</span>
        </td>
      ))}
    </tr>
  );
}

function wordFor(reach: Reach | undefined): string {
  if (reach === undefined) return '–';
  return { reachable: 'needed', unreachable: 'not needed', undecided: 'undecided' }[reach];
}

function colourOf(reach: Reach | undefined): string {
  if (reach === undefined) return '';
  return { reachable: 'bad', unreachable: 'good', undecided: 'unknown' }[reach];
}

function Enough({ answer: { asIs, enough, sites, undecided } }: { readonly answer: WhyAnswer }) {
  const isOpen = asIs.some((reach) => reach !== 'unreachable');
  const named = (numbers: readonly number[]): string =>
    numbers.length === 0
      ? 'nothing at all'
      : numbers.map((number) => `${sites[number].text} (line ${sites[number].line})`).join(', ');
  return (
    <div class="about">
      {isOpen ? <p>* there it can happen anyway.</p> : null}
      {enough ? (
        <>
          <p>What is enough by itself:</p>
          <ul>
            {enough.map((numbers) => (
              <li key={numbers.join()}>{named(numbers)}</li>
            ))}
          </ul>
        </>
      ) : null}
      {undecided ? (
        <p class="unknown">Some runs came to their limits: a set may be larger than it has to be.</p>
      ) : null}
    </div>
  );
}
