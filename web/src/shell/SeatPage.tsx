import { Button, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { session } from '../session/session';
import { Band } from './Band';
import { Clock, Switches } from './TopBar';
import { useReady } from './useReady';
import './seat.css';

interface SeatPageProps<Part extends string> {
  who: SessionView;
  title: string;
  /** Where else this person may go. */
  links: ReactNode;
  parts: readonly { key: Part; label: string }[];
  part: Part;
  onPart(part: Part): void;
  children: ReactNode;
}

/** A page beside the desk: who sits here and what it is for, the band of trouble, its parts, and the one that is shown. */
export function SeatPage<Part extends string>({ who, title, links, parts, part, onPart, children }: SeatPageProps<Part>) {
  const { t } = useTranslation();
  useReady(true);
  return (
    <main className="seat-page">
      <h1 className="unseen">GeoDispatch</h1>
      <header className="bar">
        <Clock />
        <span className="bar-seat">{who.displayName ?? who.userName}</span>
        <strong className="bar-line">{title}</strong>
        {links}
        <Switches />
        <Button type="text" onClick={() => void session.signOut()} data-testid="sign-out">
          {t('session.signOut')}
        </Button>
      </header>
      <Band />
      <Tabs className="seat-tabs" activeKey={part} onChange={(key) => onPart(key as Part)} items={[...parts]} />
      {children}
    </main>
  );
}
