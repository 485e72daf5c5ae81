import type { ColumnName } from '../session-columns.ts';

export interface ColumnSet {
  readonly title: string;
  readonly columns: readonly ColumnName[];
}

/** What `c` goes round. */
export const columnSets: readonly ColumnSet[] = [
  { title: 'usual', columns: ['host', 'id', 'user', 'state', 'idleFor', 'client', 'memoryBytes', 'cpuPercent'] },
  {
    title: 'times',
    columns: ['host', 'id', 'user', 'state', 'loggedOnAt', 'connectedAt', 'disconnectedAt', 'lastInputAt'],
  },
  {
    title: 'load',
    columns: [
      'host',
      'id',
      'user',
      'memoryBytes',
      'cpuPercent',
      'bytesInPerSecond',
      'bytesOutPerSecond',
      'processCount',
      'roundTripMs',
    ],
  },
  {
    title: 'clients',
    columns: ['host', 'id', 'user', 'name', 'protocol', 'locked', 'clientName', 'clientAddress', 'clientDisplay'],
  },
  { title: 'troubles', columns: ['host', 'id', 'user', 'state', 'troubles'] },
];
