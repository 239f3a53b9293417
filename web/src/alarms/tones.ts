import { create } from 'zustand';

// The sounds of alarms, made here: levels differ in rhythm. A browser lets nothing sound before somebody pressed a key.

export type Audio = 'locked' | 'on' | 'lost';

export const useAudio = create<{ audio: Audio }>(() => ({ audio: 'locked' }));

let context: AudioContext | null = null;

function say() {
  useAudio.setState({ audio: context?.state === 'running' ? 'on' : context === null ? 'locked' : 'lost' });
}

/** At a key press or a click: from then on alarms can be heard. */
export async function unlock(): Promise<void> {
  try {
    if (context === null) {
      context = new AudioContext();
      context.onstatechange = say;
    }
    await context.resume();
    say();
  } catch {
    // No device, or it was taken away.
    useAudio.setState({ audio: 'lost' });
  }
}

/** Any key but Esc, and any click, will do; asked for until it sounds. */
export function unlockByHand(): () => void {
  const onHand = (event: Event) => {
    if (!(event instanceof KeyboardEvent && event.code === 'Escape') && useAudio.getState().audio !== 'on') {
      void unlock();
    }
  };
  window.addEventListener('keydown', onHand, { capture: true });
  window.addEventListener('pointerdown', onHand, { capture: true });
  return () => {
    window.removeEventListener('keydown', onHand, { capture: true });
    window.removeEventListener('pointerdown', onHand, { capture: true });
  };
}

function beep(audio: AudioContext, hertz: number, from: number, seconds: number) {
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  const at = audio.currentTime + from;
  tone.frequency.value = hertz;
  // Risen and fallen within 10 ms: without it each pulse clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.4, at + 0.01);
  loudness.gain.setValueAtTime(0.4, at + seconds - 0.01);
  loudness.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

/** Level 1: three equal pulses. Level 2: one chime that falls. */
export function play(level: 1 | 2): void {
  if (context?.state !== 'running') {
    say();
    return;
  }
  if (level === 1) {
    for (const from of [0, 0.35, 0.7]) {
      beep(context, 880, from, 0.2);
    }
  } else {
    beep(context, 660, 0, 0.25);
    beep(context, 523, 0.25, 0.35);
  }
}

/** One beat of the metronome for compressions: short and higher than any alarm. */
export function tick(): void {
  if (context?.state === 'running') {
    beep(context, 1320, 0, 0.05);
  }
}
