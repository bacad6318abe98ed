import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { EditedModel, Hover, Language, TextAnswer } from '../logic/protocol.js';
import { ask } from './engines.js';

/**
 * A text that is being edited; highlighting, what is wrong and what words mean come from the engines, as soon
 * as they have it.
 */
export interface Editor {
  setText(text: string): void;
  /** Marks places, as those that something else is about. */
  mark(places: readonly Marked[]): void;
  /** Puts the cursor at a line, from 1. */
  goTo(line: number): void;
  destroy(): void;
}

export interface Marked {
  readonly start: number;
  readonly end: number;
}

export interface EditorOptions {
  readonly text: string;
  readonly language: Language;
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** What a file of a model is part of. */
  readonly model: (text: string) => EditedModel | undefined;
}

const setTokens = StateEffect.define<DecorationSet>();
const setMarks = StateEffect.define<DecorationSet>();

/** Decorations that move with the text until there are new ones. */
function decorations(effect: typeof setTokens): StateField<DecorationSet> {
  return StateField.define({
    create: () => Decoration.none,
    update: (set, transaction) => {
      const given = transaction.effects.find((one) => one.is(effect));
      return given ? (given.value as DecorationSet) : set.map(transaction.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

export function createEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const { text, language, label, onChange, model } = options;
  let isOwn = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        highlightSelectionMatches(),
        search({ top: true }),
        autocompletion({ override: [(context) => complete(context, language)] }),
        hoverTooltip((shown, position) => hover(shown, position, language)),
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        keymap.of([
          ...completionKeymap,
          ...lintKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          // Escape, then Tab, leaves the editor by keyboard.
          indentWithTab,
        ]),
        decorations(setTokens),
        decorations(setMarks),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          if (!isOwn) onChange(update.state.doc.toString());
          void analyse();
        }),
      ],
    }),
  });

  async function analyse(): Promise<void> {
    const { doc } = view.state;
    const now = doc.toString();
    const answer = await ask('text', { text: now, language, model: model(now) }).catch(() => undefined);
    if (answer && view.state.doc.eq(doc)) show(view, doc, answer);
  }
  void analyse();

  return {
    setText: (next) => {
      if (next === view.state.doc.toString()) return;
      isOwn = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      isOwn = false;
    },
    mark: (places) => {
      view.dispatch({ effects: setMarks.of(marksOf(places, view.state.doc)) });
    },
    goTo: (number) => {
      const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

const tokenMarks = new Map<string, Decoration>();

function tokenMark(kind: string): Decoration {
  const known = tokenMarks.get(kind) ?? Decoration.mark({ class: `tok-${kind}` });
  tokenMarks.set(kind, known);
  return known;
}

function show(view: EditorView, doc: Text, { tokens, diagnostics }: TextAnswer): void {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { start, end, kind } of tokens)
    if (start < end && end <= doc.length) builder.add(start, end, tokenMark(kind));
  view.dispatch({ effects: setTokens.of(builder.finish()) });
  const found = diagnostics.map(({ start, end, severity, message }) => ({
    from: start,
    to: end,
    severity,
    message,
  }));
  view.dispatch(setDiagnostics(view.state, found));
}

const markedLine = Decoration.line({ class: 'marked-line' });
const markedPlace = Decoration.mark({ class: 'marked' });

function marksOf(places: readonly Marked[], doc: Text): DecorationSet {
  const ranges = places
    .filter(({ start, end }) => start < end && end <= doc.length)
    .flatMap(({ start, end }) => [markedLine.range(doc.lineAt(start).from), markedPlace.range(start, end)]);
  return Decoration.set(ranges, true);
}

async function complete(context: CompletionContext, language: Language) {
  const { pos, explicit, state } = context;
  if (!explicit && !context.matchBefore(/[A-Za-z_][\w.]*$/)) return null;
  const found = await ask('complete', { text: state.doc.toString(), language, offset: pos });
  const types = { known: 'function', keyword: 'keyword', name: 'variable' } as const;
  return {
    from: found.from,
    options: found.options.map(({ label, kind, detail }) => ({
      label,
      type: types[kind],
      ...(detail ? { detail } : {}),
    })),
    validFor: /^[\w.]*$/,
  };
}

async function hover(view: EditorView, position: number, language: Language) {
  const found = await ask('hover', { text: view.state.doc.toString(), language, offset: position });
  if (!found) return null;
  return { pos: found.start, end: found.end, above: true, create: () => ({ dom: hoverElement(found) }) };
}

function hoverElement({ title, lines, table = [] }: Hover): HTMLElement {
  const box = element('div', 'hover');
  box.append(element('strong', '', title), ...lines.map((line) => element('p', '', line)));
  if (table.length > 0) {
    const made = element('table', '');
    for (const row of table) {
      const line = element('tr', '');
      line.append(element('th', '', row[0]), element('td', '', row[1]));
      made.append(line);
    }
    box.append(made);
  }
  return box;
}

function element(name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
