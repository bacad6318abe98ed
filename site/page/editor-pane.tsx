import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditedModel, Language } from '../logic/protocol.js';
import type { Editor, Marked } from './editor.js';

interface Props {
  readonly text: ReadonlySignal<string>;
  readonly language: Language;
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** What a file of a model is part of. */
  readonly model?: (text: string) => EditedModel;
  readonly marked?: readonly Marked[];
  /** A line to go to, from 1, whenever it is another one. */
  readonly line?: number | undefined;
}

/** An editor, which is loaded when it is first shown; until then the text can be edited as plain text. */
export function EditorPane({ text, language, label, onChange, model, marked, line }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const shown = useRef<Editor>(undefined);
  const whole = useRef(model);
  whole.current = model;
  const [editor, setEditor] = useState<Editor>();
  useEffect(() => {
    let isGone = false;
    let made: Editor | undefined;
    void import('./editor.js').then(({ createEditor }) => {
      if (isGone || !frame.current) return;
      const onEdit = (next: string): void => change.current(next);
      made = createEditor(frame.current, {
        text: text.peek(),
        language,
        label,
        onChange: onEdit,
        model: (next) => whole.current?.(next),
      });
      shown.current = made;
      setEditor(made);
    });
    return () => {
      isGone = true;
      shown.current = undefined;
      made?.destroy();
    };
  }, [language, label]);
  // At once, and not with the next rendering: what was typed since is not to be undone.
  useSignalEffect(() => {
    shown.current?.setText(text.value);
  });
  useEffect(() => editor?.mark(marked ?? []), [editor, marked]);
  useEffect(() => {
    if (line !== undefined) editor?.goTo(line);
  }, [editor, line]);
  return (
    <div class="editor" ref={frame}>
      {editor ? null : (
        <textarea
          aria-label={label}
          value={text.value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </div>
  );
}
