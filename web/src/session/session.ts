import { create } from 'zustand';
import type { SessionView } from '../api/contract';
import { keepCsrfToken, whenSessionLost } from '../api/request';
import { server } from '../api/server';
import { hasDesk } from './roles';

/**
 * `expired` keeps who was here: the desk stays as it is, with all that was typed, behind the sign-in that is asked for
 * again.
 */
export type SessionState = 'asking' | 'unreachable' | 'nobody' | 'signedIn' | 'expired';

export const useSession = create<{ state: SessionState; who: SessionView | null }>(() => ({ state: 'asking', who: null }));

function take(who: SessionView) {
  keepCsrfToken(who.csrfToken);
  useSession.setState(who.userName ? { state: 'signedIn', who } : { state: 'nobody', who: null });
}

export const session = {
  async ask(): Promise<void> {
    try {
      take(await server.session());
    } catch {
      useSession.setState({ state: 'unreachable' });
    }
  },
  async signIn(userName: string, password: string): Promise<void> {
    if (useSession.getState().state === 'expired') {
      // The token of the session that ended no longer fits; the one for nobody does.
      keepCsrfToken((await server.session()).csrfToken);
    }
    take(await server.signIn(userName, password));
  },
  async signOut(): Promise<void> {
    try {
      await server.signOut();
      take(await server.session());
    } catch {
      // Not signed out: who sits down next must see that. The band says why the server did not answer.
    }
  },
};

whenSessionLost(() => {
  if (useSession.getState().state === 'signedIn') {
    useSession.setState({ state: 'expired' });
  }
});

export const useHasDesk = (): boolean => useSession(({ who }) => hasDesk(who));
