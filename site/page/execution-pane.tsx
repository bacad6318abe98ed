import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PictureAnswer, RuleOfEdge } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { marked } from './marked.js';
import { Picture, type Pointed } from './picture.js';
import { SavePicture } from './save-picture.js';
import { kernel, model, settledText, shownModel, stateShown, target, view, way } from './state.js';
import { Story as StoryLines } from './story.js';

const LIMIT = 20_000;

/** An execution with the outcome, or what forbids it. */
export function ExecutionPane() {
  const shown = useSignal<readonly string[] | undefined>(undefined);
  const asked = useAnswer('picture', {
    text: settledText.value,
    target: { name: target.value, kernel: kernel.value },
    model: model.value,
    limit: LIMIT,
    way: way.value,
    state: stateShown.value,
    shown: shown.value,
  });
  useEffect(
    () => () => {
      marked.value = [];
    },
    [],
  );
  return (
    <>
      <About />
      {asked.kind === 'failed' ? <p class="error">{asked.reason}</p> : null}
      {asked.kind === 'waiting' ? <p class="wait">Looking for an execution…</p> : null}
      {asked.kind === 'answered' && 'problem' in asked.value ? (
        <p class="error">{asked.value.problem.message}</p>
      ) : null}
      {asked.kind === 'answered' && !('problem' in asked.value) ? (
        <Answered
          answer={asked.value}
          isOld={asked.isOld}
          onShow={(names) => {
            shown.value = names;
          }}
        />
      ) : null}
    </>
  );
}

function About() {
  if (stateShown.value === undefined) return null;
  const back = () => {
    stateShown.value = undefined;
  };
  return (
    <p class="about">
      An execution that ends in final state {stateShown.value + 1}.{' '}
      <button type="button" onClick={back}>
        Back to the condition
      </button>
    </p>
  );
}

interface Props {
  readonly answer: PictureAnswer;
  readonly isOld: boolean;
  readonly onShow: (names: readonly string[]) => void;
}

function Answered({ answer, isOld, onShow }: Props) {
  const rule = useSignal<RuleOfEdge | undefined>(undefined);
  const point = (what: Pointed | undefined) => {
    marked.value = placesOf(answer, what);
    rule.value = what?.kind === 'edge' ? ruleOf(answer, what) : undefined;
  };
  if (answer.kind === 'nothing') return <p class="wait">{answer.reason}.</p>;
  return (
    <div class="execution" data-old={isOld ? '' : undefined}>
      <Picture answer={answer} onPoint={point} />
      <Rules answer={answer} pointed={rule.value} />
      <div class="bar">
        <Ways answer={answer} />
        <Relations answer={answer} onShow={onShow} />
        <SavePicture answer={answer} />
      </div>
      <details class="told-in-words" open>
        <summary>{answer.isForbidden ? 'Why it cannot happen' : 'In words'}</summary>
        <StoryLines lines={answer.story} />
      </details>
    </div>
  );
}

function placesOf({ events }: PictureAnswer, what: Pointed | undefined) {
  if (!what) return [];
  const numbers = what.kind === 'event' ? [what.event] : [what.from, what.to];
  return numbers.flatMap((number) => events[number] ?? []);
}

function ruleOf({ rules }: PictureAnswer, { from, to }: Pointed & { kind: 'edge' }): RuleOfEdge | undefined {
  return rules.find((rule) => rule.from === from && rule.to === to);
}

/** The rules behind the edges of the cycle: each leads to its place in the model. */
function Rules({
  answer: { rules },
  pointed,
}: {
  readonly answer: PictureAnswer;
  readonly pointed: RuleOfEdge | undefined;
}) {
  const named = rules.filter((rule, index) => rules.findIndex((one) => one.rule === rule.rule) === index);
  if (named.length === 0) return null;
  return (
    <p class="rules">
      Rules:{' '}
      {named.map((rule) => (
        <button
          key={rule.rule}
          type="button"
          class={pointed?.rule === rule.rule ? 'pointed' : ''}
          onClick={() => open(rule)}
          title={rule.at ? `${rule.at.file}, line ${rule.at.line}` : 'the model'}
        >
          {rule.rule}
        </button>
      ))}
    </p>
  );
}

function open({ at }: RuleOfEdge): void {
  const file = at && (at.file.endsWith('.cat') ? at.file : `${at.file}.cat`);
  shownModel.value = { name: target.value, file, line: at?.line };
  view.value = 'model';
}

function Ways({ answer: { ways, isForbidden } }: { readonly answer: PictureAnswer }) {
  if (!isForbidden || ways < 2) return null;
  const go = (by: number) => () => {
    way.value += by;
  };
  return (
    <span class="ways">
      <button type="button" onClick={go(-1)} disabled={way.value <= 1} aria-label="The way before">
        ‹
      </button>{' '}
      way {way.value} of {ways}{' '}
      <button type="button" onClick={go(1)} disabled={way.value >= ways} aria-label="The next way">
        ›
      </button>
    </span>
  );
}

function Relations({ answer: { relations }, onShow }: Pick<Props, 'answer' | 'onShow'>) {
  const toggle = (name: string) => {
    onShow(relations.filter((one) => (one.name === name ? !one.shown : one.shown)).map((one) => one.name));
  };
  return (
    <details class="relations">
      <summary>Relations</summary>
      {relations.map(({ name, about, shown }) => (
        <label key={name}>
          <input type="checkbox" checked={shown} onChange={() => toggle(name)} />
          <b>{name}</b> <span>{about}</span>
        </label>
      ))}
    </details>
  );
}
