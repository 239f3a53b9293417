import { Button, Tabs } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { session } from '../session/session';
import { Band } from '../shell/Band';
import { Clock, Switches } from '../shell/TopBar';
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
  useEffect(() => {
    document.body.dataset.ready = 'true';
    return () => {
      delete document.body.dataset.ready;
    };
  }, []);
  return (
    <main className="admin">
      <h1 className="unseen">GeoDispatch</h1>
      <header className="bar">
        <Clock />
        <span className="bar-seat">{who.displayName ?? who.userName}</span>
        <strong className="bar-line">{t('admin.title')}</strong>
        <Button href="/" data-testid="to-desk">
          {t('admin.toDesk')}
        </Button>
        <Switches />
        <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
          {t('session.signOut')}
        </Button>
      </header>
      <Band />
      <div className="admin-body">
        <Tabs
          activeKey={part}
          onChange={(key) => setPart(key as Part)}
          destroyOnHidden
          items={(Object.keys(parts) as Part[]).map((key) => {
            const Shown = parts[key];
            return { key, label: t(`admin.${key}`), children: <Shown /> };
          })}
        />
      </div>
    </main>
  );
}
