import { Button, Input, type InputRef } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unlock } from '../alarms/tones';
import { useCity } from '../incidents/useBoard';
import { describe } from '../shell/Pane';
import { Switches } from '../shell/TopBar';
import { session, useSession } from './session';

/** Signing in: the first screen, and again over a desk whose session ended. */
export function SignIn({ onPublicMap }: { onPublicMap?: () => void }) {
  const { t, i18n } = useTranslation();
  const { state, who } = useSession();
  const isExpired = state === 'expired';
  const city = useCity().data;
  const [userName, setUserName] = useState(who?.userName ?? '');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const first = useRef<InputRef>(null);
  const second = useRef<InputRef>(null);
  useEffect(() => (isExpired ? second : first).current?.focus(), [isExpired]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    if (userName.trim() === '' || password === '') {
      setFailure(t('session.empty'));
      (userName.trim() === '' ? first : second).current?.focus();
      return;
    }
    setSending(true);
    setFailure(null);
    // The key or the click that signs in lets alarms sound from here on.
    void unlock();
    try {
      await session.signIn(userName.trim(), password);
    } catch (thrown) {
      // The user name stays; the password is the likelier mistake.
      setFailure(describe(thrown));
      second.current?.focus({ cursor: 'all' });
    } finally {
      setSending(false);
    }
  };

  const cityName = city && (i18n.language === 'en' ? city.nameEn : city.name);
  return (
    <main className={isExpired ? 'sign-in sign-in-over' : 'sign-in'}>
      <form className="sign-in-box" onSubmit={(event) => void submit(event)} aria-label={t('session.title')}>
        <h1>
          GeoDispatch <span>{cityName ? `${cityName} ${t('product')}` : t('product')}</span>
        </h1>
        {isExpired && <p className="success">{t('session.expired')}</p>}
        <label htmlFor="sign-in-user">{t('session.userName')}</label>
        <Input
          id="sign-in-user"
          ref={first}
          value={userName}
          maxLength={64}
          autoComplete="username"
          disabled={isExpired}
          data-testid="sign-in-user"
          onChange={(event) => setUserName(event.target.value)}
        />
        <label htmlFor="sign-in-password">{t('session.password')}</label>
        <Input.Password
          id="sign-in-password"
          ref={second}
          value={password}
          maxLength={256}
          autoComplete="current-password"
          visibilityToggle={false}
          data-testid="sign-in-password"
          onChange={(event) => setPassword(event.target.value)}
        />
        <p className="fault" role="alert">
          {failure}
        </p>
        <Button type="primary" htmlType="submit" loading={isSending} data-testid="sign-in-submit" block>
          {t('session.signIn')} <kbd>Enter</kbd>
        </Button>
        {city?.synthetic && <p className="note-text sign-in-synthetic">{t('syntheticLong')}</p>}
        <div className="sign-in-foot">
          {onPublicMap && (
            <button type="button" className="link" onClick={onPublicMap} data-testid="public-map">
              {t('session.publicMap')}
            </button>
          )}
          {!isExpired && <Switches />}
        </div>
      </form>
    </main>
  );
}
