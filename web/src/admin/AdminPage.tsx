import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { SeatPage } from '../shell/SeatPage';
import './admin.css';
import { Departments } from './Departments';
import { Keys } from './Keys';
import { Log } from './Log';
import { People } from './People';

const parts = { people: People, departments: Departments, keys: Keys, log: Log };
type Part = keyof typeof parts;

/** Who may do what. */
export function AdminPage({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>('people');
  const Shown = parts[part];
  return (
    <SeatPage<Part>
      who={who}
      title={t('admin.title')}
      links={
        <Button href="/" data-testid="to-desk">
          {t('admin.toDesk')}
        </Button>
      }
      parts={(Object.keys(parts) as Part[]).map((key) => ({ key, label: t(`admin.${key}`) }))}
      part={part}
      onPart={setPart}
    >
      <div className="admin-body">
        <Shown />
      </div>
    </SeatPage>
  );
}
