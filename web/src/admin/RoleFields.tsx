import { useTranslation } from 'react-i18next';
import { useBoard, useHospitals } from '../incidents/useBoard';
import { Field } from '../shell/Field';
import { inLanguage } from '../shell/i18n';
import type { AccountWish } from './api';
import { Choice } from './parts';

const roles = ['dispatcher', 'crew', 'hospital', 'department', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** As what somebody signs in; empty where the first of the list is meant. */
export interface RoleDraft {
  role: Role;
  unit: string;
  hospital: string;
}

export const blankRole: RoleDraft = { role: 'dispatcher', unit: '', hospital: '' };
export const roleFields = ['role', 'unit', 'hospital'] as const;

/** A role, and the unit or the hospital that it needs. */
export function useRoles() {
  const units = useBoard().data?.units ?? [];
  const hospitals = useHospitals(true).data?.hospitals ?? [];
  const callSigns = new Map(units.map(({ id, callSign }) => [id, callSign]));
  const names = new Map(hospitals.map(({ id, name, nameEn }) => [id, inLanguage({ zh: name, en: nameEn ?? name })]));
  return {
    units,
    hospitals: hospitals.map(({ id, name }) => ({ value: name, label: names.get(id) ?? name })),
    /** To which unit or hospital an account belongs. */
    belongsTo: ({ unitId, hospitalId }: { unitId: string | null; hospitalId: string | null }) =>
      callSigns.get(unitId ?? '') ?? names.get(hospitalId ?? '') ?? '',
    wishOf: ({ role, unit, hospital }: RoleDraft): Pick<AccountWish, 'role' | 'unit' | 'hospital'> => ({
      role,
      unit: role === 'crew' ? unit || (units[0]?.callSign ?? '') : null,
      hospital: role === 'hospital' ? hospital || (hospitals[0]?.name ?? '') : null,
    }),
  };
}

interface RoleFieldsProps {
  /** Before the ids of its fields, where two of them are shown. */
  prefix?: string;
  draft: RoleDraft;
  faultOf(field: string): string | null;
  onChange(part: Partial<RoleDraft>): void;
}

export function RoleFields({ prefix = '', draft, faultOf, onChange }: RoleFieldsProps) {
  const { t } = useTranslation();
  const { units, hospitals } = useRoles();
  const field = (name: keyof RoleDraft, options: readonly { value: string; label: string }[]) => (
    <Field name={`${prefix}${name}`} label={t(`admin.${name}`)} isRequired fault={faultOf(name)}>
      <Choice
        id={`${prefix}${name}`}
        value={draft[name] || (options[0]?.value ?? '')}
        options={options}
        isFaulty={faultOf(name) !== null}
        onPick={(value) => onChange({ [name]: value })}
      />
    </Field>
  );
  return (
    <>
      {field(
        'role',
        roles.map((role) => ({ value: role, label: t(`session.roles.${role}`) })),
      )}
      {draft.role === 'crew' &&
        field(
          'unit',
          units.map(({ callSign, stationName }) => ({ value: callSign, label: `${callSign} ${stationName}` })),
        )}
      {draft.role === 'hospital' && field('hospital', hospitals)}
    </>
  );
}
