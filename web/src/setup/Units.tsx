import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoard } from '../incidents/useBoard';
import { serverNow } from '../shell/clock';
import { formatMoment } from '../shell/formats';
import { Empty } from '../shell/Pane';
import { StateChip } from '../shell/Signs';
import type { UnitView } from '../units/api';
import { rowsByStation } from '../units/order';
import { stateOf } from '../units/states';
import type { Reference } from './api';
import { unitsFor } from './draft';
import { SetupPart } from './SetupPart';
import { UnitEditor } from './UnitEditor';
import { namesOf, useReference, useSaid } from './useSetup';

const none: readonly UnitView[] = [];

/** Every unit of the city: what it can do, where it is at home, who is on it, and why it cannot be sent. */
export function Units() {
  const { t } = useTranslation();
  const board = useBoard();
  const reference = useReference().data;
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const { said, say } = useSaid();
  const units = board.data?.units ?? none;
  const rows = useMemo(() => rowsByStation(unitsFor(units, filter, reference?.capabilities ?? [])), [units, filter, reference]);
  const shown = units.find(({ id }) => id === open);
  return (
    <SetupPart
      part="units"
      source={board}
      rows={rows}
      selectedId={open}
      filter={filter}
      onFilter={setFilter}
      onOpen={({ id }) => setOpen(id)}
      onNew={null}
      said={said}
      head={[t('units.callSign'), t('setup.state'), t('setup.station'), t('setup.capabilities'), t('setup.remark')]}
      rowOf={(unit) => (
        <>
          <strong className="call-sign">{unit.callSign}</strong>
          <StateChip state={stateOf(unit)} withName />
          <span>{unit.stationName}</span>
          <span>{reference && namesOf(unit.capabilities, reference.capabilities).join(' ')}</span>
          <span className="number">{reference && remarkOf(unit, reference)}</span>
        </>
      )}
    >
      {shown && reference ? (
        <UnitEditor
          key={shown.id}
          unit={shown}
          reference={reference}
          onRefresh={board.refetch}
          onSaid={say}
          onBack={() => setOpen(null)}
        />
      ) : (
        <Empty>{t('setup.choose.units')}</Empty>
      )}
    </SetupPart>
  );
}

/** Why it is out and until when; the incident that it works on; until when its crew is there. */
function remarkOf({ out, incidentNumber, duty }: UnitView, { outReasons }: Reference): string {
  const now = serverNow();
  if (out) {
    const words = [namesOf([out.reason], outReasons).join(), out.words, out.until && `→ ${formatMoment(out.until, now)}`];
    return words.filter(Boolean).join(' ');
  }
  return incidentNumber ?? (duty.until ? `→ ${formatMoment(duty.until, now)}` : '');
}
