import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/contract';
import { inLanguage } from '../shell/i18n';
import { Empty } from '../shell/Pane';
import { Diamond } from '../shell/Signs';
import type { CardView, Reference } from './api';
import { CardForm } from './CardForm';
import { matching } from './draft';
import { Facts } from './parts';
import { SetupPart } from './SetupPart';
import { nameOf, namesOf, useCards, useReference, useSaid } from './useSetup';

/** What an incident of a type needs, and what the city's units could not fill of it. Administrators change it; dispatchers read it. */
export function RunCards({ who }: { who: SessionView }) {
  const { t } = useTranslation();
  const reference = useReference();
  const cards = useCards();
  const [filter, setFilter] = useState('');
  /** Empty: a new one. */
  const [open, setOpen] = useState<string | null>(null);
  const { said, say } = useSaid();
  const keeps = who.roles.includes('administrator');
  const known = reference.data;
  const rows = useMemo(
    () =>
      matching(cards.data?.cards ?? [], filter, (card) => [
        card.name,
        ...(known ? [...namesOf([card.type], known.types), needsText(card, known)] : []),
      ]),
    [cards.data, filter, known],
  );
  const shown = cards.data?.cards.find(({ id }) => id === open);
  return (
    <SetupPart
      part="cards"
      source={cards}
      rows={rows}
      selectedId={open}
      filter={filter}
      onFilter={setFilter}
      onOpen={({ id }) => setOpen(id)}
      onNew={keeps ? () => setOpen('') : null}
      said={said}
      head={['P', t('setup.name'), t('setup.type'), t('setup.area'), t('setup.needs'), t('setup.lack')]}
      rowOf={(card) => (
        <>
          {card.priority === null ? <span>{t('setup.all')}</span> : <Diamond priority={card.priority} />}
          <span title={card.name}>{card.name}</span>
          <span>{known && namesOf([card.type], known.types)}</span>
          <span>{t(card.area === null ? 'setup.everywhere' : 'setup.drawn')}</span>
          <span className="number">{known && needsText(card, known)}</span>
          <span>{card.gap.missingNow && <strong className="mark mark-warn">{inLanguage(card.gap.missingNow)}</strong>}</span>
        </>
      )}
    >
      {known && keeps && (open === '' || shown) ? (
        <CardForm
          key={open}
          reference={known}
          card={shown ?? null}
          onRefresh={cards.refetch}
          onSaid={(text, id) => {
            say(text);
            setOpen(id);
          }}
          onBack={() => setOpen(null)}
        />
      ) : known && shown ? (
        <CardFacts card={shown} reference={known} />
      ) : (
        <Empty>{t(keeps ? 'setup.choose.cards' : 'setup.chooseToRead')}</Empty>
      )}
    </SetupPart>
  );
}

/** `水罐车×3 云梯车×1` */
const needsText = ({ needs }: CardView, { capabilities }: Reference): string =>
  needs.map(({ capability, count }) => `${namesOf([capability], capabilities).join()}×${count}`).join(' ');

function CardFacts({ card, reference }: { card: CardView; reference: Reference }) {
  const { t } = useTranslation();
  const type = reference.types.find(({ code }) => code === card.type);
  const { missing, missingNow } = card.gap;
  return (
    <Facts
      title={card.name}
      facts={[
        [t('setup.type'), type ? nameOf(type) : card.type],
        [t('setup.priority'), card.priority === null ? t('setup.all') : `P${card.priority} ${t(`priority.p${card.priority}`)}`],
        [t('setup.area'), t(card.area === null ? 'setup.everywhere' : 'setup.drawn')],
        [t('setup.needs'), needsText(card, reference)],
        [t('setup.gap'), missing ? inLanguage(missing) : t('setup.filled')],
        [t('setup.gapNow'), missingNow ? inLanguage(missingNow) : t('setup.filled')],
      ]}
    />
  );
}
