import { useSignal } from '@preact/signals';
import tutorial from '../../docs/tutorial.md?raw';
import { blocksOf } from '../logic/markdown.js';
import type { QuizEntry } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { Document } from './document.js';
import { keep, kept } from './kept.js';
import { QuizLesson } from './quiz-lesson.js';
import { lesson } from './state.js';

const DONE = 'lessons-done';

/** The first is there at once; the tutorial comes last, since it is to be read. */
const TUTORIAL = 'tutorial';

/**
 * Lessons: each quiz of the command line to be predicted and then revealed, and the tutorial with its
 * programs alive.
 */
export function LessonsView() {
  const asked = useAnswer('quizzes', null);
  const done = useSignal(new Set((kept(DONE) ?? '').split(' ').filter(Boolean)));
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Opening the lessons…</p>;
  const finish = (name: string) => {
    done.value = new Set([...done.value, name]);
    keep(DONE, [...done.value].join(' '));
  };
  const quizzes = asked.value;
  const chosen = quizzes.find(({ name }) => name === lesson.value);
  return (
    <div class="lessons">
      <Contents
        quizzes={quizzes}
        done={done.value}
        chosen={chosen?.name ?? (lesson.value === TUTORIAL ? TUTORIAL : undefined)}
      />
      <div class="lesson">
        {chosen ? <QuizLesson key={chosen.name} quiz={chosen} onDone={() => finish(chosen.name)} /> : null}
        {lesson.value === TUTORIAL ? <Tutorial onDone={() => finish(TUTORIAL)} /> : null}
        {!chosen && lesson.value !== TUTORIAL ? <Welcome first={quizzes[0]} /> : null}
      </div>
    </div>
  );
}

interface ContentsProps {
  readonly quizzes: readonly QuizEntry[];
  readonly done: ReadonlySet<string>;
  readonly chosen: string | undefined;
}

function Contents({ quizzes, done, chosen }: ContentsProps) {
  const entries = [
    ...quizzes.map(({ name, title }) => ({ name, title })),
    { name: TUTORIAL, title: 'Tutorial: from the question to its answer' },
  ];
  return (
    <nav class="contents" aria-label="Lessons">
      <p class="about">
        {entries.filter(({ name }) => done.has(name)).length} of {entries.length} done
      </p>
      <select
        aria-label="Lesson"
        value={chosen ?? ''}
        onChange={({ currentTarget }) => {
          lesson.value = currentTarget.value || undefined;
        }}
      >
        <option value="">Choose a lesson</option>
        {entries.map(({ name, title }) => (
          <option key={name} value={name}>
            {done.has(name) ? '✓ ' : ''}
            {title}
          </option>
        ))}
      </select>
      <ol>
        {entries.map(({ name, title }) => (
          <li key={name}>
            <button
              type="button"
              aria-current={chosen === name ? 'page' : undefined}
              onClick={() => {
                lesson.value = name;
              }}
            >
              {done.has(name) ? '✓ ' : ''}
              {title.replace(/ \(.*\)$/, '')}
              {done.has(name) ? <span class="hidden"> (done)</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Welcome({ first }: { readonly first: QuizEntry }) {
  return (
    <>
      <h1>Lessons</h1>
      <p>
        Each is a question about code that runs on several CPUs at once. Say what you think can happen on each
        machine, then have the machines answer: every execution is explored, here, in this page.
      </p>
      <button
        type="button"
        class="primary"
        onClick={() => {
          lesson.value = first.name;
        }}
      >
        Begin with the Quick Quiz
      </button>
    </>
  );
}

const blocks = blocksOf(tutorial);

function Tutorial({ onDone }: { readonly onDone: () => void }) {
  return (
    <article class="document">
      <Document blocks={blocks} />
      <button type="button" class="primary" onClick={onDone}>
        Done
      </button>
    </article>
  );
}
