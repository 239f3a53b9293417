import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddForm, Choice, MomentInput, TextInput } from '../admin/parts';
import { momentOf } from '../closures/draft';
import { serverNow } from '../shell/clock';
import { Field } from '../shell/Field';
import { formatMoment } from '../shell/formats';
import type { UnitEditorProps } from './UnitEditor';
import { nameOf, namesOf } from './useSetup';
import { useUnitAct } from './useUnitAct';

const fields = ['reason', 'words', 'until'] as const;
const blank = { reason: '', words: '', until: '' };

/** Out of service with its reason, and until when where that is known; and back. */
export function UnitOut(props: UnitEditorProps) {
  const { unit, reference } = props;
  const { t } = useTranslation();
  const acting = useUnitAct(props);
  const [wish, setWish] = useState(blank);
  const change = (part: Partial<typeof blank>) => setWish({ ...wish, ...part });
  const reasonOf = (code: string) => namesOf([code], reference.outReasons).join();
  const until = (time: string | null) =>
    time ? t('setup.until', { time: formatMoment(time, serverNow()) }) : t('setup.untilOpen');
  if (unit.out) {
    const { out } = unit;
    return (
      <AddForm
        label={t('setup.out')}
        submit={t('setup.bringBack')}
        testId="unit-back"
        isSending={acting.isSending}
        problem={acting.problem}
        onReload={acting.reload}
        onSubmit={() =>
          void acting.send('bring-back', unit.version, {}, (saved) => t('setup.broughtBack', { unit: saved.callSign }))
        }
      >
        <p data-testid="out-reason">
          {reasonOf(out.reason)} {out.words} · <span className="number">{until(out.until)}</span>
        </p>
      </AddForm>
    );
  }
  const refused = acting.faultOf('reason');
  const takeOut = async () => {
    const body = { reason: wish.reason, words: wish.words, until: wish.until === '' ? null : momentOf(wish.until) };
    const isOut = await acting.send('take-out', unit.version, body, ({ callSign, out }) =>
      t('setup.takenOut', { unit: callSign, reason: reasonOf(out?.reason ?? ''), until: until(out?.until ?? null) }),
    );
    if (isOut) {
      setWish(blank);
    }
  };
  return (
    <AddForm
      label={t('setup.takeOut')}
      submit={t('setup.takeOut')}
      testId="unit-out"
      isSending={acting.isSending}
      problem={acting.otherThan(fields)}
      onReload={acting.reload}
      onSubmit={() => void takeOut()}
    >
      <Field
        name="out-reason"
        label={t('setup.reason')}
        isRequired
        fault={refused && (wish.reason === '' ? t('setup.chooseReason') : refused)}
      >
        <Choice
          id="out-reason"
          value={wish.reason}
          options={[
            { value: '', label: t('setup.chooseReason') },
            ...reference.outReasons.map((reason) => ({ value: reason.code, label: nameOf(reason) })),
          ]}
          isFaulty={refused !== null}
          onPick={(reason) => change({ reason })}
        />
      </Field>
      <Field name="out-words" label={t('setup.note')} fault={acting.faultOf('words')}>
        <TextInput
          id="out-words"
          value={wish.words}
          maxLength={200}
          isFaulty={acting.faultOf('words') !== null}
          onText={(words) => change({ words })}
        />
      </Field>
      <Field name="out-until" label={t('setup.end')} fault={acting.faultOf('until')}>
        <MomentInput
          id="out-until"
          value={wish.until}
          isFaulty={acting.faultOf('until') !== null}
          onText={(text) => change({ until: text })}
        />
        <span className="note-text">{t('setup.endHint')}</span>
      </Field>
    </AddForm>
  );
}
