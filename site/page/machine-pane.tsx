import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { riddleOf, type ShownCell, type ShownCpu, shownMachine } from '../logic/machine-model.js';
import type { WalkAnswer, WalkRequest } from '../logic/protocol.js';
import { dialectOf, machinesFor } from '../logic/targets.js';
import { useAnswer } from './asked.js';
import { ask } from './engines.js';
import { marked } from './marked.js';
import { kernel, machine, settledText, steps } from './state.js';

const LIMIT = 30_000;

/** The steps of a way that is being replayed, those already made among them. */
const planned = signal<readonly number[]>([]);
const isPredicting = signal(false);
const score = signal({ right: 0, asked: 0 });

/** A machine as boxes that fill and empty, walked through step by step. */
export function MachinePane() {
  const names = machinesFor(dialectOf(settledText.value));
  const name =
    machine.value !== undefined && names.includes(machine.value) ? machine.value : (names.at(-1) as string);
  const request: WalkRequest = {
    text: settledText.value,
    machine: name,
    kernel: kernel.value,
    choices: steps.value,
    limit: LIMIT,
  };
  const asked = useAnswer('walk', request);
  useEffect(
    () => () => {
      marked.value = [];
    },
    [],
  );
  return (
    <div class="walk">
      <Controls name={name} names={names} request={request} />
      {asked.kind === 'failed' ? <p class="error">{asked.reason}</p> : null}
      {asked.kind === 'waiting' ? <p class="wait">Starting the machine…</p> : null}
      {asked.kind === 'answered' && 'problem' in asked.value ? (
        <p class="error">{asked.value.problem.message}</p>
      ) : null}
      {asked.kind === 'answered' && !('problem' in asked.value) ? <Walk answer={asked.value} /> : null}
    </div>
  );
}

interface ControlsProps {
  readonly name: string;
  readonly names: readonly string[];
  readonly request: WalkRequest;
}

function Controls({ name, names, request }: ControlsProps) {
  const said = useSignal('');
  const change = (chosen: string) => {
    machine.value = chosen;
    steps.value = [];
    planned.value = [];
    said.value = '';
  };
  const find = async () => {
    said.value = 'Looking for the shortest way…';
    const answer = await ask('way', { ...request, choices: [] });
    if ('problem' in answer) said.value = answer.problem.message;
    else if (answer.kind === 'way') {
      planned.value = answer.choices;
      steps.value = [];
      said.value = '';
    } else if (answer.kind === 'limit') said.value = 'Not found within the limits.';
    else said.value = `No way of ${name} leads to what the condition asks about.`;
  };
  return (
    <div class="bar">
      <label>
        Machine{' '}
        <select value={name} onChange={({ currentTarget }) => change(currentTarget.value)}>
          {names.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => void find()}>
        Show the shortest way to it
      </button>
      <label>
        <input
          type="checkbox"
          checked={isPredicting.value}
          onChange={({ currentTarget }) => {
            isPredicting.value = currentTarget.checked;
            score.value = { right: 0, asked: 0 };
          }}
        />{' '}
        predict first
      </label>
      {isPredicting.value && score.value.asked > 0 ? (
        <span class="score">
          {score.value.right} of {score.value.asked} right
        </span>
      ) : null}
      <p class="about" role="status">
        {said.value}
      </p>
    </div>
  );
}

function Walk({ answer }: { readonly answer: WalkAnswer }) {
  const { view, before, told, options } = answer;
  const shown = shownMachine(view, before);
  const guessed = useSignal<number | undefined>(undefined);
  useEffect(() => {
    marked.value = view.cpus.flatMap(({ threads }) => threads.flatMap(({ next }) => next ?? []));
    guessed.value = undefined;
  }, [answer]);
  const take = (choice: number) => {
    if (isPredicting.value && riddleOf(options[choice], view)) guessed.value = choice;
    else make(choice);
  };
  const next = nextPlanned();
  const keys = (event: KeyboardEvent) => {
    if ((event.target as Element).matches('input, select')) return;
    const number = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : undefined;
    if (number !== undefined && number < options.length) take(number);
    else if (event.key === 'ArrowLeft' || event.key === 'Backspace') undo();
    else if (event.key === 'ArrowRight' && next !== undefined) take(next);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for what its buttons do
    <div onKeyDown={keys}>
      <p class="last" role="status">
        {told.length === 0 ? 'Nothing has happened yet.' : `${told.length}. ${told.at(-1)}`}
      </p>
      <div class="bar">
        <button type="button" onClick={undo} disabled={steps.value.length === 0}>
          Undo
        </button>
        <button type="button" onClick={restart} disabled={steps.value.length === 0}>
          Start over
        </button>
        {next !== undefined ? (
          <button type="button" class="primary" onClick={() => take(next)}>
            Next of the way ({steps.value.length + 1} of {planned.value.length})
          </button>
        ) : null}
      </div>
      <div class="cpus">
        {shown.cpus.map((cpu) => (
          <Cpu key={cpu.name} cpu={cpu} />
        ))}
        <div class="memory">
          <h3>Memory</h3>
          <Cells cells={shown.memory} />
        </div>
      </div>
      {guessed.value === undefined ? (
        <Options answer={answer} next={next} onTake={take} />
      ) : (
        <Guess answer={answer} choice={guessed.value} />
      )}
      <History told={told} />
    </div>
  );
}

