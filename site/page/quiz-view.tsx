import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { PictureAnswer, QuizSwitches, VerdictAnswer } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { Picture } from './picture.js';
import { switches } from './state.js';
import { Story as StoryLines } from './story.js';

/** The kernel of the document. */
const KERNEL = '2.6';
const LIMIT = 20_000;

const machines = [
  { name: 'i386', title: 'i386', about: 'Loads stay in order, and so do stores.' },
  { name: 'alpha', title: 'Alpha', about: 'Nothing stays in order unless a barrier says so.' },
] as const;

const others = [
  { name: 'sc', title: 'sc', about: 'a machine that does everything in order' },
  { name: 'pso', title: 'pso', about: 'stores may pass each other' },
  { name: 'alpha-linux', title: 'alpha-linux', about: 'the Alpha as it was built' },
] as const;

/** The Quick Quiz, alive: its code with switches on one side, machines on the other. */
export function QuizView() {
  const shown = useSignal<string | undefined>(undefined);
  const text = useAnswer('quizText', switches.value);
  const program = text.kind === 'answered' ? text.value : undefined;
  return (
    <>
      <section class="quiz" aria-labelledby="question">
        <div class="ask">
          <h1 id="question">Does do_nmi() need rcu_dereference()?</h1>
          <p>
            CPU 0 prepares data, then sets a new NMI handler. CPU 1 takes an NMI.{' '}
            <b>Can the new handler run with the old data?</b> Press a primitive in the code to put it in or to
            take it out.
          </p>
        </div>
        <Code />
        <div class="machines">
          <div class="pair">
            {machines.map((machine) => (
              <Machine key={machine.name} {...machine} program={program} shown={shown} />
            ))}
          </div>
          <div class="others">
            {others.map((machine) => (
              <Machine key={machine.name} {...machine} program={program} shown={shown} small />
            ))}
          </div>
        </div>
      </section>
      {shown.value !== undefined && program !== undefined ? (
        <Shown key={shown.value} machine={shown.value} program={program} />
      ) : null}
    </>
  );
}

type Key = keyof QuizSwitches;

function set(key: Key, value: boolean): void {
  switches.value = { ...switches.value, [key]: value };
}

/** A primitive in the code that can be taken out and put back. */
function Switch({ of, on, off }: { readonly of: Key; readonly on: string; readonly off: string }) {
  const isOn = switches.value[of];
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={`${on}, instead of ${off}`}
      class={`primitive ${isOn ? 'on' : 'off'}`}
      onClick={() => set(of, !isOn)}
    >
      {isOn ? on : off}
    </button>
  );
}

