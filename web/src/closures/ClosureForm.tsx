import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice, MomentInput, TextInput } from '../admin/parts';
import { useAct } from '../admin/useAdmin';
import { useAction, useBack } from '../shell/actions';
import { serverNow } from '../shell/clock';
import { Field } from '../shell/Field';
import { formatMeters } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Failure, Pane } from '../shell/Pane';
import { type Closure, type ClosureWish, closuresApi, reasons, type Understood } from './api';
import { streetName } from './closureText';
import { type ClosureDraft, fieldOf, untilChoices, wishOf } from './draft';
import { StreetField } from './StreetField';

const fields = ['from', 'until', 'speedFactor', 'reason', 'words', 'kind'] as const;
const percents = ['10', '20', '30', '40', '50', '60', '70', '80', '90'];

interface ClosureFormProps {
  draft: ClosureDraft;
  /** What the drawing means. */
  preview: UseQueryResult<Understood>;
  onChange(change: Partial<ClosureDraft>): void;
  /** With what it became; without where it was left. */
  onDone(closure?: Closure): void;
}

/** What is closed, how, from when until when, and why; sent once the drawing was understood. */
export function ClosureForm({ draft, preview, onChange, onDone }: ClosureFormProps) {
  const { t } = useTranslation();
  const { act, isSending, faultOf, otherThan } = useAct('closures');
  // Pressed again after a failure the same is sent again, though an hour from now has moved on.
  const sent = useRef<ClosureWish | null>(null);
  const isUnderstood = preview.isSuccess;
  useBack(() => onDone());
  const submit = async () => {
    if (sent.current?.commandId !== draft.commandId) {
      sent.current = wishOf(draft, serverNow());
    }
    const wish = sent.current;
    const closure = await act(() =>
      draft.of ? closuresApi.change(draft.of.id, draft.of.version, wish) : closuresApi.make(wish),
    );
    if (closure) {
      onDone(closure);
    }
  };
  useAction('submit', isUnderstood && !isSending ? () => void submit() : null);
  return (
    <Pane
      name="detail"
      testId="closure-form"
      title={t(draft.of ? 'closures.edit' : 'closures.draw')}
      keyHint={keyLabel('paneDetail')}
      isFetching={preview.isFetching}
      aside={
        <Button onClick={() => onDone()} data-testid="leave-form">
          {t('closures.back')} <kbd>{keyLabel('back')}</kbd>
        </Button>
      }
    >
      <form
        className="closure-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isUnderstood && !isSending) {
            void submit();
          }
        }}
      >
        <Drawing draft={draft} onChange={onChange} />
        <Meaning draft={draft} preview={preview} />
        <Field name="kind" label={t('closures.kind')} isRequired fault={faultOf('kind') ?? faultOf('speedFactor')}>
          <div className="closure-pair">
            <Choice
              id="kind"
              value={draft.kind}
              isFaulty={faultOf('kind') !== null}
              options={(['closed', 'slow'] as const).map((kind) => ({ value: kind, label: t(`closures.kinds.${kind}`) }))}
              onPick={(kind) => onChange({ kind: kind as Closure['kind'] })}
            />
            {draft.kind === 'slow' && (
              <Choice
                id="speed"
                value={String(draft.speedPercent)}
                isFaulty={faultOf('speedFactor') !== null}
                options={[...new Set([...percents, String(draft.speedPercent)])].map((percent) => ({
                  value: percent,
                  label: `${t('closures.speedLeft')} ${percent}%`,
                }))}
                onPick={(percent) => onChange({ speedPercent: Number(percent) })}
              />
            )}
          </div>
        </Field>
        <Field name="emergency" label={t('closures.emergency')} fault={null}>
          <Checkbox
            id="field-emergency"
            data-testid="field-emergency"
            checked={draft.emergencyPasses}
            onChange={(event) => onChange({ emergencyPasses: event.target.checked })}
          >
            {t('closures.emergencyPasses')}
          </Checkbox>
        </Field>
        <Times draft={draft} onChange={onChange} faultOf={faultOf} />
        <Field name="reason" label={t('closures.reason')} isRequired fault={faultOf('reason')}>
          <Choice
            id="reason"
            value={draft.reason}
            isFaulty={faultOf('reason') !== null}
            options={reasons.map((reason) => ({ value: reason, label: t(`closures.reasons.${reason}`) }))}
            onPick={(reason) => onChange({ reason: reason as ClosureDraft['reason'] })}
          />
        </Field>
        <Field name="words" label={t('closures.words')} fault={faultOf('words')}>
          <TextInput
            id="words"
            value={draft.words}
            maxLength={200}
            placeholder={t('closures.wordsHint')}
            isFaulty={faultOf('words') !== null}
            onText={(words) => onChange({ words })}
          />
        </Field>
        {otherThan(fields) !== null && <Failure failure={otherThan(fields)} />}
        <Button type="primary" htmlType="submit" disabled={!isUnderstood} loading={isSending} data-testid="submit-closure">
          {t(draft.of ? 'closures.save' : 'closures.submit')} <kbd>{keyLabel('submit')}</kbd>
        </Button>
      </form>
    </Pane>
  );
}

