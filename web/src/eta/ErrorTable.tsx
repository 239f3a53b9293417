import { useTranslation } from 'react-i18next';
import { inLanguage } from '../shell/i18n';
import type { Figures } from './api';
import { barsOf, formatBias, formatShare, inOrder } from './figures';

type Kind = 'hour' | 'length' | 'run' | 'day' | 'district';

/** The figures of parts of the trips, with bars over one measure: solid what was told, hollow what the classes of the streets would have. */
export function ErrorTable({ kind, rows }: { kind: Kind; rows: readonly Figures[] }) {
  const { t } = useTranslation();
  const sorted = kind === 'hour' || kind === 'length' ? inOrder(rows) : [...rows];
  const bars = barsOf(sorted);
  const name = ({ key, name, nameEn }: Figures) => {
    switch (kind) {
      case 'hour':
        return `${key.padStart(2, '0')}:00`;
      case 'length':
        return t(`eta.lengths.${key as '0' | '2000' | '6000'}`);
      case 'run':
        return t(`eta.runs.${key as 'emergency' | 'normal'}`);
      case 'district':
        return inLanguage({ zh: name ?? t('eta.outside'), en: nameEn ?? t('eta.outside') });
      default:
        return key;
    }
  };
  return (
    <table className="eta-table" data-testid={`eta-${kind}`}>
      <caption>{t(`eta.by.${kind}`)}</caption>
      <thead>
        <tr>
          <th scope="col">{t(`eta.column.${kind}`)}</th>
          <th scope="col" className="eta-bars">
            {t('eta.bars')}
          </th>
          <th scope="col">{t('eta.ours')}</th>
          <th scope="col">{t('eta.class')}</th>
          <th scope="col">{t('eta.biasShort')}</th>
          <th scope="col">{t('eta.insideShort')}</th>
          <th scope="col">{t('eta.trips')}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((row, index) => (
          <tr key={row.key} data-key={row.key}>
            <th scope="row" className="number">
              {name(row)}
            </th>
            <td className="eta-bars" aria-hidden="true">
              <span className="eta-bar eta-bar-ours" style={{ width: `${bars[index]?.ours ?? 0}%` }} />
              <span className="eta-bar eta-bar-class" style={{ width: `${bars[index]?.ofClass ?? 0}%` }} />
            </td>
            <td className="number">{formatShare(row.medianError)}</td>
            <td className="number">{formatShare(row.classError)}</td>
            <td className="number">{formatBias(row.bias)}</td>
            <td className="number">{row.banded === 0 ? '–' : formatShare(row.insideBand)}</td>
            <td className="number">{row.trips}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
