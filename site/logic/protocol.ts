/** What the page asks the engines, which run in workers. Everything here can be cloned: plain data alone. */

/** A machine or a model, and the kernel whose code a C program's primitives are. */
export interface Target {
  readonly name: string;
  /** A version of Linux, such as `2.6` or `6.x`. */
  readonly kernel: string;
}

/** A shipped model, some of whose files the user has changed. */
export interface EditedModel {
  readonly name: string;
  /** By name: `alpha.cat`, or a file that it includes. */
  readonly files: Readonly<Record<string, string>>;
}

/** What most questions are about. */
export interface Subject {
  readonly text: string;
  readonly target: Target;
  readonly model?: EditedModel | undefined;
  /** Milliseconds after which an engine gives up, and says so. */
  readonly limit: number;
}

export interface Place {
  /** Characters, from 0. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

/** Something wrong with a text. */
export interface Problem extends Place {
  readonly message: string;
  /** The text that it is in. */
  readonly of: 'program' | 'model';
}

export type Verdict = 'Never' | 'Sometimes' | 'Always' | 'Unknown';

export interface VerdictAnswer {
  readonly verdict: Verdict;
  /** Errors and flags that some execution raises. */
  readonly flags: readonly string[];
  /** What was not looked at, in words. */
  readonly limits: readonly string[];
  /** What the test says that it expects here; undefined when it says nothing. */
  readonly expected?: { readonly text: string; readonly met: boolean } | undefined;
  /** Whether the outcome that is asked about can come about. */
  readonly reachable: boolean;
  /** The condition, as written. */
  readonly condition: string;
  readonly milliseconds: number;
}

export interface StatesAnswer {
  readonly condition: string;
  readonly states: readonly StateRow[];
  readonly limits: readonly string[];
}

export interface StateRow {
  readonly text: string;
  readonly satisfies: boolean;
}

export type ProblemAnswer = { readonly problem: Problem };

/** The switches of the Quick Quiz. */
export interface QuizSwitches {
  readonly assign: boolean;
  readonly dereference: boolean;
  readonly initialisedBefore: boolean;
  readonly sameCpu: boolean;
}

export interface TestEntry {
  /** Under litmus/. */
  readonly path: string;
  readonly name: string;
  readonly dialect: Dialect;
  /** The first sentence of its comment. */
  readonly about: string;
  /** What it expects: model and verdict. */
  readonly expects: readonly string[];
}

export type Dialect = 'C' | 'X86' | 'X86_64' | 'Alpha';

/** The language of a text. */
export type Language = 'litmus' | 'cat';

export interface TextAt {
  readonly text: string;
  /** Of a file that a model includes: the model, with what was changed of it. */
  readonly model?: EditedModel | undefined;
  readonly language: Language;
  readonly offset: number;
}

/** What an editor shows of a text. */
export interface TextAnswer {
  readonly tokens: readonly { readonly start: number; readonly end: number; readonly kind: string }[];
  readonly diagnostics: readonly {
    readonly start: number;
    readonly end: number;
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
}

export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly table?: readonly (readonly [target: string, code: string])[];
}

export interface Completions {
  readonly from: number;
  readonly options: readonly {
    readonly label: string;
    readonly kind: 'known' | 'keyword' | 'name';
    readonly detail?: string;
  }[];
}

/** The questions, each with what it is asked with and what it is answered with. */
export interface Tasks {
  readonly quizText: { readonly args: QuizSwitches; readonly answer: string };
  readonly library: { readonly args: null; readonly answer: readonly TestEntry[] };
  readonly shipped: { readonly args: string; readonly answer: string | null };
  readonly text: {
    readonly args: Omit<TextAt, 'offset'>;
    readonly answer: TextAnswer;
  };
  readonly hover: { readonly args: TextAt; readonly answer: Hover | null };
  readonly complete: { readonly args: TextAt; readonly answer: Completions };
  readonly verdict: { readonly args: Subject; readonly answer: VerdictAnswer | ProblemAnswer };
  readonly states: { readonly args: Subject; readonly answer: StatesAnswer | ProblemAnswer };
  readonly models: { readonly args: null; readonly answer: readonly ModelEntry[] };
  readonly diff: {
    readonly args: { readonly before: string; readonly after: string };
    readonly answer: readonly string[];
  };
  readonly effects: { readonly args: EffectsRequest; readonly answer: EffectsAnswer | ProblemAnswer };
  readonly quizzes: { readonly args: null; readonly answer: readonly QuizEntry[] };
  readonly why: { readonly args: SafetySubject; readonly answer: WhyAnswer | ProblemAnswer };
  readonly sites: {
    readonly args: { readonly text: string; readonly target: string };
    readonly answer: SitesAnswer | ProblemAnswer;
  };
  readonly without: { readonly args: WithoutRequest; readonly answer: WithoutAnswer | ProblemAnswer };
  readonly repair: { readonly args: SafetySubject; readonly answer: RepairAnswer | ProblemAnswer };
  readonly walk: { readonly args: WalkRequest; readonly answer: WalkAnswer | ProblemAnswer };
  readonly way: { readonly args: WalkRequest; readonly answer: WayAnswer | ProblemAnswer };
  readonly picture: { readonly args: PictureRequest; readonly answer: PictureAnswer | ProblemAnswer };
}

/** What a program is to be safe under. */
export interface SafetySubject extends Omit<Subject, 'target'> {
  readonly targets: readonly string[];
  readonly kernel: string;
}

export type Reach = 'reachable' | 'unreachable' | 'undecided';

/** A place of the program that asks for order, and what becomes of the program without it. */
export interface SiteRow extends Place {
  readonly text: string;
  readonly within: string;
  /** What is left of it. */
  readonly remains: string;
  /** By target: what happens without it alone; undefined where the outcome can happen anyway. */
  readonly without: readonly (Reach | undefined)[];
}

export interface WhyAnswer {
  readonly targets: readonly string[];
  readonly asIs: readonly Reach[];
  readonly sites: readonly SiteRow[];
  /**
   * The smallest sets of places, by number, that keep the outcome from happening where the program does so.
   */
  readonly enough: readonly (readonly number[])[] | undefined;
  readonly undecided: boolean;
}

export interface SitesAnswer {
  readonly sites: readonly (Place & {
    readonly text: string;
    readonly within: string;
    readonly remains: string;
  })[];
}

/** A program with some of its places weakened, by number. */
export interface WithoutRequest extends Subject {
  readonly without: readonly number[];
}

export interface WithoutAnswer extends VerdictAnswer {
  readonly text: string;
}

export type RepairAnswer =
  | { readonly kind: 'safe' | 'undecided' }
  | { readonly kind: 'impossible'; readonly on: string }
  | {
      readonly kind: 'repaired';
      readonly additions: readonly { readonly primitive: string; readonly line: number }[];
      readonly cost: number;
      readonly diff: readonly string[];
      readonly text: string;
    };

/** A machine, and the choices made on it since its start. */
export interface WalkRequest {
  readonly text: string;
  readonly machine: string;
  readonly kernel: string;
  readonly choices: readonly number[];
  readonly limit: number;
}

export interface WalkAnswer {
  /** The steps that were made, told. */
  readonly told: readonly string[];
  /** What there is to see, now and before the last step. */
  readonly view: MachineSight;
  readonly before: MachineSight | undefined;
  /** The steps that are possible now, told. */
  readonly options: readonly string[];
  readonly end:
    | { readonly text: string; readonly satisfies: boolean; readonly admitted: boolean }
    | undefined;
  readonly errors: readonly string[];
  readonly isCut: boolean;
  readonly condition: string;
}

/** A machine's state as it is drawn. */
export interface MachineSight {
  readonly memory: readonly Cell[];
  readonly cpus: readonly CpuSight[];
}

export interface Cell {
  readonly name: string;
  readonly value: string;
}

export interface CpuSight {
  readonly name: string;
  readonly threads: readonly {
    readonly name: string;
    readonly status: 'running' | 'interrupted' | 'due' | 'through';
    readonly next?: Place & { readonly text: string };
    readonly registers: readonly Cell[];
  }[];
  readonly parts: readonly { readonly name: string; readonly entries: readonly string[] }[];
}

/** The choices that lead to the outcome that the condition names, from where the walk stands. */
export type WayAnswer =
  | { readonly kind: 'way'; readonly choices: readonly number[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'limit' };

export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  /** Its own file, and those that it includes, as they are shipped. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What a changed model changes, as far as tests were looked at. */
export interface EffectsAnswer {
  readonly done: number;
  readonly total: number;
  readonly changed: readonly {
    readonly path: string;
    readonly name: string;
    readonly before: string;
    readonly after: string;
  }[];
}

export interface EffectsRequest {
  readonly model: EditedModel;
  readonly kernel: string;
  /** Milliseconds for each test. */
  readonly limit: number;
}

/** A quiz of the command line, as a page shows it. */
export interface QuizEntry {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly question: readonly string[];
  readonly asked: string;
  readonly variants: readonly { readonly label: string; readonly test: string; readonly text: string }[];
  readonly machines: readonly string[];
  readonly kernel: string;
  /** The error with memory that is asked for, where it is not the test's condition. */
  readonly error?: string;
  /** The variant, by its place, and the machine of the execution that is told. */
  readonly story?: { readonly variant: number; readonly machine: string };
  readonly answer: readonly string[];
}

export type TaskName = keyof Tasks;
export type Args<Name extends TaskName> = Tasks[Name]['args'];
export type Answer<Name extends TaskName> = Tasks[Name]['answer'];

export interface PictureRequest extends Subject {
  /**
   * A state to show, by its place among those of the answer to `states`; without, what the condition asks
   * about.
   */
  readonly state?: number | undefined;
  /** Of a forbidden outcome: which of the ways to it, from 1. */
  readonly way: number;
  readonly shown?: readonly string[] | undefined;
}

export interface PictureAnswer {
  readonly kind: 'picture' | 'nothing';
  /** An SVG document without its rules of style. */
  readonly svg: string;
  /** Its rules of style, for light and for dark. */
  readonly styles: { readonly light: string; readonly dark: string };
  readonly title: string;
  readonly isForbidden: boolean;
  /** How many ways there are to what is forbidden. */
  readonly ways: number;
  /** By event: where it stands in the program. */
  readonly events: readonly (Place | null)[];
  /** The edges of the cycle and the rule of the model behind each. */
  readonly rules: readonly RuleOfEdge[];
  /** The execution or the reason, told. */
  readonly story: readonly string[];
  /** Relations that could be drawn, and what each is. */
  readonly relations: readonly { readonly name: string; readonly about: string; readonly shown: boolean }[];
  /** Why there is nothing to draw. */
  readonly reason?: string;
}

export interface RuleOfEdge {
  readonly from: number;
  readonly to: number;
  readonly rule: string;
  /** Where the model defines it, where that is known. */
  readonly at?: { readonly file: string; readonly line: number } | undefined;
}

/** A message to a worker, and its answers. */
export interface Request {
  readonly id: number;
  readonly name: TaskName;
  readonly args: unknown;
}

export type Reply =
  /** Said before anything else: the worker is there. */
  | { readonly id: number; readonly kind: 'begun' }
  | { readonly id: number; readonly kind: 'answer'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'progress'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failure'; readonly message: string };
