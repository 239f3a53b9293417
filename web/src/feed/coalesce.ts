/**
 * Joins a burst of hints into few reads: the first hint reads after `quietMilliseconds`, further ones wait with it, and
 * while a read runs at most one more is kept for after it. A storm of changes costs one read at a time, and the last
 * change is never missed.
 */
export function coalesce(read: () => Promise<unknown>, quietMilliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running = false;
  let again = false;

  const start = async () => {
    timer = null;
    running = true;
    try {
      await read();
    } catch {
      // Whoever shows the data shows its failure, too.
    } finally {
      running = false;
      if (again) {
        again = false;
        hint();
      }
    }
  };

  const hint = () => {
    if (running) {
      again = true;
    } else if (timer === null) {
      timer = setTimeout(() => void start(), quietMilliseconds);
    }
  };

  return hint;
}

/** How long to wait before the nth try to connect again: soon at first, never longer than ten seconds, spread out. */
export function backoffMilliseconds(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(10_000, 500 * 2 ** attempt);
  return Math.round(base * (0.75 + random() * 0.5));
}
