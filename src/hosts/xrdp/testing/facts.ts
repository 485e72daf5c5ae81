import type { ListAnswer, SessionFacts } from '../answer.ts';

/** 2026-11-23T00:00:00Z, in seconds since 1970-01-01Z: the moment of every reading made here. */
export const now = 1_795_392_000;

/** A healthy session of alice that was joined an hour ago, with input ten minutes ago. */
export const healthy: SessionFacts = {
  display: 10,
  uid: 1001,
  user: 'alice',
  xServer: { pid: 148, start: 64_498, name: 'Xorg', state: 'S' },
  leader: { pid: 146, start: 64_480, name: 'xrdp-sesman', state: 'S' },
  oldest: null,
  managed: true,
  windowManager: { pid: 147, start: 64_499, name: 'openbox', state: 'S' },
  connected: true,
  startedAt: now - 7200,
  joinedAt: now - 3600,
  leftAt: null,
  leftFor: null,
  clientAddress: '10.213.7.1',
  clientPort: 42_876,
  clientName: 'PC-ALICE',
  rttMicroseconds: 5935,
  unackedSegments: 0,
  ackAgeMs: 480,
  bytesInPerSecond: 12.4,
  bytesOutPerSecond: 2048.7,
  xAnswered: true,
  idleMs: 600_000,
  width: 1280,
  height: 1024,
  depth: 24,
  processCount: 6,
  userProcessCount: 3,
  stopped: [],
  cpuPercent: 3.456,
  memoryBytes: 34_566_144,
};

/** The same session after its client left, five minutes ago. */
export const disconnected: SessionFacts = {
  ...healthy,
  connected: false,
  leftAt: now - 300,
  clientAddress: null,
  clientPort: null,
  clientName: null,
  rttMicroseconds: null,
  unackedSegments: null,
  ackAgeMs: null,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
};

export function answerWith(...sessions: readonly SessionFacts[]): ListAnswer {
  return {
    kind: 'list',
    id: 1,
    version: 1,
    now,
    bootId: '9e2609a2-f9d3-498c-b1b3-bac1d0f3a15c',
    everyProcessSeen: true,
    socketsSeen: true,
    ownersSeen: true,
    clientLogSeen: true,
    sesmanRunning: true,
    staleLocks: [],
    crowded: [],
    unread: [],
    sessions: [...sessions],
    tookMs: 11,
  };
}
