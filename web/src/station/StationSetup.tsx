import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { session, useHasDesk, useSession } from '../session/session';
import { language } from '../shell/i18n';
import { describe } from '../shell/Pane';
import { Switches } from '../shell/TopBar';
import { useReady } from '../shell/useReady';
import { stationApi } from './api';

/** Makes this computer the screen of a station: by a credential that was brought here, or that a dispatcher issues on the spot. */
export function StationSetup({ isRefused, onUse }: { isRefused: boolean; onUse(credential: string): void }) {
  const { t } = useTranslation();
  const { state } = useSession();
  const hasDesk = useHasDesk();
  const [credential, setCredential] = useState('');
  useEffect(() => {
    if (state === 'asking') {
      void session.ask();
    }
  }, [state]);
  useReady(state !== 'asking');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (credential.trim() !== '') {
      onUse(credential.trim());
    }
  };
  return (
    <main className="sign-in">
      <div className="sign-in-box">
        <h1>{t('station.setup.title')}</h1>
        <p className="note-text">{t('station.setup.why')}</p>
        <form onSubmit={submit} className="station-setup">
          <label htmlFor="station-credential">{t('station.setup.credential')}</label>
          <Input
            id="station-credential"
            value={credential}
            maxLength={200}
            autoComplete="off"
            data-testid="station-credential"
            onChange={(event) => setCredential(event.target.value)}
          />
          <p className="fault" role="alert">
            {isRefused && t('station.setup.bad')}
          </p>
          <Button type="primary" htmlType="submit" data-testid="station-use" block>
            {t('station.setup.use')} <kbd>Enter</kbd>
          </Button>
        </form>
        {hasDesk ? <Issue onUse={onUse} /> : <p className="note-text">{t('station.setup.signIn')}</p>}
        <div className="sign-in-foot">
          <Switches />
        </div>
      </div>
    </main>
  );
}

function Issue({ onUse }: { onUse(credential: string): void }) {
  const { t } = useTranslation();
  const stations = useQuery({ queryKey: ['stations'], queryFn: ({ signal }) => stationApi.stations(signal), staleTime: 60_000 });
  const [stationId, setStationId] = useState('');
  const [issued, setIssued] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const list = stations.data?.stations ?? [];
  const chosen = stationId || (list[0]?.id ?? '');
  const issue = async () => {
    try {
      setProblem(null);
      setIssued((await stationApi.issue(chosen)).credential);
    } catch (failure) {
      setProblem(describe(failure));
    }
  };
  return (
    <div className="station-setup">
      <label htmlFor="station-choice">{t('station.setup.station')}</label>
      <select
        id="station-choice"
        value={chosen}
        data-testid="station-choice"
        onChange={(event) => {
          setStationId(event.target.value);
          setIssued(null);
        }}
      >
        {list.map(({ id, name, nameEn }) => (
          <option key={id} value={id}>
            {language() === 'en' ? nameEn : name}
          </option>
        ))}
      </select>
      <Button onClick={() => void issue()} disabled={chosen === ''} data-testid="station-issue">
        {t('station.setup.issue')}
      </Button>
      {problem && (
        <p className="failure" role="alert">
          {problem}
        </p>
      )}
      {issued && (
        <>
          <p className="note-text">{t('station.setup.once')}</p>
          <code data-testid="station-issued">{issued}</code>
          <Button type="primary" onClick={() => onUse(issued)} data-testid="station-use-here">
            {t('station.setup.useHere')}
          </Button>
        </>
      )}
    </div>
  );
}
