import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { askedTrip } from '../eta/figures';
import { positions } from '../feed/positions';
import { hasDesk } from '../session/roles';
import { desk } from '../shell/desk';
import { SeatPage } from '../shell/SeatPage';
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
  const isAdministrator = who.roles.includes('administrator');
  // Who lets terminals in begins with those that wait.
  const [asked] = useState(() => askedTrip(location.search));
  const [part, setPart] = useState<Part>(isAdministrator && !asked ? 'terminals' : 'vehicles');
  const Shown = parts[part];
  useEffect(() => positions.connect(), []);
  useEffect(() => {
    if (asked) {
      desk.selectVehicle(asked.vehicleId);
    }
  }, [asked]);
  const links = (
    <>
      <Button href="/" data-testid="to-desk">
        {t(hasDesk(who) ? 'fleet.toDesk' : 'fleet.toMap')}
      </Button>
      {hasDesk(who) && (
        <>
          <Button href="/eta" data-testid="to-eta">
            {t('eta.title')}
          </Button>
          <Button href="/figures" data-testid="to-figures">
            {t('figures.title')}
          </Button>
        </>
      )}
      {hasDesk(who) && (
        <Button href="/admin" data-testid="to-admin">
          {t(isAdministrator ? 'admin.title' : 'setup.title')}
        </Button>
      )}
    </>
  );
  return (
    <SeatPage<Part>
      who={who}
      title={t('fleet.title')}
      links={links}
      parts={(Object.keys(parts) as Part[]).map((key) => ({ key, label: t(`fleet.${key}`) }))}
      part={part}
      onPart={setPart}
    >
      <div className={`fleet-body fleet-${part}`} data-testid={`fleet-${part}`}>
        <Shown who={who} onShowVehicle={() => setPart('vehicles')} />
      </div>
    </SeatPage>
  );
}
