import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { verbs } from '../command/grammar';
import { useBack } from './actions';
import { useDesk } from './desk';
import { groups, keyLabel } from './keys';

/** Every key that exists, asked for by F1. */
export function Help() {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => useDesk.setState({ helpOpen: false });
  useBack(close);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog ref={dialog} className="help" aria-label={t('help.title')} onClose={close}>
      <h2>{t('help.title')}</h2>
      <div className="help-groups">
        {groups.map(({ title, bindings }) => (
          <section key={title}>
            <h3>{t(`help.${title}`)}</h3>
            <dl>
              {bindings.map(({ action, label }) => (
                <div key={action} data-testid={`key-${action}`}>
                  <dt>
                    <kbd>{label}</kbd>
                  </dt>
                  <dd>{t(`actions.${action}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <h3>
        {t('command.label')} <kbd>{keyLabel('commandLine')}</kbd>
      </h3>
      <dl className="help-verbs">
        {verbs.map(({ name, zh, letter }) => (
          <div key={name}>
            <dt>
              <kbd>{`${zh} ${letter} ${name}`}</kbd>
            </dt>
            <dd>{t(`command.usage.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <p>{t('command.keys')}</p>
      <h3>{t('help.lists')}</h3>
      <p>{t('help.listKeys')}</p>
      <h3>{t('pane.calls')}</h3>
      <p>{t('calls.keys')}</p>
      <h3>{t('help.map')}</h3>
      <p>{t('help.mapKeys')}</p>
      <p className="note-text">{t('map.legendFrames')}</p>
      <p className="note-text">{t('map.legendAge')}</p>
      <Button onClick={close} autoFocus>
        {t('help.close')} <kbd>Esc</kbd>
      </Button>
    </dialog>
  );
}