type Part = Pick<ClosureFormProps, 'draft' | 'onChange'>;

function Drawing({ draft, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <>
      <Field name="way" label={t('closures.way')} fault={null}>
        <Choice
          id="way"
          value={draft.way}
          isFaulty={false}
          options={[
            { value: 'street', label: t('closures.byStreet') },
            { value: 'map', label: t('closures.onMap') },
          ]}
          onPick={(way) => onChange({ way: way as ClosureDraft['way'], isArea: false, points: [] })}
        />
      </Field>
      {draft.way === 'street' ? (
        <StreetField onLine={(points) => onChange({ points })} />
      ) : (
        <>
          <Field name="shape" label={t('closures.shape')} fault={null}>
            <div className="closure-pair">
              <Choice
                id="shape"
                value={draft.isArea ? 'area' : 'line'}
                isFaulty={false}
                options={(['line', 'area'] as const).map((shape) => ({ value: shape, label: t(`closures.${shape}`) }))}
                onPick={(shape) => onChange({ isArea: shape === 'area' })}
              />
              <span className="number" data-testid="drawn-points">
                {t('closures.points', { count: draft.points.length })}
              </span>
              <Button
                disabled={draft.points.length === 0}
                onClick={() => onChange({ points: draft.points.slice(0, -1) })}
                data-testid="undo-point"
              >
                {t('closures.undoPoint')}
              </Button>
              <Button disabled={draft.points.length === 0} onClick={() => onChange({ points: [] })}>
                {t('closures.clear')}
              </Button>
            </div>
          </Field>
          <p className="note-text">{t('closures.mapHint')}</p>
        </>
      )}
      {!draft.isArea && (
        <Field name="direction" label={t('closures.direction')} fault={null}>
          <Choice
            id="direction"
            value={draft.bothDirections ? 'both' : 'oneWay'}
            isFaulty={false}
            options={(['both', 'oneWay'] as const).map((which) => ({ value: which, label: t(`closures.${which}`) }))}
            onPick={(which) => onChange({ bothDirections: which === 'both' })}
          />
        </Field>
      )}
    </>
  );
}

/** The room for it is there from the beginning: nothing below moves when it comes. */
function Meaning({ draft, preview }: Pick<ClosureFormProps, 'draft' | 'preview'>) {
  const { t } = useTranslation();
  const understood = preview.data;
  return (
    <section className="closure-meaning" aria-live="polite" data-testid="understood" data-understood={preview.isSuccess}>
      <h3>{t('closures.understood')}</h3>
      {preview.isError ? (
        <Failure failure={preview.error} />
      ) : understood && draft.points.length > 0 ? (
        <ul>
          {understood.streets.slice(0, 3).map((street) => (
            <li key={street.name ?? ''}>
              <strong>{streetName(street)}</strong> <span className="number">{formatMeters(street.meters)}</span>
            </li>
          ))}
          {understood.streets.length > 3 && <li>{t('closures.inAll', { count: understood.streets.length })}</li>}
          {understood.unmatchedMeters > 0 && (
            <li className="mark mark-warn">{t('closures.unmatched', { meters: formatMeters(understood.unmatchedMeters) })}</li>
          )}
        </ul>
      ) : (
        <p className="note-text">{t(preview.isFetching ? 'closures.reading' : 'closures.notDrawn')}</p>
      )}
    </section>
  );
}

function Times({ draft, onChange, faultOf }: Part & { faultOf(field: string): string | null }) {
  const { t } = useTranslation();
  return (
    <>
      <Field name="from" label={t('closures.from')} fault={faultOf('from')}>
        <div className="closure-pair">
          <Choice
            id="from"
            value={draft.from === '' ? 'now' : 'at'}
            isFaulty={faultOf('from') !== null}
            options={[
              ...(draft.of ? [] : [{ value: 'now', label: t('closures.now') }]),
              { value: 'at', label: t('closures.atTime') },
            ]}
            onPick={(when) => onChange({ from: when === 'now' ? '' : fieldOf(serverNow()) })}
          />
          {draft.from !== '' && (
            <MomentInput
              id="from-at"
              value={draft.from}
              isFaulty={faultOf('from') !== null}
              onText={(from) => onChange({ from })}
            />
          )}
        </div>
      </Field>
      <Field name="until" label={t('closures.end')} fault={faultOf('until')}>
        <div className="closure-pair">
          <Choice
            id="until"
            value={draft.until}
            isFaulty={faultOf('until') !== null}
            options={untilChoices.map((until) => ({ value: until, label: t(`closures.untils.${until}`) }))}
            onPick={(until) =>
              onChange({
                until: until as ClosureDraft['until'],
                untilAt: draft.untilAt || fieldOf(serverNow() + 3_600_000),
              })
            }
          />
          {draft.until === 'at' && (
            <MomentInput
              id="until-at"
              value={draft.untilAt}
              isFaulty={faultOf('until') !== null}
              onText={(untilAt) => onChange({ untilAt })}
            />
          )}
        </div>
      </Field>
    </>
  );
}
