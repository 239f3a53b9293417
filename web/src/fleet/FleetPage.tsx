import { Button, Tabs } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { positions } from '../feed/positions';
import { hasDesk } from '../session/roles';
import { session } from '../session/session';
import { Band } from '../shell/Band';
import { Clock, Switches } from '../shell/TopBar';
import '../admin/admin.css';
import { Drivers } from './Drivers';
import './fleet.css';
import { Terminals } from './Terminals';
import { FleetDesk } from './Vehicles';

const parts = { vehicles: FleetDesk, terminals: Terminals, drivers: Drivers };
type Part = keyof typeof parts;

/** Where every vehicle is and was, by which terminal it reports, and who drives it. */
export function FleetPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  // Who lets terminals in begins with those that wait.
  const [part, setPart] = useState<Part>(who.roles.includes('administrator') ? 'terminals' : 'vehicles');
  const Shown = parts[part];
  useEffect(() => positions.connect(), []);
  useEffect(() => {
    document.body.dataset.ready = 'true';
    return () => {
      delete document.body.dataset.ready;
    };
  }, []);
  return (
    <main className="fleet-page">
      <h1 className="unseen">GeoDispatch</h1>
      <header className="bar">
        <Clock />
        <span className="bar-seat">{who.displayName ?? who.userName}</span>
        <strong className="bar-line">{t('fleet.title')}</strong>
        <Button href="/" data-testid="to-desk">
          {t(hasDesk(who) ? 'fleet.toDesk' : 'fleet.toMap')}
        </Button>
        {who.roles.includes('administrator') && (
          <Button href="/admin" data-testid="to-admin">
            {t('admin.title')}
          </Button>
        )}
        <Switches />
        <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
          {t('session.signOut')}
        </Button>
      </header>
      <Band />
      <Tabs
        className="fleet-tabs"
        activeKey={part}
        onChange={(key) => setPart(key as Part)}
        items={(Object.keys(parts) as Part[]).map((key) => ({ key, label: t(`fleet.${key}`) }))}
      />
      <div className={`fleet-body fleet-${part}`} data-testid={`fleet-${part}`}>
        <Shown who={who} onShowVehicle={() => setPart('vehicles')} />
      </div>
    </main>
  );
}
