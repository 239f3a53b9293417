import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../api/request';
import { inLanguage } from '../shell/i18n';
import { admin } from './api';

export const useDepartments = () => useQuery({ queryKey: ['admin', 'departments'], queryFn: admin.departments });
export const useClosingDepartments = () =>
  useQuery({ queryKey: ['admin', 'closing-departments'], queryFn: admin.closingDepartments });
export const useAccounts = () => useQuery({ queryKey: ['admin', 'accounts'], queryFn: admin.accounts });
export const useKeys = () => useQuery({ queryKey: ['admin', 'keys'], queryFn: admin.keys });

/** One act at a time; what was refused is kept for beside the field that it names. Then what was read under `root` is read again. */
export function useAct(root = 'admin') {
  const queries = useQueryClient();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const act = async <Answer>(send: () => Promise<Answer>): Promise<Answer | null> => {
    setSending(true);
    setProblem(null);
    try {
      const answer = await send();
      void queries.invalidateQueries({ queryKey: [root] });
      return answer;
    } catch (failure) {
      setProblem(failure);
      return null;
    } finally {
      setSending(false);
    }
  };

  const field = problem instanceof Problem ? problem.field : null;
  return {
    act,
    isSending,
    problem,
    clear: () => setProblem(null),
    /** What is wrong with this field. */
    faultOf: (name: string) => (problem instanceof Problem && field === name ? faultText(problem) : null),
    /** What is wrong with none of these fields. */
    otherThan: (names: readonly string[]) => (field !== null && names.includes(field) ? null : problem),
  };
}

function faultText(problem: Problem): string {
  // The detail names the field again, which stands beside it already.
  const [said, named] = [inLanguage(problem.detail), `${problem.field}: `];
  const detail = said.startsWith(named) ? said.slice(named.length) : said;
  return problem.code.endsWith('.bad_field') ? detail : `${inLanguage(problem.title)}. ${detail}`;
}
