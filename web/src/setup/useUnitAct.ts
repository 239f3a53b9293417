import type { UnitView } from '../units/api';
import { setup, type UnitAct } from './api';
import type { UnitEditorProps } from './UnitEditor';
import { useSave } from './useSetup';

/** Does one thing with a unit, and says what came of it. */
export function useUnitAct({ unit, onRefresh, onSaid }: Pick<UnitEditorProps, 'unit' | 'onRefresh' | 'onSaid'>) {
  const { save, ...rest } = useSave('setup', onRefresh);
  /** True: it was taken. */
  const send = async (what: UnitAct, version: number, body: object, textOf: (saved: UnitView) => string): Promise<boolean> => {
    const saved = await save(() => setup.changeUnit(unit.id, version, what, body));
    if (saved) {
      onSaid(textOf(saved));
    }
    return saved !== null;
  };
  return { ...rest, send };
}

export type UnitActing = ReturnType<typeof useUnitAct>;
