import type { IncidentType } from '../api/contract';
import { initialsOf, plain } from '../command/names';

/**
 * The types that a text may mean: by name in either language, by the initials of its pinyin, or by a word that callers say. Without a text all
 * of them, those first that the complaint speaks of.
 */
export function typesFor(types: readonly IncidentType[], text: string, complaint: string): IncidentType[] {
  const wanted = plain(text);
  const active = types.filter((type) => type.active);
  if (wanted === '') {
    const said = plain(complaint);
    const isMeant = ({ words }: IncidentType) => words.some((word) => said.includes(plain(word)));
    return [...active.filter(isMeant), ...active.filter((type) => !isMeant(type))];
  }
  const names = ({ code, name, nameEn, words }: IncidentType) => [name, nameEn, code, ...words];
  const begins = (type: IncidentType) =>
    names(type).some((name) => plain(name).startsWith(wanted) || initialsOf(name).startsWith(wanted));
  const holds = (type: IncidentType) =>
    names(type).some((name) => plain(name).includes(wanted) || initialsOf(name).includes(wanted));
  return [...active.filter(begins), ...active.filter((type) => !begins(type) && holds(type))];
}