function Choice(props: {
  readonly of: Key;
  readonly label: string;
  readonly names: readonly [yes: string, no: string];
}) {
  const { of, label, names } = props;
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {names.map((name, index) => (
        <label key={name}>
          <input
            type="radio"
            name={of}
            checked={switches.value[of] === (index === 0)}
            onChange={() => set(of, index === 0)}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

const K = ({ children }: { readonly children: ComponentChildren }) => (
  <span class="tok-keyword">{children}</span>
);
const C = ({ children }: { readonly children: ComponentChildren }) => (
  <span class="tok-comment">{children}</span>
);

function Code() {
  const { initialisedBefore, sameCpu } = switches.value;
  const data = (
    <>
      my_data = 1; <C>{'// for the handler'}</C>
      {'\n'}
    </>
  );
  const call = 'set_nmi_callback(my_nmi_callback);\n';
  return (
    <section class="code" aria-label="The code of the question">
      <div class="cpu">
        <h2>CPU 0 sets the handler</h2>
        <pre>
          {initialisedBefore ? data : call}
          {initialisedBefore ? call : data}
          {'\n'}
          <K>void</K> set_nmi_callback(nmi_callback_t callback){'\n{\n    '}
          <Switch of="assign" on="rcu_assign_pointer(nmi_callback, callback)" off="nmi_callback = callback" />
          {';\n}'}
        </pre>
      </div>
      <div class="cpu">
        <h2>{sameCpu ? 'CPU 0 takes an NMI, at any point' : 'CPU 1 takes an NMI, at any time'}</h2>
        <pre>
          <K>void</K> do_nmi(<K>struct</K> pt_regs *regs, <K>long</K> error_code){'\n{\n    …\n    '}
          <K>if</K> (!
          <Switch of="dereference" on="rcu_dereference(nmi_callback)" off="nmi_callback" />
          (regs, cpu)){'\n        default_do_nmi(regs);\n}\n\n'}
          <K>int</K> my_nmi_callback(…) <C>{'// the new handler'}</C>
          {'\n{\n    handler_saw = my_data; '}
          <C>{'// 0 is the old data'}</C>
          {'\n}'}
        </pre>
      </div>
      <div class="choices">
        <Choice of="initialisedBefore" label="Data is ready" names={['before', 'after']} />
        <Choice of="sameCpu" label="The NMI hits" names={['the same CPU', 'another CPU']} />
      </div>
    </section>
  );
}

function Machine(props: {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly program: string | undefined;
  readonly shown: { value: string | undefined };
  readonly small?: boolean;
}) {
  const { name, title, about, program, shown, small } = props;
  const asked = useAnswer(
    'verdict',
    program === undefined ? undefined : { text: program, target: { name, kernel: KERNEL }, limit: LIMIT },
  );
  const verdict = asked.kind === 'answered' && 'verdict' in asked.value ? asked.value : undefined;
  const isShown = shown.value === name;
  const toggle = () => {
    shown.value = isShown ? undefined : name;
  };
  return (
    <article class={`machine ${small ? 'small' : ''} ${stateOf(verdict)}`} aria-busy={!verdict}>
      <h3>{title}</h3>
      <p class="verdict" role="status">
        {verdict ? words(verdict) : '…'}
      </p>
      <p class="about">{about}</p>
      <button type="button" aria-expanded={isShown} onClick={toggle} disabled={!verdict}>
        {isShown ? 'Hide' : verdict && !verdict.reachable ? 'Why not?' : 'Show me'}
      </button>
    </article>
  );
}

function stateOf(verdict: VerdictAnswer | undefined): string {
  if (!verdict) return 'waiting';
  return verdict.reachable ? 'bad' : verdict.verdict === 'Unknown' ? 'unknown' : 'good';
}

function words(verdict: VerdictAnswer): string {
  if (verdict.reachable) return 'Yes, it can';
  return verdict.verdict === 'Unknown' ? 'Not decided' : 'Never';
}

function Shown({ machine, program }: { readonly machine: string; readonly program: string }) {
  const asked = useAnswer('picture', {
    text: program,
    target: { name: machine, kernel: KERNEL },
    limit: LIMIT,
    way: 1,
  });
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Looking for an execution…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  return <Told answer={asked.value} machine={machine} />;
}

function Told({ answer, machine }: { readonly answer: PictureAnswer; readonly machine: string }) {
  if (answer.kind === 'nothing') return <p class="wait">{answer.reason}</p>;
  return (
    <section class="told" aria-label={answer.title}>
      <div>
        <h2>{answer.isForbidden ? `Why it never happens on ${machine}` : `How it happens on ${machine}`}</h2>
        {answer.isForbidden ? <StoryLines lines={answer.story} /> : <Steps story={answer.story} />}
      </div>
      <Picture answer={answer} />
    </section>
  );
}

/** The story of an execution: its steps have numbers of their own. */
function Steps({ story }: { readonly story: readonly string[] }) {
  const steps = story.flatMap((line) => /^\s*\d+\.\s+(.*)$/.exec(line)?.[1] ?? []);
  return (
    <ol class="story">
      {steps.map((step) => (
        <li key={step}>
          {step
            .split('ahead of')
            .map((part, index) => (index === 0 ? part : <b key={part}>ahead of{part}</b>))}
        </li>
      ))}
    </ol>
  );
}
