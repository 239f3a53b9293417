import type { IncidentType } from '../api/contract';
import { initialsOf, plain } from '../command/names';

const isMeant = ({ words }: IncidentType, said: string) => words.some((word) => said.includes(plain(word)));

/** What a complaint speaks of; null where no type has a word of it. */
export const typeMeant = (types: readonly IncidentType[], complaint: string): IncidentType | null =>
  types.find((type) => type.active && isMeant(type, plain(complaint))) ?? null;

/**
 * The types that a text may mean: by name in either language, by the initials of its pinyin, or by a word that callers say. Without a text all
 * of them, those first that the complaint speaks of.
 */
export function typesFor(types: readonly IncidentType[], text: string, complaint: string): IncidentType[] {
  const wanted = plain(text);
  const active = types.filter((type) => type.active);
  if (wanted === '') {
    const said = plain(complaint);
    return [...active.filter((type) => isMeant(type, said)), ...active.filter((type) => !isMeant(type, said))];
  }
  const names = ({ code, name, nameEn, words }: IncidentType) => [name, nameEn, code, ...words];
  const begins = (type: IncidentType) =>
    names(type).some((name) => plain(name).startsWith(wanted) || initialsOf(name).startsWith(wanted));
  const holds = (type: IncidentType) =>
    names(type).some((name) => plain(name).includes(wanted) || initialsOf(name).includes(wanted));
  return [...active.filter(begins), ...active.filter((type) => !begins(type) && holds(type))];
}
