import { useEffect } from 'react';
import { create } from 'zustand';
import type { Priority } from '../api/contract';

// The bell of a station. A browser gives no sound before the first touch or key; that is said on the screen until it is done.

/** `locked`: waits for a touch or a key; `lost`: there is no sound to be had. */
export type Sound = 'on' | 'locked' | 'lost';

export const useSound = create<{ sound: Sound }>(() => ({ sound: 'locked' }));

const betweenRingsMs = 5000;
let audio: AudioContext | null = null;

function look() {
  useSound.setState({ sound: audio === null ? 'lost' : audio.state === 'running' ? 'on' : 'locked' });
}

/** Asks the browser for sound; to be called on every touch and key, for it may be taken away again. */
export function wakeSound(): void {
  try {
    if (!audio) {
      audio = new AudioContext();
      audio.addEventListener('statechange', look);
    }
    void audio.resume().then(look, look);
  } catch {
    audio = null;
  }
  look();
}

/** When each stroke begins (seconds), and how high it is (hertz): life-threatening calls sound otherwise than the rest. */
export const strokesOf = (priority: Priority): readonly [at: number, hertz: number][] =>
  priority === 1
    ? [0, 0.25, 0.5, 1, 1.25, 1.5].map((at, index) => [at, index % 2 === 0 ? 988 : 740])
    : [0, 0.45, 0.9].map((at) => [at, 660]);

export function ring(priority: Priority): void {
  if (audio?.state !== 'running') {
    wakeSound();
  }
  if (audio?.state !== 'running') {
    return;
  }
  for (const [after, hertz] of strokesOf(priority)) {
    const at = audio.currentTime + after;
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0.5, at);
    gain.gain.exponentialRampToValueAtTime(0.01, at + 0.4);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.42);
  }
}

/** Rings at once and each five seconds for as long as something is to be accepted. */
export function useBell(priority: Priority | null): void {
  useEffect(() => {
    if (priority === null) {
      return;
    }
    ring(priority);
    const timer = window.setInterval(() => ring(priority), betweenRingsMs);
    return () => window.clearInterval(timer);
  }, [priority]);
}

/** Every touch and key of the page wakes the sound. */
export function useWokenSound(): void {
  useEffect(() => {
    wakeSound();
    const events = ['pointerdown', 'keydown'] as const;
    for (const event of events) {
      window.addEventListener(event, wakeSound, true);
    }
    return () => {
      for (const event of events) {
        window.removeEventListener(event, wakeSound, true);
      }
    };
  }, []);
}
