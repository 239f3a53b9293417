import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useBack } from '../shell/actions';
import { keyLabel } from '../shell/keys';

/** What is open, and the way out of it. */
export function OpenBar({ title, note, onBack }: { title: string; note?: string | undefined; onBack(): void }) {
  const { t } = useTranslation();
  useBack(onBack);
  return (
    <div className="setup-open">
      <h3>{title}</h3>
      {note && <span className="note-text number">{note}</span>}
      <Button onClick={onBack} data-testid="setup-back">
        {t('setup.back')} <kbd>{keyLabel('back')}</kbd>
      </Button>
    </div>
  );
}

/** For who may read it alone: the same lines, without fields. */
export function Facts({ title, facts }: { title: string; facts: readonly [name: string, value: string][] }) {
  return (
    <div className="admin-form" data-testid="setup-facts">
      <h3>{title}</h3>
      <dl className="setup-facts">
        {facts.flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
    </div>
  );
}

interface AddRowProps {
  text: string;
  fault: string | null;
  isDisabled: boolean;
  testId: string;
  onAdd(): void;
}

/** Below rows of fields: one more of them, and what is wrong with all together. */
export const AddRow = ({ text, fault, isDisabled, testId, onAdd }: AddRowProps) => (
  <div className="field">
    <span />
    <div className="field-body setup-add">
      <Button disabled={isDisabled} onClick={onAdd} data-testid={testId}>
        {text}
      </Button>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  </div>
);
