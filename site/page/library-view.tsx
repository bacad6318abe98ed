import { useSignal } from '@preact/signals';
import type { TestEntry } from '../logic/protocol.js';
import { byFolder, byTopic, type Group, matching } from '../logic/topics.js';
import { useAnswer } from './asked.js';
import { openTest, openText } from './state.js';

const EMPTY = `C my-question
(* Who may see what? *)
{ }

P0(int *data, int *flag)
{
	WRITE_ONCE(*data, 1);
	smp_store_release(flag, 1);
}

P1(int *data, int *flag)
{
	int r0;
	int r1;

	r0 = smp_load_acquire(flag);
	r1 = READ_ONCE(*data);
}

exists (1:r0=1 /\\ 1:r1=0)
`;

/** All tests that ship. */
export function LibraryView() {
  const words = useSignal('');
  const order = useSignal<'topic' | 'folder'>('topic');
  const asked = useAnswer('library', null);
  const tests = asked.kind === 'answered' ? matching(asked.value, words.value) : [];
  const groups = order.value === 'topic' ? byTopic(tests) : byFolder(tests);
  return (
    <div class="shipped-tests">
      <div class="bar">
        <h1 class="title">Library</h1>
        <label>
          Search{' '}
          <input
            type="search"
            value={words.value}
            onInput={({ currentTarget }) => (words.value = currentTarget.value)}
          />
        </label>
        <label>
          By{' '}
          <select
            value={order.value}
            onChange={({ currentTarget }) => (order.value = currentTarget.value as 'topic' | 'folder')}
          >
            <option value="topic">what they teach</option>
            <option value="folder">folder</option>
          </select>
        </label>
        <button type="button" onClick={() => openText(EMPTY)}>
          New program
        </button>
      </div>
      {asked.kind === 'waiting' ? <p class="wait">Reading the tests…</p> : null}
      {asked.kind === 'failed' ? <p class="error">{asked.reason}</p> : null}
      {asked.kind === 'answered' ? (
        <p class="about" role="status">
          {tests.length} of {asked.value.length} tests
        </p>
      ) : null}
      {groups.map((group) => (
        <Tests key={group.name} group={group} />
      ))}
    </div>
  );
}

function Tests({ group: { name, about, tests } }: { readonly group: Group }) {
  return (
    <section aria-label={name}>
      <h2>
        {name} <small>{about}</small>
      </h2>
      <ul class="tests">
        {tests.map((test) => (
          <Test key={test.path} test={test} />
        ))}
      </ul>
    </section>
  );
}

function Test({ test: { path, name, dialect, about } }: { readonly test: TestEntry }) {
  return (
    <li>
      <button type="button" onClick={() => void openTest(path)} title={path}>
        <b>{name}</b> <small>{dialect}</small>
        <span>{about}</span>
      </button>
    </li>
  );
}
