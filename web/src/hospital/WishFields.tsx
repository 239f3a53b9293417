import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { inLanguage } from '../shell/i18n';
import type { HospitalNow, Wish } from './api';
import { capabilityNames } from './load';
import { wishFor } from './useChoice';

/** What the patient needs and wants: begun by the triage, changed by Tab and Space. */
export function WishFields({
  runId,
  wish,
  level,
  hospitals,
}: {
  runId: string;
  wish: Wish;
  level: number;
  hospitals: readonly HospitalNow[];
}) {
  const { t } = useTranslation();
  return (
    <div className="choice-wish">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this */}
      <div role="group" aria-label={t('choice.needs')} className="choice-needs">
        {capabilityNames.map((code) => (
          <Checkbox
            key={code}
            checked={wish.capabilities.includes(code)}
            onChange={({ target }) =>
              wishFor(runId, {
                capabilities: capabilityNames.filter((one) => (one === code ? target.checked : wish.capabilities.includes(one))),
              })
            }
            data-testid={`needs-${code}`}
          >
            {t(`hospital.capabilities.${code}`)}
          </Checkbox>
        ))}
      </div>
      <label>
        {t('choice.level')}
        <select
          className="native"
          value={level}
          onChange={(event) => wishFor(runId, { level: Number(event.target.value) })}
          data-testid="choice-level"
        >
          {([1, 2, 3, 4] as const).map((one) => (
            <option key={one} value={one}>
              {`${one} ${t(`priority.p${one}`)}`}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('choice.wish')}
        <select
          className="native"
          value={wish.wishHospitalId ?? ''}
          onChange={(event) => wishFor(runId, { wishHospitalId: event.target.value || null })}
          data-testid="choice-wish"
        >
          <option value="">{t('choice.noWish')}</option>
          {hospitals.map(({ id, name, nameEn }) => (
            <option key={id} value={id}>
              {inLanguage({ zh: name, en: nameEn ?? name })}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
