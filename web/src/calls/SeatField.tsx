import { Checkbox, Input } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isInputMethod } from '../shell/ime';
import { callsApi } from './api';
import { isSecondPress, useCallDesk } from './desk';
import { useCallCommand, useSeats } from './useCalls';

const remembered = 'geodispatch.seat';
/** Whether the seat is the supervisor's: of this computer, like the seat. */
const rememberedSupervisor = 'geodispatch.seat.supervisor';

/**
 * At which extension the dispatcher sits, and whether as the supervisor: said once, remembered in this browser, and taken again on entering
 * where nobody else sits there by then. Somebody else's is taken over by a second Enter alone.
 */
export function SeatField({ seat, isKnown }: { seat: string | null; isKnown: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => localStorage.getItem(remembered) ?? '');
  const [isSupervisor, setSupervisor] = useState(() => localStorage.getItem(rememberedSupervisor) !== null);
  const [isChanging, setChanging] = useState(false);
  const { send } = useCallCommand();
  const seats = useSeats(isKnown).data?.seats;
  const wasTried = useRef(false);

  const sit = async (wanted: string) => {
    if (await send(() => callsApi.sit(wanted, isSupervisor))) {
      localStorage.setItem(remembered, wanted);
      if (isSupervisor) {
        localStorage.setItem(rememberedSupervisor, 'yes');
      } else {
        localStorage.removeItem(rememberedSupervisor);
      }
      useCallDesk.setState({ lostSeat: null });
      setChanging(false);
    }
  };

  // Once, on entering: later it is this person's act alone, else two desks would take the seat from each other for ever.
  useEffect(() => {
    wasTried.current ||= seat !== null;
    if (isKnown && seats && !wasTried.current) {
      wasTried.current = true;
      const other = seats.find((one) => one.seat === text && !one.mine);
      if (seat === null && text !== '' && !other) {
        void sit(text);
      } else if (seat === null && other) {
        useCallDesk.setState({ said: { text: t('calls.seatTaken', { seat: text, by: other.by }) } });
      }
    }
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethod(event) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      event.preventDefault();
      const wanted = text.normalize('NFKC').trim();
      const other = seats?.find((one) => one.seat === wanted && !one.mine);
      if (wanted !== '' && (!other || isSecondPress(`seat ${wanted}`, t('calls.seatTaken', { seat: wanted, by: other.by })))) {
        void sit(wanted);
      }
    }
  };

  return seat !== null && !isChanging ? (
    <button type="button" className="link seat-known" onClick={() => setChanging(true)} data-testid="seat">
      {t('calls.seat')} <strong className="number">{seat}</strong>
      {seats?.some(({ mine, supervisor }) => mine && supervisor) && ` ${t('calls.supervisor')}`}
    </button>
  ) : (
    <span className="seat-field">
      <label className="note-text" htmlFor="field-seat">
        {t('calls.seat')}
      </label>
      <Input
        id="field-seat"
        data-testid="field-seat"
        value={text}
        placeholder={t('calls.seatHint')}
        maxLength={12}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        suffix={<kbd>Enter</kbd>}
      />
      <Checkbox
        checked={isSupervisor}
        onChange={(event) => setSupervisor(event.target.checked)}
        onKeyDown={onKeyDown}
        data-testid="field-supervisor"
      >
        {t('calls.supervisor')}
      </Checkbox>
    </span>
  );
}
