// A task that comes must be noticed by a crew that does not look at the screen.

let audio: AudioContext | null = null;

function tone(context: AudioContext, at: number) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = 880;
  gain.gain.setValueAtTime(0.25, at);
  gain.gain.setValueAtTime(0, at + 0.18);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.2);
}

/** Three tones and three shakes. Silent where the browser still waits for a first touch, or has no sound. */
export function alertCrew(): void {
  navigator.vibrate?.([200, 100, 200, 100, 200]);
  try {
    audio ??= new AudioContext();
    for (const start of [0, 0.3, 0.6]) {
      tone(audio, audio.currentTime + start);
    }
  } catch {
    // No sound device: the screen and the shaking remain.
  }
}
