import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHeldRows } from '../incidents/useHeldRows';
import { useAction } from '../shell/actions';
import { focusPane } from '../shell/desk';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';
import { Empty, Failure, Skeleton } from '../shell/Pane';
import { RowList } from '../shell/RowList';
import { AlarmRates } from './AlarmRates';
import { AlarmLine, CauseLine } from './AlarmSigns';
import { type Alarm, alarmsApi } from './api';
import { inOrder, isUnseen, rowsOf } from './order';
import { ShelveForm } from './ShelveForm';
import { play, unlock } from './tones';
import { lookAt, mute, useAlarmCommand, useAlarmDesk, useAlarms, useOpenAlarms, useSeat } from './useAlarms';

/** What is abnormal? By level, then age; the shelved apart; how many there were. */
export function AlarmList() {
  const { t } = useTranslation();
  const read = useAlarms();
  const alarms = useOpenAlarms();
  const seat = useSeat();
  const isFlood = read.data?.flood ?? false;
  const { selectedId, unfolded } = useAlarmDesk();
  const { send, confirm, isSending, problem } = useAlarmCommand();
  const [shelving, setShelving] = useState<Alarm | null>(null);
  const { open, shelved } = useMemo(() => inOrder(alarms), [alarms]);
  const { rows, hand } = useHeldRows(useMemo(() => rowsOf(open, isFlood, unfolded), [open, isFlood, unfolded]));
  const selected = alarms.find(({ id }) => id === selectedId) ?? null;
  const mayShelve = selected !== null && selected.level > 1 && selected.state !== 'shelved';
  const mayUnshelve = selected?.state === 'shelved';

  const select = (alarm: Alarm) => useAlarmDesk.setState({ selectedId: alarm.id });
  const openAlarm = (alarm: Alarm) => {
    select(alarm);
    lookAt(alarm);
  };
  const confirmOne = (alarm: Alarm) => {
    select(alarm);
    if (isUnseen(alarm) && !isSending) {
      void confirm(alarm.id);
    }
  };
  const fold = (kind: string, isOpen: boolean) =>
    useAlarmDesk.setState(({ unfolded: before }) => ({
      unfolded: new Set(isOpen ? [...before, kind] : [...before].filter((other) => other !== kind)),
    }));
  const shelveOrNot = () => {
    if (mayShelve) {
      setShelving(selected);
    } else if (selected && mayUnshelve) {
      void send(() => alarmsApi.unshelve(selected.id));
    }
  };
  useAction('shelve', (mayShelve || mayUnshelve) && !isSending ? shelveOrNot : null);

  return (
    <>
      <div className="alarm-head">
        <Button disabled={!(mayShelve || mayUnshelve)} loading={isSending} onClick={shelveOrNot} data-testid="shelve">
          {t(mayUnshelve ? 'alarms.unshelve' : 'alarms.shelve')} <kbd>{keyLabel('shelve')}</kbd>
        </Button>
        <Button onClick={mute} data-testid="mute">
          {t('alarms.mute')} <kbd>{keyLabel('mute')}</kbd>
        </Button>
        <Button onClick={() => void unlock().then(() => play(2))} data-testid="tone-test">
          {t('alarms.toneTest')}
        </Button>
      </div>
      {/* One line that is always there: what it says may change, and no row moves for it. */}
      {isFlood ? (
        <p className="alarm-says mark-warn cut" role="status" title={t('alarms.flood')} data-testid="flood">
          {t('alarms.flood')}
        </p>
      ) : (
        <p className="alarm-says note-text cut">
          {read.isError && read.data ? t('alarms.asOf', { time: formatTime(read.data.now) }) : t('alarms.keys')}
        </p>
      )}
      {problem !== null && <Failure failure={problem} />}
      {read.isError && !read.data && <Failure failure={read.error} onRetry={() => void read.refetch()} />}
      {shelving && (
        <ShelveForm
          alarm={shelving}
          isSending={isSending}
          onShelve={(minutes, reason) => {
            void send(() => alarmsApi.shelve(shelving.id, minutes, reason)).then((isDone) => {
              if (isDone) {
                setShelving(null);
                focusPane('alarms');
              }
            });
          }}
          onBack={() => {
            setShelving(null);
            focusPane('alarms');
          }}
        />
      )}
      {read.isPending && alarms.length === 0 && <Skeleton rows={3} />}
      {read.data && rows.length === 0 && <Empty>{t('alarms.empty')}</Empty>}
      <div {...hand}>
        <RowList
          label={t('pane.alarms')}
          rows={rows.map(({ row, gone }) => ({ ...row, gone }))}
          selectedId={selectedId}
          onOpen={(row) => ('alarm' in row ? openAlarm(row.alarm) : fold(row.group.kind, !row.group.isOpen))}
          onTick={(row) => 'alarm' in row && !row.gone && confirmOne(row.alarm)}
          onMove={(row) => 'alarm' in row && select(row.alarm)}
          onKey={({ code }, row) => {
            if (!row || !('group' in row) || (code !== 'ArrowRight' && code !== 'ArrowLeft')) {
              return false;
            }
            fold(row.group.kind, code === 'ArrowRight');
            return true;
          }}
          attributes={(row) =>
            'alarm' in row
              ? {
                  'data-testid': row.gone ? undefined : 'alarm-row',
                  'data-kind': row.alarm.kind,
                  'data-level': String(row.alarm.level),
                  'data-state': row.alarm.state,
                }
              : { 'data-testid': row.gone ? undefined : 'alarm-cause', 'data-kind': row.group.kind }
          }
        >
          {(row) =>
            'alarm' in row ? (
              <AlarmLine alarm={row.alarm} isInGroup={row.isInGroup} isGone={row.gone} ownSeat={seat} />
            ) : (
              <CauseLine group={row.group} />
            )
          }
        </RowList>
      </div>
      {shelved.length > 0 && (
        <>
          <h3 className="section-head">
            {t('alarms.shelved')} <span className="number">{shelved.length}</span>
          </h3>
          <RowList
            label={t('alarms.shelved')}
            rows={shelved}
            selectedId={selectedId}
            onOpen={openAlarm}
            onMove={select}
            attributes={({ level, kind }) => ({
              'data-testid': 'shelved-row',
              'data-level': String(level),
              'data-kind': kind,
            })}
          >
            {(alarm) => <AlarmLine alarm={alarm} isInGroup={false} isGone={false} ownSeat={seat} />}
          </RowList>
        </>
      )}
      {read.data && <AlarmRates rates={read.data.lastHour} ownSeat={seat} />}
    </>
  );
}
