import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { language } from '../shell/i18n';
import { Empty } from '../shell/Pane';
import { Diamond } from '../shell/Signs';
import type { Reference, TypeView } from './api';
import { matching } from './draft';
import { Facts } from './parts';
import { SetupPart } from './SetupPart';
import { TypeForm } from './TypeForm';
import { nameOf, namesOf, useReference, useSaid } from './useSetup';

/** What an incident may be, whose it is, and how urgent it begins. Administrators change it; dispatchers read it. */
export function Types({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const reference = useReference();
  const [filter, setFilter] = useState('');
  /** Empty: a new one. */
  const [open, setOpen] = useState<string | null>(null);
  const { said, say } = useSaid();
  const keeps = who.roles.includes('administrator');
  const { agencies = [], types = [] } = reference.data ?? {};
  const rows = useMemo(
    () =>
      matching(types, filter, ({ code, name, nameEn, words }) => [code, name, nameEn, ...words]).map((type) => ({
        ...type,
        id: type.code,
      })),
    [types, filter],
  );
  const shown = types.find(({ code }) => code === open);
  return (
    <SetupPart
      part="types"
      source={reference}
      rows={rows}
      selectedId={open}
      filter={filter}
      onFilter={setFilter}
      onOpen={({ code }) => setOpen(code)}
      onNew={keeps ? () => setOpen('') : null}
      said={said}
      head={[
        'P',
        t('setup.name'),
        t(language() === 'zh' ? 'setup.nameEn' : 'setup.nameZh'),
        t('setup.code'),
        t('setup.lead'),
        t('setup.others'),
        t('setup.state'),
      ]}
      rowOf={(type) => (
        <>
          <Diamond priority={type.priority} isClosed={!type.active} />
          <span title={nameOf(type)}>{nameOf(type)}</span>
          <span className="note-text">{language() === 'zh' ? type.nameEn : type.name}</span>
          <span className="number">{type.code}</span>
          <span>{namesOf([type.lead], agencies)}</span>
          <span>{namesOf(type.others, agencies).join(' ')}</span>
          <span>{type.active ? '' : <span className="mark">{t('setup.retired')}</span>}</span>
        </>
      )}
    >
      {reference.data && keeps && (open === '' || shown) ? (
        <TypeForm
          key={open}
          reference={reference.data}
          type={shown ?? null}
          onRefresh={reference.refetch}
          onSaid={(text, code) => {
            say(text);
            setOpen(code);
          }}
          onBack={() => setOpen(null)}
        />
      ) : reference.data && shown ? (
        <TypeFacts type={shown} reference={reference.data} />
      ) : (
        <Empty>{t(keeps ? 'setup.choose.types' : 'setup.chooseToRead')}</Empty>
      )}
    </SetupPart>
  );
}

function TypeFacts({ type, reference: { agencies } }: { type: TypeView; reference: Reference }) {
  const { t } = useTranslation();
  return (
    <Facts
      title={nameOf(type)}
      facts={[
        [t('setup.code'), type.code],
        [t(language() === 'zh' ? 'setup.nameEn' : 'setup.nameZh'), language() === 'zh' ? type.nameEn : type.name],
        [t('setup.lead'), namesOf([type.lead], agencies).join()],
        [t('setup.others'), namesOf(type.others, agencies).join(' ') || '–'],
        [t('setup.priority'), `P${type.priority} ${t(`priority.p${type.priority}`)}`],
        [t('setup.words'), type.words.join(' ') || '–'],
        [t('setup.use'), t(type.active ? 'setup.active' : 'setup.retired')],
      ]}
    />
  );
}
