// The keys of CONSOLE.md §3, as data. Matched by `event.code`, the place of the key: letters fail on other layouts.

export type Action =
  | 'help'
  | 'newIncident'
  | 'search'
  | 'commandLine'
  | 'topAlarm'
  | 'nextIncident'
  | 'previousIncident'
  | 'submit'
  | 'saveDraft'
  | 'paneWaiting'
  | 'paneRunning'
  | 'paneMap'
  | 'paneSuggestions'
  | 'paneUnits'
  | 'paneDetail'
  | 'paneHospitals'
  | 'paneAlarms'
  | 'paneHandover'
  | 'paneCalls'
  | 'triage'
  | 'takeOver'
  | 'assign'
  | 'recall'
  | 'divert'
  | 'status'
  | 'otherStatus'
  | 'priority'
  | 'raise'
  | 'note'
  | 'readBack'
  | 'locate'
  | 'way'
  | 'close'
  | 'hospital'
  | 'undo'
  | 'merge'
  | 'callBack'
  | 'toBoard'
  | 'shelve'
  | 'relieve'
  | 'confirmProposal'
  | 'dismissProposal'
  | 'addAgency'
  | 'agency'
  | 'addTodo'
  | 'link'
  | 'unlink'
  | 'correct'
  | 'attach'
  | 'wide'
  | 'mute'
  | 'back';

export interface KeyPress {
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

interface Binding {
  action: Action;
  /** What stands on the button and in the help. */
  label: string;
  code: string;
  ctrl?: true;
  alt?: true;
  shift?: true;
}

const alt = (action: Action, letter: string): Binding => ({ action, label: `Alt+${letter}`, code: `Key${letter}`, alt: true });
const sign = (action: Action, name: string, code: string): Binding => ({ action, label: `Alt+${name}`, code, alt: true });
const pane = (action: Action, digit: number): Binding => ({ action, label: `Alt+${digit}`, code: `Digit${digit}`, alt: true });

/** Where a key means something, as the help lists them. */
export const groups: readonly { title: 'anywhere' | 'panes' | 'selected'; bindings: readonly Binding[] }[] = [
  {
    title: 'anywhere',
    bindings: [
      { action: 'help', label: 'F1', code: 'F1' },
      { action: 'newIncident', label: 'F2', code: 'F2' },
      { action: 'search', label: 'F3', code: 'F3' },
      { action: 'commandLine', label: 'F4', code: 'F4' },
      { action: 'topAlarm', label: 'F8', code: 'F8' },
      { action: 'nextIncident', label: 'F9', code: 'F9' },
      { action: 'previousIncident', label: 'Shift+F9', code: 'F9', shift: true },
      { action: 'submit', label: 'Ctrl+Enter', code: 'Enter', ctrl: true },
      { action: 'saveDraft', label: 'Ctrl+S', code: 'KeyS', ctrl: true },
      alt('mute', 'Q'),
      { action: 'back', label: 'Esc', code: 'Escape' },
    ],
  },
  {
    title: 'panes',
    bindings: [
      pane('paneWaiting', 1),
      pane('paneRunning', 2),
      pane('paneMap', 3),
      pane('paneSuggestions', 4),
      pane('paneUnits', 5),
      pane('paneDetail', 6),
      pane('paneHospitals', 7),
      pane('paneAlarms', 8),
      pane('paneCalls', 9),
      pane('triage', 0),
      sign('paneHandover', '/', 'Slash'),
      sign('takeOver', 'PgDn', 'PageDown'),
    ],
  },
  {
    title: 'selected',
    bindings: [
      { action: 'assign', label: 'Alt+Enter', code: 'Enter', alt: true },
      alt('status', 'U'),
      // Beside U, for what is chosen in its place.
      alt('otherStatus', 'I'),
      alt('hospital', 'Y'),
      alt('divert', 'G'),
      alt('recall', 'C'),
      alt('priority', 'P'),
      alt('note', 'M'),
      alt('readBack', 'R'),
      alt('locate', 'L'),
      alt('way', 'N'),
      alt('close', 'X'),
      alt('undo', 'O'),
      alt('merge', 'J'),
      alt('callBack', 'K'),
      alt('toBoard', 'W'),
      alt('shelve', 'Z'),
      // The letters are given away: what is left are digits and signs, by their place on the keyboard.
      sign('confirmProposal', ',', 'Comma'),
      sign('dismissProposal', '.', 'Period'),
      sign('raise', 'PgUp', 'PageUp'),
      sign('relieve', '=', 'Equal'),
      sign('addAgency', '[', 'BracketLeft'),
      sign('agency', '`', 'Backquote'),
      sign('addTodo', ']', 'BracketRight'),
      sign('link', ';', 'Semicolon'),
      sign('unlink', 'Delete', 'Delete'),
      sign('attach', "'", 'Quote'),
      sign('correct', '\\', 'Backslash'),
      sign('wide', '-', 'Minus'),
    ],
  },
];

const bindings = groups.flatMap((group) => group.bindings);

/** The numeric keypad's keys stand for those of the main block. */
const mainBlock = (code: string) => (code === 'NumpadEnter' ? 'Enter' : code);

/** What a key press asks for; null where it is bound to nothing and belongs to the field or the browser. */
export function matchKey(press: KeyPress): Action | null {
  const code = mainBlock(press.code);
  const binding = bindings.find(
    (candidate) =>
      candidate.code === code &&
      (candidate.ctrl ?? false) === press.ctrlKey &&
      (candidate.alt ?? false) === press.altKey &&
      (candidate.shift ?? false) === press.shiftKey &&
      !press.metaKey,
  );
  return binding?.action ?? null;
}

export function keyLabel(action: Action): string {
  return bindings.find((binding) => binding.action === action)?.label ?? '';
}

/** In the suggestions a bare digit ticks the nth; zero-based, null for any other key. */
export function nthOf(press: KeyPress): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code);
  return digit && !press.ctrlKey && !press.altKey && !press.shiftKey && !press.metaKey ? Number(digit[1]) - 1 : null;
}
