import { signal, useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { type Pane, panes } from '../logic/link.js';
import { dialectOf, targetsFor } from '../logic/targets.js';
import { EditorPane } from './editor-pane.js';
import { ExecutionPane } from './execution-pane.js';
import { MachinePane } from './machine-pane.js';
import { marked } from './marked.js';
import { RepairPane } from './repair-pane.js';
import {
  choose,
  chooseTargets,
  edit,
  isEdited,
  kernel,
  model,
  openTest,
  originPath,
  pane,
  settledText,
  target,
  targets,
  text,
  view,
} from './state.js';
import { StatesPane } from './states-pane.js';
import { problem, type Row, rows, stop, tryLonger } from './verdicts.js';

const paneTitles: Readonly<Record<Pane, string>> = {
  execution: 'Execution',
  states: 'States',
  repair: 'Why and repair',
  machine: 'Machine',
};

/** The line that the editor is sent to. */
const line = signal<number | undefined>(undefined);

export function ProgramView() {
  return (
    <div class="workbench">
      <section class="program" aria-label="Program">
        <Head />
        <EditorPane
          text={text}
          language="litmus"
          label="Program"
          onChange={edit}
          marked={marked.value}
          line={line.value}
        />
        <Trouble />
      </section>
      <section class="results" aria-label="Verdicts">
        <Verdicts />
        <Panes />
      </section>
    </div>
  );
}

function Head() {
  const toLibrary = () => {
    view.value = 'library';
  };
  const path = originPath.value;
  return (
    <div class="bar">
      <h1 class="title">{path ?? 'Your program'}</h1>
      {isEdited.value && path !== undefined ? (
        <button type="button" onClick={() => void openTest(path)}>
          Undo changes
        </button>
      ) : null}
      <button type="button" onClick={toLibrary}>
        Open…
      </button>
    </div>
  );
}

function Trouble() {
  const found = problem.value;
  if (!found) return null;
  const go = () => {
    line.value = undefined;
    line.value = found.line;
  };
  return (
    <div class="trouble" role="alert">
      <button type="button" onClick={go}>
        Line {found.line}
      </button>
      <p>{found.message}</p>
    </div>
  );
}

/** Kernels between which the code of some machine changed. */
const kernels = ['2.6', '3.4', '3.13', '3.15', '4.15', '4.17', '6.x'] as const;

function Verdicts() {
  const isC = dialectOf(text.value) === 'C';
  const isWaiting = useLong(rows.value.some(({ state }) => state === 'waiting'));
  return (
    <div class="verdicts">
      <div class="bar">
        <h2>Can it happen?</h2>
        {isC ? <KernelChoice /> : null}
        {isWaiting ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : null}
      </div>
      <Condition />
      <table>
        <thead class="hidden">
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">Verdict</th>
            <th scope="col">Remarks</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map((row) => (
            <Verdict key={row.name} row={row} />
          ))}
        </tbody>
      </table>
      <TargetChoice />
    </div>
  );
}

/** Says yes only when it has been so for a moment: what flickers tells nothing. */
function useLong(now: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!now) {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), 400);
    return () => clearTimeout(timer);
  }, [now]);
  return isLong;
}

function Condition() {
  const condition = useComputed(() => rows.value.find(({ answer }) => answer)?.answer?.condition);
  return condition.value === undefined ? null : <p class="condition">{condition.value}</p>;
}

function Verdict({ row }: { readonly row: Row }) {
  const { name, answer, state, reason } = row;
  const isChosen = target.value === name;
  const isOld = state !== 'here';
  return (
    <tr class={isChosen ? 'chosen' : ''} aria-busy={state === 'waiting'}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} onClick={() => choose(name)}>
          {name}
        </button>
      </th>
      <td class={answer ? colourOf(answer.verdict, answer.reachable) : ''} data-old={isOld ? '' : undefined}>
        <span class="word">{answer?.verdict ?? (state === 'waiting' ? '…' : '–')}</span>
      </td>
      <td class="remarks">
        {state === 'stopped' ? 'stopped ' : null}
        {state === 'failed' && problem.value === undefined ? reason : null}
        {answer && state === 'here' ? <Remarks row={row} /> : null}
      </td>
    </tr>
  );
}

function colourOf(verdict: string, reachable: boolean): string {
  if (verdict === 'Unknown') return 'unknown';
  return reachable ? 'bad' : 'good';
}

function Remarks({ row: { name, answer } }: { readonly row: Row }) {
  if (!answer) return null;
  const { flags, limits, expected, milliseconds } = answer;
  return (
    <>
      {model.value?.name === name ? <span class="unmet">changed model </span> : null}
      {flags.length > 0 ? <span class="flag">{flags.join(', ')} </span> : null}
      {expected === undefined ? null : expected.met ? (
        <span class="met" title="as the test expects">
          ✓ expected
        </span>
      ) : (
        <span class="unmet">the test expects {expected.text}</span>
      )}
      {limits.map((limit) => (
        <span key={limit} class="limit">
          {' '}
          {limit}{' '}
          <button type="button" onClick={tryLonger}>
            Try longer
          </button>
        </span>
      ))}
      {milliseconds > 1000 ? <span> {(milliseconds / 1000).toFixed(1)} s</span> : null}
    </>
  );
}

function KernelChoice() {
  return (
    <label class="kernel">
      Linux{' '}
      <select
        value={kernel.value}
        onChange={({ currentTarget }) => {
          kernel.value = currentTarget.value;
        }}
      >
        {kernels.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function TargetChoice() {
  const all = targetsFor(dialectOf(text.value));
  const toggle = (name: string) => {
    const chosen = targets.value.includes(name)
      ? targets.value.filter((one) => one !== name)
      : all.flatMap((one) => (one.name === name || targets.value.includes(one.name) ? [one.name] : []));
    if (chosen.length > 0) chooseTargets(chosen);
  };
  return (
    <details class="target-choice">
      <summary>Machines and models</summary>
      {all.map(({ name, about }) => (
        <label key={name}>
          <input type="checkbox" checked={targets.value.includes(name)} onChange={() => toggle(name)} />
          <b>{name}</b> <span>{about}</span>
        </label>
      ))}
    </details>
  );
}

function Panes() {
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const at = (panes.indexOf(pane.value) + by + panes.length) % panes.length;
    pane.value = panes[at];
    document.getElementById(`tab-${panes[at]}`)?.focus();
    event.preventDefault();
  };
  return (
    <div class="panes">
      <div class="tabs" role="tablist" aria-label="More about the program" onKeyDown={move}>
        {panes.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            aria-selected={pane.value === one}
            aria-controls="pane"
            tabIndex={pane.value === one ? 0 : -1}
            onClick={() => {
              pane.value = one;
            }}
          >
            {paneTitles[one]}
          </button>
        ))}
      </div>
      <div id="pane" class="pane" role="tabpanel" aria-labelledby={`tab-${pane.value}`}>
        {settledText.value === '' ? null : <Shown />}
      </div>
    </div>
  );
}

function Shown() {
  switch (pane.value) {
    case 'execution':
      return <ExecutionPane />;
    case 'states':
      return <StatesPane />;
    case 'repair':
      return <RepairPane />;
    case 'machine':
      return <MachinePane />;
  }
}
