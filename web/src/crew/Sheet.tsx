import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBack } from '../shell/actions';

/** Opened by the crew alone, over everything but the header. */
export function Sheet({
  title,
  testId,
  onBack,
  children,
}: {
  title: string;
  testId: string;
  onBack(): void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useBack(onBack);
  return (
    <section className="crew-sheet" data-testid={testId} aria-label={title}>
      <header className="crew-sheet-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="crew-button" onClick={onBack} data-testid="sheet-back">
          {t('crew.back')}
        </button>
      </header>
      <div className="crew-sheet-body">{children}</div>
    </section>
  );
}
