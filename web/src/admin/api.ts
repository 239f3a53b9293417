import { request } from '../api/request';

// What administrators read and do, as `/api/admin` says and takes it.

export interface Department {
  code: string;
  name: string;
  nameEn: string;
}

export interface AccountView {
  id: string;
  userName: string;
  displayName: string;
  role: string;
  department: string;
  unitId: string | null;
  hospitalId: string | null;
  locked: boolean;
  pausedUntil: string | null;
}

export interface AccountWish {
  userName: string;
  displayName: string;
  role: string;
  department: string;
  unit: string | null;
  /** Its name. */
  hospital: string | null;
}

export interface ApiKeyView {
  id: string;
  name: string;
  department: string;
  role: string;
  scopes: string[];
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  lastUsedOn: string | null;
  revokedAt: string | null;
  state: 'active' | 'expired' | 'revoked';
}

export interface ApiKeyWish {
  name: string;
  department: string;
  role: string;
  days: number;
  scopes: string[];
}

export interface LogEntry {
  id: number;
  at: string;
  by: string;
  action: string;
  subject: string;
  subjectName: string;
  detail: Record<string, unknown>;
}

const post = <Answer>(path: string, body: unknown = {}) => request<Answer>('POST', `/api/admin/${path}`, { body });

export const admin = {
  departments: () => request<{ departments: Department[] }>('GET', '/api/admin/departments'),
  addDepartment: (department: Department) => post<Department>('departments', department),
  /** Departments whose people may draw closures. */
  closingDepartments: () => request<{ departments: Department[] }>('GET', '/api/admin/closing-departments'),
  allowClosing: (code: string, isAllowed: boolean) =>
    request<null>(isAllowed ? 'POST' : 'DELETE', `/api/admin/closing-departments/${code}`, isAllowed ? { body: {} } : {}),

  accounts: () => request<{ accounts: AccountView[] }>('GET', '/api/admin/accounts'),
  addAccount: (wish: AccountWish) => post<{ account: AccountView; password: string }>('accounts', wish),
  setRole: (id: string, wish: Pick<AccountWish, 'role' | 'unit' | 'hospital'>) => post<AccountView>(`accounts/${id}/role`, wish),
  reset: (id: string) => post<{ account: AccountView; password: string }>(`accounts/${id}/reset`),
  lock: (id: string) => post<AccountView>(`accounts/${id}/lock`),
  unlock: (id: string) => post<AccountView>(`accounts/${id}/unlock`),

  keys: () => request<{ keys: ApiKeyView[]; allScopes: string[] }>('GET', '/api/admin/keys'),
  addKey: (wish: ApiKeyWish) => post<{ key: ApiKeyView; secret: string }>('keys', wish),
  revokeKey: (id: string) => post<ApiKeyView>(`keys/${id}/revoke`),

  log: (before: number | null) =>
    request<{ entries: LogEntry[] }>('GET', `/api/admin/log?limit=100${before === null ? '' : `&before=${before}`}`),
};
