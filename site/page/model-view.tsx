import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { EffectsAnswer, ModelEntry } from '../logic/protocol.js';
import { useAnswer } from './asked.js';
import { Diff } from './diff.js';
import { EditorPane } from './editor-pane.js';
import { choose, kernel, model, openTest, shownModel } from './state.js';

/** Milliseconds for each test, and before a change is looked at. */
const LIMIT = 3_000;
const SETTLING = 500;

/** What is shown first. */
const FIRST = 'alpha';

/** A model's text, to be changed; and which shipped tests it then answers otherwise. */
export function ModelView() {
  const asked = useAnswer('models', null);
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (asked.kind === 'waiting') return <p class="wait">Reading the models…</p>;
  const name = shownModel.value?.name ?? model.value?.name;
  const entry = asked.value.find((one) => one.name === (name ?? FIRST)) ?? asked.value[0];
  return <Opened key={entry.name} entry={entry} all={asked.value} />;
}

function Opened({ entry, all }: { readonly entry: ModelEntry; readonly all: readonly ModelEntry[] }) {
  const file = entry.files.find(({ name }) => name === shownModel.value?.file) ?? entry.files[0];
  const text = useComputed(() => editedText(entry.name, file.name) ?? file.text);
  const isEdited = model.value?.name === entry.name;
  const change = (next: string) => setFile(entry.name, file, next);
  return (
    <div class="workbench">
      <section class="program" aria-label="Model">
        <div class="bar">
          <h1 class="title">{entry.title}</h1>
          <label>
            Model{' '}
            <select
              value={entry.name}
              onChange={({ currentTarget }) => {
                shownModel.value = { name: currentTarget.value };
              }}
            >
              {all.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            File{' '}
            <select
              value={file.name}
              onChange={({ currentTarget }) => {
                shownModel.value = { name: entry.name, file: currentTarget.value };
              }}
            >
              {entry.files.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                  {name in changesOf(entry.name) ? ' (changed)' : ''}
                </option>
              ))}
            </select>
          </label>
        </div>
        <EditorPane
          key={`${entry.name} ${file.name}`}
          text={text}
          language="cat"
          label={`Model file ${file.name}`}
          model={(next) => ({ name: entry.name, files: { ...changesOf(entry.name), [file.name]: next } })}
          onChange={change}
          line={shownModel.value?.line}
        />
      </section>
      <section class="results" aria-label="What it changes">
        {isEdited ? <Changes entry={entry} /> : <Hint />}
      </section>
    </div>
  );
}

function changesOf(name: string): Readonly<Record<string, string>> {
  return model.value?.name === name ? model.value.files : {};
}

const editedText = (name: string, file: string): string | undefined => changesOf(name)[file];

/** A file that is as it was is no change any more; and only one model is changed at a time. */
function setFile(name: string, { name: file, text }: ModelEntry['files'][number], next: string): void {
  const { [file]: _, ...others } = changesOf(name);
  const files = next === text ? others : { ...others, [file]: next };
  model.value = Object.keys(files).length > 0 ? { name, files } : undefined;
}

function Hint() {
  return (
    <div class="panes">
      <p class="about">
        Change the model, and see which of the tests that ship it answers otherwise. The changed model is also
        what your program is checked under, and part of the link.
      </p>
    </div>
  );
}

function Changes({ entry }: { readonly entry: ModelEntry }) {
  const undo = () => {
    model.value = undefined;
  };
  return (
    <>
      <div class="panes">
        <div class="bar">
          <h2 class="title">What is different</h2>
          <button type="button" onClick={undo}>
            Undo all changes
          </button>
        </div>
        {entry.files.map((file) => {
          const after = editedText(entry.name, file.name);
          return after === undefined ? null : (
            <FileDiff key={file.name} name={file.name} before={file.text} after={after} />
          );
        })}
      </div>
      <Effects />
    </>
  );
}

function FileDiff({
  name,
  before,
  after,
}: {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}) {
  const asked = useAnswer('diff', { before, after });
  return (
    <>
      <h3>{name}</h3>
      {asked.kind === 'answered' ? <Diff lines={asked.value} /> : null}
    </>
  );
}

function Effects() {
  const settled = useSignal(model.value);
  const progress = useSignal<EffectsAnswer | undefined>(undefined);
  const now = model.value;
  useEffect(() => {
    const timer = setTimeout(() => {
      settled.value = now;
    }, SETTLING);
    return () => clearTimeout(timer);
  }, [now]);
  const args = settled.value && { model: settled.value, kernel: kernel.value, limit: LIMIT };
  const onProgress = useMemo(
    () => (value: unknown) => {
      progress.value = value as EffectsAnswer;
    },
    [],
  );
  const asked = useAnswer('effects', args, onProgress);
  const isDone = asked.kind === 'answered' && !asked.isOld;
  if (asked.kind === 'failed') return <p class="error">{asked.reason}</p>;
  if (isDone && 'problem' in asked.value)
    return (
      <div class="panes">
        <p class="error">{asked.value.problem.message}</p>
      </div>
    );
  const known = isDone && !('problem' in asked.value) ? asked.value : progress.value;
  return (
    <div class="panes">
      <h2 class="title">Tests that come out otherwise</h2>
      {known ? <EffectList known={known} /> : <p class="wait">Checking the tests…</p>}
    </div>
  );
}

function EffectList({ known: { done, total, changed } }: { readonly known: EffectsAnswer }) {
  const open = async (path: string) => {
    const { name } = model.value ?? { name: 'alpha' };
    await openTest(path);
    choose(name);
  };
  return (
    <>
      <progress value={done} max={total} aria-label="Tests checked" />
      <p class="about" role="status">
        {changed.length} of {done} tests{done < total ? `, ${total - done} to go` : ''}
      </p>
      <table class="effects">
        <thead>
          <tr>
            <th scope="col">Test</th>
            <th scope="col">Shipped</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">
                <button type="button" onClick={() => void open(path)}>
                  {path}
                </button>
              </th>
              <td>{before}</td>
              <td>
                <b>{after}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
