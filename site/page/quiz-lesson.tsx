import { type Signal, useSignal } from '@preact/signals';
import type { QuizEntry } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { Picture } from './picture.js';
import { kernel, openText } from './state.js';
import { Story as StoryLines } from './story.js';

const LIMIT = 20_000;

type Guess = 'never' | 'can';
type Guesses = Readonly<Record<string, Guess>>;

interface Props {
  readonly quiz: QuizEntry;
  readonly onDone: () => void;
}

/** A question, what the reader thinks, and what the machines say. */
export function QuizLesson({ quiz, onDone }: Props) {
  const guesses = useSignal<Guesses>({});
  const isRevealed = useSignal(false);
  const reveal = () => {
    isRevealed.value = true;
    onDone();
  };
  return (
    <article>
      <h1>{quiz.title}</h1>
      {quiz.question.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <h2>{quiz.asked}</h2>
      {isRevealed.value ? null : (
        <p class="about">
          Press a field for what you think: never, or that it can happen. Then have it revealed.
        </p>
      )}
      <div class="scrolled">
        <table class="guesses">
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">Program</span>
              </th>
              {quiz.machines.map((machine) => (
                <th key={machine} scope="col">
                  {machine}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {quiz.variants.map((variant) => (
              <tr key={variant.label}>
                <th scope="row">
                  <OpenButton quiz={quiz} variant={variant} />
                </th>
                {quiz.machines.map((machine) => (
                  <td key={machine}>
                    <Field
                      quiz={quiz}
                      variant={variant}
                      machine={machine}
                      guesses={guesses}
                      isRevealed={isRevealed.value}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isRevealed.value ? (
        <Answer quiz={quiz} />
      ) : (
        <button type="button" class="primary" onClick={reveal}>
          Reveal
        </button>
      )}
    </article>
  );
}

type Variant = QuizEntry['variants'][number];

function OpenButton({ quiz, variant }: { readonly quiz: QuizEntry; readonly variant: Variant }) {
  const open = () => {
    openText(variant.text, variant.test);
    kernel.value = quiz.kernel;
  };
  return (
    <button type="button" class="link" onClick={open} title={`Open litmus/${variant.test}`}>
      {variant.label}
    </button>
  );
}

interface FieldProps {
  readonly quiz: QuizEntry;
  readonly variant: Variant;
  readonly machine: string;
  readonly guesses: Signal<Guesses>;
  readonly isRevealed: boolean;
}

const guessWords = { never: 'never', can: 'can happen' } as const;

function Field({ quiz, variant, machine, guesses, isRevealed }: FieldProps) {
  const key = `${variant.label} ${machine}`;
  const guess = guesses.value[key];
  const next = () => {
    guesses.value = { ...guesses.value, [key]: guess === 'never' ? 'can' : 'never' };
  };
  if (isRevealed) return <Revealed quiz={quiz} variant={variant} machine={machine} guess={guess} />;
  return (
    <button
      type="button"
      class={`guess-field ${guess ?? ''}`}
      onClick={next}
      aria-label={`${variant.label} on ${machine}: ${guess ? guessWords[guess] : 'no guess'}`}
    >
      {guess ? guessWords[guess] : '?'}
    </button>
  );
}

function Revealed({
  quiz,
  variant,
  machine,
  guess,
}: Omit<FieldProps, 'guesses' | 'isRevealed'> & { readonly guess: Guess | undefined }) {
  const asked = useAnswer('verdict', {
    text: variant.text,
    target: { name: machine, kernel: quiz.kernel },
    limit: LIMIT,
  });
  if (asked.kind === 'failed') return <span class="unknown">{asked.reason}</span>;
  if (asked.kind === 'waiting') return <span class="about">…</span>;
  if ('problem' in asked.value) return <span class="unknown">{asked.value.problem.message}</span>;
  const { reachable, flags, verdict } = asked.value;
  const happens = quiz.error === undefined ? reachable : flags.includes(quiz.error);
  if (verdict === 'Unknown' && !happens) return <span class="unknown">not decided</span>;
  const truth: Guess = happens ? 'can' : 'never';
  const mark = guess === undefined ? '' : guess === truth ? ' ✓' : ' ✗';
  return (
    <span class={happens ? 'bad' : 'good'}>
      <span class="word">{guessWords[truth]}</span>
      {mark}
      {guess === undefined ? null : (
        <span class="hidden">{guess === truth ? 'as you thought' : 'not as you thought'}</span>
      )}
    </span>
  );
}

function Answer({ quiz }: { readonly quiz: QuizEntry }) {
  return (
    <>
      <h2>Answer</h2>
      {quiz.answer.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <Story quiz={quiz} />
      <p class="about">{quiz.source}</p>
    </>
  );
}

/** How it happens, in one of the programs on one of the machines. */
function Story({ quiz }: { readonly quiz: QuizEntry }) {
  const isShown = useSignal(false);
  const { story } = quiz;
  if (!story) return null;
  const { label, text } = quiz.variants[story.variant];
  if (isShown.value) return <StoryPicture text={text} machine={story.machine} kernel={quiz.kernel} />;
  return (
    <button
      type="button"
      class="primary"
      onClick={() => {
        isShown.value = true;
      }}
    >
      Show how it happens on {story.machine}: {label}
    </button>
  );
}

function StoryPicture(props: { readonly text: string; readonly machine: string; readonly kernel: string }) {
  const { text, machine, kernel: version } = props;
  const asked = useAnswer('picture', {
    text,
    target: { name: machine, kernel: version },
    limit: LIMIT,
    way: 1,
  });
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Looking for an execution…</p>;
  if ('problem' in asked.value) return <p class="error">{asked.value.problem.message}</p>;
  if (asked.value.kind === 'nothing') return <p class="wait">{asked.value.reason}.</p>;
  return (
    <>
      <Picture answer={asked.value} />
      <StoryLines lines={asked.value.story} />
    </>
  );
}
