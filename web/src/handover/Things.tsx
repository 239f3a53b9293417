import { useTranslation } from 'react-i18next';
import type { OpenThings } from './api';
import { kinds, linesOf } from './lines';

interface ThingsProps {
  open: OpenThings;
  /** Nothing but these. */
  only?: ReadonlySet<string>;
  testId: string;
}

/** What is open, kind by kind. Closed roads are many and change slowly: they are folded. */
export function Things({ open, only, testId }: ThingsProps) {
  const { t } = useTranslation();
  const groups = kinds
    .map((kind) => ({ kind, lines: linesOf(open, kind, t).filter(({ id }) => only?.has(id) ?? true) }))
    .filter(({ lines }) => lines.length > 0);
  return (
    <div className="handover-things" data-testid={testId}>
      {groups.length === 0 && <p className="note-text">{t('handover.nothing')}</p>}
      {groups.map(({ kind, lines }) => (
        <details key={kind} open={kind !== 'closures'}>
          <summary>
            {t(`handover.kinds.${kind}`)} <span className="number">{lines.length}</span>
          </summary>
          <ul>
            {lines.map(({ id, text }) => (
              <li key={id} className="number">
                {text}
              </li>
            ))}
          </ul>
        </details>
      ))}
      {open.more > 0 && <p className="note-text">{t('handover.more', { count: open.more })}</p>}
    </div>
  );
}
