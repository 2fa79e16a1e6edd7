// Requests of a team's dashboard to the hub. A rejection is an `ApiError`. Without a session the hub refuses everything, and the
// page leads to its sign-in page.
import type { History } from '../bindings/History';
import type { WindowKind } from '../bindings/WindowKind';
import { teamText } from '../strings/team';
import { createSender } from './web/server-client';

/** The properties by which a history is divided. */
export const teamSplits = ['member', 'model', 'project', 'repository', 'costCenter'] as const;
export type TeamSplit = (typeof teamSplits)[number];

/** The member who is signed in. */
export interface TeamCaller {
  organization: string;
  member: string;
  isAdmin: boolean;
  version: string;
}

/** A device of a member. */
export interface TeamDevice {
  member: string;
  isAdmin: boolean;
  device: string;
  /** The level of detail that the device shares, 0 to 3. */
  level: number;
  /** The time of the last update; null before the first. */
  lastSeen: string | null;
  /** The time when the token was revoked; null while it is valid. */
  revokedAt: string | null;
}

/** An official limit that a device shares. */
export interface TeamLimit {
  member: string;
  device: string;
  window: WindowKind;
  /** The family of models; null for all models. */
  scope: string | null;
  usedPercent: number;
  resetsAt: string;
  /** The time of the reading. */
  readAt: string;
}

/** A session that a device shares, with its usage. */
export interface TeamSession {
  member: string;
  device: string;
  /** The pseudonym. */
  session: string;
  /** The texts that the user gave the session; null without one. */
  sessionName: string | null;
  description: string | null;
  tags: string[];
  /** The pseudonym of the project; null if it is not known. */
  project: string | null;
  repository: string | null;
  branch: string | null;
  /** The end of the last five minutes with usage; null if it is not known. */
  lastActivity: string | null;
  /** True if it was used in the last five minutes. */
  isActive: boolean;
  totalTokens: number;
  /** Null if no price is known. */
  totalCost: number | null;
}

/** The sessions of the last seven days, the latest first. */
export interface TeamSessionList {
  sessions: TeamSession[];
  /** True if there are more sessions. */
  hasMore: boolean;
  /** The number of devices that share sessions. */
  sharingDevices: number;
}

/** The part of the usage that a cost center gets. */
export interface CostCenterShare {
  costCenter: string;
  percent: number;
}

/** The conditions of a rule; null matches everything. */
export interface RuleConditions {
  member: string | null;
  project: string | null;
  repository: string | null;
  tag: string | null;
}

/** A rule that assigns usage to cost centers. */
export interface RuleSettings extends RuleConditions {
  /** Null places a new rule after all others. */
  position: number | null;
  /** The first and the last UTC day; null without one. */
  from: string | null;
  until: string | null;
  shares: CostCenterShare[];
}

export interface AllocationRule extends RuleSettings {
  id: string;
}

/** A budget with the cost of the current month, both in billionths of a dollar. */
export interface TeamBudget {
  id: string;
  /** Null for the whole team. */
  costCenter: string | null;
  monthlyCostNanos: number;
  costNanos: number;
  /** The percentages that are reported. */
  thresholds: number[];
}

export interface TeamHost {
  caller(): Promise<TeamCaller>;
  history(by: TeamSplit, since: string | null): Promise<History>;
  devices(): Promise<TeamDevice[]>;
  sessions(): Promise<TeamSessionList>;
  /** The limits that are not reset yet, the fullest first. */
  limits(): Promise<TeamLimit[]>;
  budgets(): Promise<TeamBudget[]>;
  rules(): Promise<AllocationRule[]>;
  /** Adds a rule, or replaces the one with the ID. */
  saveRule(id: string | null, settings: RuleSettings): Promise<void>;
  removeRule(id: string): Promise<void>;
  signOut(): Promise<void>;
}

const SIGN_IN = '/sign-in';

/** Creates the host. `leave` replaces this page by another page of the hub. */
export function createTeamHost(leave: (path: string) => void = (path) => location.replace(path)): TeamHost {
  const send = createSender({
    onSignedOut: () => leave(SIGN_IN),
    unreachable: teamText.unreachable,
    unreachableHint: teamText.unreachableHint,
  });
  const read = async <T>(path: string): Promise<T> => (await (await send(path)).json()) as T;
  const sendJson = async (method: string, path: string, body: unknown) => {
    await send(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  };
  return {
    caller: () => read('/api/v1/me'),
    history: (by, since) => read(`/api/v1/history?${new URLSearchParams({ by, ...(since === null ? {} : { since }) }).toString()}`),
    devices: async () => (await read<{ devices: TeamDevice[] }>('/api/v1/devices')).devices,
    sessions: () => read('/api/v1/sessions'),
    limits: async () => (await read<{ limits: TeamLimit[] }>('/api/v1/limits')).limits,
    budgets: async () => (await read<{ budgets: TeamBudget[] }>('/api/v1/budgets')).budgets,
    rules: async () => (await read<{ rules: AllocationRule[] }>('/api/v1/rules')).rules,
    saveRule: (id, settings) => (id === null ? sendJson('POST', '/api/v1/rules', settings) : sendJson('PUT', `/api/v1/rules/${id}`, settings)),
    removeRule: async (id) => void (await send(`/api/v1/rules/${id}`, { method: 'DELETE' })),
    signOut: async () => {
      await send('/sign-out', { method: 'POST' });
      leave(SIGN_IN);
    },
  };
}

/** Returns the address of the report of a month of the form yyyy-mm, as PDF. */
export function monthReportUrl(month: string): string {
  return `/api/v1/allocation?${new URLSearchParams({ format: 'pdf', month }).toString()}`;
}

/** Returns the address of the usage by cost center as a document. */
export function allocationUrl(format: 'csv' | 'focus', since: string | null): string {
  return `/api/v1/allocation?${new URLSearchParams({ format, by: 'day,model', ...(since === null ? {} : { since }) }).toString()}`;
}
