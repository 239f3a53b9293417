import { useQueryClient } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { keepClock } from '../feed/clock';
import { MapPage } from '../map/MapPage';
import { pathOf, screenOf } from '../session/roles';
import { SignIn } from '../session/SignIn';
import { session, useSession } from '../session/session';
import { listenForKeys } from './actions';
import { Desk } from './Desk';
import { desk, useDesk } from './desk';
import { watchComposition } from './ime';
import { componentTheme, cssVariables } from './theme';

// Each screen of its own code: a phone on the road need not load the desk's tables.
const CrewPage = lazy(() => import('../crew/CrewPage').then(({ CrewPage }) => ({ default: CrewPage })));

const HospitalPage = lazy(() => import('../hospital/HospitalPage').then(({ HospitalPage }) => ({ default: HospitalPage })));

const AdminPage = lazy(() => import('../admin/AdminPage').then(({ AdminPage }) => ({ default: AdminPage })));

const FleetPage = lazy(() => import('../fleet/FleetPage').then(({ FleetPage }) => ({ default: FleetPage })));

const EtaPage = lazy(() => import('../eta/EtaPage').then(({ EtaPage }) => ({ default: EtaPage })));
const FiguresPage = lazy(() => import('../figures/FiguresPage').then(({ FiguresPage }) => ({ default: FiguresPage })));
const BoardPage = lazy(() => import('../board/BoardPage').then(({ BoardPage }) => ({ default: BoardPage })));
const StationPage = lazy(() => import('../station/StationPage').then(({ StationPage }) => ({ default: StationPage })));
const ClosuresPage = lazy(() => import('../closures/ClosuresPage').then(({ ClosuresPage }) => ({ default: ClosuresPage })));

const askAgainMs = 3000;

export function App() {
  const { i18n } = useTranslation();
  const theme = useDesk((state) => state.theme);
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme;
    root.style.colorScheme = theme === 'day' ? 'light' : 'dark';
    for (const [name, value] of Object.entries(cssVariables(theme))) {
      root.style.setProperty(name, value);
    }
  }, [theme]);
  useEffect(() => {
    watchComposition();
    return listenForKeys();
  }, []);
  useEffect(() => keepClock(), []);
  return (
    <ConfigProvider
      theme={componentTheme(theme)}
      locale={i18n.language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {/* The computer in a station has a credential of its own, and nobody sits before it. */}
      {location.pathname === '/station' ? (
        <Suspense fallback={null}>
          <StationPage />
        </Suspense>
      ) : (
        <Screen />
      )}
    </ConfigProvider>
  );
}

function Screen() {
  const { t } = useTranslation();
  const { state, who } = useSession();
  const [isPublic, setPublic] = useState(false);
  const queries = useQueryClient();

  useEffect(() => {
    if (state === 'asking') {
      void session.ask();
    }
    if (state === 'unreachable') {
      const timer = window.setInterval(() => void session.ask(), askAgainMs);
      return () => window.clearInterval(timer);
    }
    if (state === 'nobody') {
      // What one person read is not for the next.
      queries.clear();
      desk.selectIncident(null);
      desk.selectVehicle(null);
    }
    return undefined;
  }, [state, queries]);

  if (state === 'asking' || state === 'unreachable') {
    return (
      <main className="sign-in">
        <p role="status">{t(state === 'asking' ? 'session.checking' : 'session.unreachable')}</p>
      </main>
    );
  }
  if (who) {
    return (
      <>
        {/* Another person at this desk starts from an empty one. */}
        <div className="whole" inert={state === 'expired'}>
          <Signed key={who.userName} who={who} />
        </div>
        {state === 'expired' && <SignIn />}
      </>
    );
  }
  return isPublic ? <MapPage onSignIn={() => setPublic(false)} /> : <SignIn onPublicMap={() => setPublic(true)} />;
}

function Signed({ who }: { who: SessionView }) {
  const screen = screenOf(who, location.pathname);
  useEffect(() => {
    if (location.pathname !== pathOf(screen)) {
      history.replaceState(null, '', pathOf(screen));
    }
  }, [screen]);
  return (
    <Suspense fallback={null}>
      {screen === 'crew' && <CrewPage who={who} />}
      {screen === 'hospital' && <HospitalPage who={who} hospitalId={who.hospitalId ?? ''} />}
      {screen === 'admin' && <AdminPage who={who} />}
      {screen === 'fleet' && <FleetPage who={who} />}
      {screen === 'eta' && <EtaPage who={who} />}
      {screen === 'figures' && <FiguresPage who={who} />}
      {screen === 'closures' && <ClosuresPage who={who} />}
      {screen === 'board' && <BoardPage />}
      {screen === 'desk' && <Desk userName={who.userName ?? ''} />}
      {screen === 'map' && <MapPage />}
    </Suspense>
  );
}