function make(choice: number): void {
  steps.value = [...steps.value, choice];
}

function undo(): void {
  steps.value = steps.value.slice(0, -1);
}

function restart(): void {
  steps.value = [];
}

/** The next step of the way, as long as it was not left. */
function nextPlanned(): number | undefined {
  const made = steps.value;
  return made.every((choice, index) => planned.value[index] === choice)
    ? planned.value[made.length]
    : undefined;
}

interface OptionsProps {
  readonly answer: WalkAnswer;
  readonly next: number | undefined;
  readonly onTake: (choice: number) => void;
}

function Options({ answer, next, onTake }: OptionsProps) {
  const { options, end, errors, isCut, condition, view } = answer;
  if (end || errors.length > 0 || options.length === 0 || isCut)
    return (
      <div class="ended">
        {errors.length > 0 ? <p class="bad">The run is in error: {errors.join(', ')}.</p> : null}
        {isCut ? <p class="unknown">A thread is not followed any further.</p> : null}
        {end ? (
          <p class={end.satisfies ? 'bad' : ''}>
            The end: <code>{end.text}</code> {end.satisfies ? 'is' : 'is not'} what <code>{condition}</code>{' '}
            names.
          </p>
        ) : null}
      </div>
    );
  return (
    <ol class="options" aria-label="What can happen next">
      {options.map((option, choice) => (
        <li key={choice}>
          <button type="button" class={choice === next ? 'planned' : ''} onClick={() => onTake(choice)}>
            {(isPredicting.value ? riddleOf(option, view)?.text : undefined) ?? option}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** What will it find? */
function Guess({ answer, choice }: { readonly answer: WalkAnswer; readonly choice: number }) {
  const given = useSignal<string | undefined>(undefined);
  const riddle = riddleOf(answer.options[choice], answer.view);
  if (!riddle) return null;
  const guess = (value: string) => {
    given.value = value;
    const { right, asked } = score.value;
    score.value = { right: right + (value === riddle.answer ? 1 : 0), asked: asked + 1 };
  };
  return (
    <div class="guess">
      <p>
        <b>{riddle.text}</b> What does it find?
      </p>
      <div class="bar">
        {riddle.choices.map((value) => (
          <button
            key={value}
            type="button"
            disabled={given.value !== undefined}
            class={
              given.value === undefined
                ? ''
                : value === riddle.answer
                  ? 'right'
                  : value === given.value
                    ? 'wrong'
                    : ''
            }
            onClick={() => guess(value)}
          >
            {value}
          </button>
        ))}
        {given.value === undefined ? null : (
          <>
            <span role="status">
              {given.value === riddle.answer ? 'Right.' : `No: ${riddle.answer}.`} {answer.options[choice]}
            </span>
            <button type="button" class="primary" onClick={() => make(choice)}>
              Go on
            </button>
          </>
        )}
      </div>
    </div>
  );
}

const statusWords = {
  running: 'runs',
  interrupted: 'is interrupted',
  due: 'may come',
  through: 'is through',
} as const;

function Cpu({ cpu: { name, threads, parts } }: { readonly cpu: ShownCpu }) {
  return (
    <div class="cpu-box">
      <h3>{name}</h3>
      {threads.map(({ name: thread, status, next, registers }) => (
        <div key={thread} class={`thread ${status}`}>
          <p>
            <b>{thread}</b> {statusWords[status]}
            {next ? (
              <>
                , next <code>{next.text}</code> <small>line {next.line}</small>
              </>
            ) : null}
          </p>
          <Cells cells={registers} />
        </div>
      ))}
      {parts.map(({ name: part, entries }) => (
        <div key={part} class="part">
          <h4>{part}</h4>
          <ul class="queue">
            {entries.length === 0 ? <li class="empty">empty</li> : null}
            {entries.map(({ text, is }, index) => (
              <li key={index} class={is}>
                {text}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Cells({ cells }: { readonly cells: readonly ShownCell[] }) {
  if (cells.length === 0) return null;
  return (
    <ul class="cells">
      {cells.map(({ name, value, isNew }) => (
        <li key={name} class={isNew ? 'new' : ''}>
          {name} <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}

function History({ told }: { readonly told: readonly string[] }) {
  if (told.length === 0) return null;
  return (
    <details class="history">
      <summary>What has happened</summary>
      <ol>
        {told.map((step, index) => (
          <li key={index}>{step}</li>
        ))}
      </ol>
    </details>
  );
}
