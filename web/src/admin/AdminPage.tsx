import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { RunCards } from '../setup/RunCards';
import { Types } from '../setup/Types';
import { Units } from '../setup/Units';
import { SeatPage } from '../shell/SeatPage';
import './admin.css';
import { Departments } from './Departments';
import { Keys } from './Keys';
import { Log } from './Log';
import { People } from './People';

const parts = { people: People, departments: Departments, units: Units, types: Types, cards: RunCards, keys: Keys, log: Log };
type Part = keyof typeof parts;

/** What dispatchers read, and of the units also change. */
const ofDesks: readonly Part[] = ['units', 'types', 'cards'];

/** Who may do what, and what the city has to send. */
export function AdminPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const isAdministrator = who.roles.includes('administrator');
  const shown = (Object.keys(parts) as Part[]).filter((key) => isAdministrator || ofDesks.includes(key));
  const [part, setPart] = useState<Part>(isAdministrator ? 'people' : 'units');
  const Shown = parts[part];
  const label = (key: Part) => (key === 'units' || key === 'types' || key === 'cards' ? t(`setup.${key}`) : t(`admin.${key}`));
  return (
    <SeatPage<Part>
      who={who}
      title={t(isAdministrator ? 'admin.title' : 'setup.title')}
      links={
        <Button href="/" data-testid="to-desk">
          {t('admin.toDesk')}
        </Button>
      }
      parts={shown.map((key) => ({ key, label: label(key) }))}
      part={part}
      onPart={setPart}
    >
      <div className="admin-body">
        <Shown who={who} />
      </div>
    </SeatPage>
  );
}
