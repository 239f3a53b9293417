import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Choice } from '../admin/parts';
import { Field } from '../shell/Field';
import { inLanguage } from '../shell/i18n';
import { Failure } from '../shell/Pane';
import type { Reference } from './api';
import { askableNeeds, type NeedDraft, newNeed } from './draft';
import { AddRow } from './parts';
import { nameOf, useGap } from './useSetup';

const mostNeeds = 12;

interface NeedRowsProps {
  needs: readonly NeedDraft[];
  reference: Reference;
  faultOf(field: string): string | null;
  onNeeds(needs: NeedDraft[]): void;
}

/** So many units of a capability, line by line. */
export function NeedRows({ needs, reference: { agencies, capabilities }, faultOf, onNeeds }: NeedRowsProps) {
  const { t } = useTranslation();
  const options = agencies.flatMap((agency) =>
    capabilities
      .filter((one) => one.agency === agency.code)
      .map((one) => ({ value: one.code, label: `${nameOf(one)} · ${nameOf(agency)}` })),
  );
  const change = (at: number, part: Partial<NeedDraft>) =>
    onNeeds(needs.map((need, n) => (n === at ? { ...need, ...part } : need)));
  return (
    <>
      {needs.map((need, at) => {
        const [refused, count] = [faultOf(`needs[${at}].capability`), faultOf(`needs[${at}].count`)];
        // The server would list the codes: here are names to choose from.
        const what = refused && need.capability === '' ? t('setup.chooseCapability') : refused;
        return (
          <Field key={need.key} name={`need-${at}`} label={t('setup.need', { nth: at + 1 })} isRequired fault={what ?? count}>
            <div className="setup-pair">
              <Choice
                id={`need-${at}`}
                value={need.capability}
                options={[{ value: '', label: t('setup.chooseCapability') }, ...options]}
                isFaulty={what !== null}
                onPick={(capability) => change(at, { capability })}
              />
              <input
                id={`field-count-${at}`}
                data-testid={`field-count-${at}`}
                className="native setup-count number"
                inputMode="numeric"
                aria-label={t('setup.count', { nth: at + 1 })}
                aria-invalid={count !== null}
                maxLength={2}
                value={need.count}
                onChange={(event) => change(at, { count: event.target.value.replace(/\D/g, '') })}
              />
              <Button
                disabled={needs.length === 1}
                aria-label={t('setup.removeNeed', { nth: at + 1 })}
                onClick={() => onNeeds(needs.filter((_, n) => n !== at))}
                data-testid={`remove-need-${at}`}
              >
                {t('setup.remove')}
              </Button>
            </div>
          </Field>
        );
      })}
      <AddRow
        text={t('setup.addNeed')}
        fault={faultOf('needs')}
        isDisabled={needs.length >= mostNeeds}
        testId="add-need"
        onAdd={() => onNeeds([...needs, newNeed()])}
      />
    </>
  );
}

/** What the city could not fill, as soon as it is written: whoever plans for a ladder that nobody has must see that. */
export function GapLine({ needs }: { needs: readonly NeedDraft[] }) {
  const { t } = useTranslation();
  const asked = askableNeeds(needs);
  const gap = useGap(asked);
  const { missing = null, missingNow = null } = gap.data ?? {};
  return (
    <div className="setup-gap" role="status" data-testid="gap">
      {gap.isError && <Failure failure={gap.error} onRetry={() => void gap.refetch()} />}
      {asked.length === 0 && <span className="note-text">{t('setup.noNeeds')}</span>}
      {asked.length > 0 && gap.data && (
        <>
          <span>
            {t('setup.gap')}{' '}
            {missing ? <strong className="mark mark-warn">{inLanguage(missing)}</strong> : <span>{t('setup.filled')}</span>}
          </span>
          {missingNow && missingNow.zh !== missing?.zh && (
            <span>
              {t('setup.gapNow')} <strong className="mark mark-warn">{inLanguage(missingNow)}</strong>
            </span>
          )}
        </>
      )}
    </div>
  );
}
