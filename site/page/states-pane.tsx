import { batch } from '@preact/signals';
import { useAnswer } from './asked.js';
import { kernel, model, pane, settledText, stateShown, target } from './state.js';

const LIMIT = 20_000;

/** All final states; each leads to an execution. */
export function StatesPane() {
  const asked = useAnswer('states', {
    text: settledText.value,
    target: { name: target.value, kernel: kernel.value },
    model: model.value,
    limit: LIMIT,
  });
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Looking for all final states…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  const { states, limits } = asked.value;
  const show = (index: number) => {
    batch(() => {
      stateShown.value = index;
      pane.value = 'execution';
    });
  };
  return (
    <div class="states" data-old={asked.isOld ? '' : undefined}>
      <p class="about">
        {states.length} final {states.length === 1 ? 'state' : 'states'} on {target.value}. Those that satisfy
        the condition are marked. Choose one to see an execution.
      </p>
      {limits.map((limit) => (
        <p key={limit} class="limit">
          {limit}
        </p>
      ))}
      <ul>
        {states.map(({ text, satisfies }, index) => (
          <li key={text}>
            <button type="button" class={satisfies ? 'satisfies' : ''} onClick={() => show(index)}>
              <span aria-hidden="true">{satisfies ? '★' : '·'}</span> {text}
              {satisfies ? <span class="hidden"> satisfies the condition</span> : null}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
