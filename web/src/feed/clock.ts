import { Problem } from '../api/request';
import { server } from '../api/server';
import { takeClock } from '../shell/clock';
import { report } from './health';

const BetweenMilliseconds = 2000;

/** Asks the time every two seconds. Its silence (three seconds) is the silence of the network: five in all. */
export function keepClock(): () => void {
  let wanted = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async () => {
    const asked = performance.now();
    try {
      takeClock(await server.clock(), asked, performance.now());
      report('network', 'up');
    } catch (failure) {
      if (wanted) {
        // A refusal comes from the server: the way to it is open.
        report('network', failure instanceof Problem && failure.status > 0 ? 'up' : 'down');
      }
    }
    if (wanted) {
      timer = setTimeout(() => void ask(), BetweenMilliseconds);
    }
  };
  void ask();
  return () => {
    wanted = false;
    clearTimeout(timer);
  };
}
