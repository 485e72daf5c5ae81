import type { RpcInterface } from '../ndr/call.ts';

const version = { major: 1, minor: 0 } as const;

/** MS-TSTS 3.3.4.1: sessions, one by one. */
export const termSrvSession: RpcInterface = {
  ...version,
  name: 'TermSrvSession',
  uuid: '484809d6-4239-471b-b5bc-61df8c23ac48',
  pipe: 'LSM_API_service',
};

/** MS-TSTS 3.3.4.2: what happens to sessions. */
export const termSrvNotification: RpcInterface = {
  ...version,
  name: 'TermSrvNotification',
  uuid: '11899a43-2b68-4a76-92e3-a3d6ad8c26ce',
  pipe: 'LSM_API_service',
};

/** MS-TSTS 3.3.4.3: lists of sessions. */
export const termSrvEnumeration: RpcInterface = {
  ...version,
  name: 'TermSrvEnumeration',
  uuid: '88143fd0-c28d-4b2b-8fef-8d882f6a9390',
  pipe: 'LSM_API_service',
};

/** MS-TSTS 3.5.4.1: the connection of a session. */
export const rcmPublic: RpcInterface = {
  ...version,
  name: 'RCMPublic',
  uuid: 'bde95fdf-eee0-45de-9e12-e5a61cd0d4fe',
  pipe: 'TermSrv_API_service',
};

/** MS-TSTS 3.5.4.2: listeners. */
export const rcmListener: RpcInterface = {
  ...version,
  name: 'RCMListener',
  uuid: '497d95a6-2d27-4bf5-9bbd-a6046957133c',
  pipe: 'TermSrv_API_service',
};

/** MS-TSTS 3.7.4.1: the interface that was there first. */
export const icaApi: RpcInterface = {
  ...version,
  name: 'IcaApi',
  uuid: '5ca4a760-ebb1-11cf-8611-00a0245420ed',
  pipe: 'Ctx_WinStation_API_service',
};

/** MS-TSTS 3.9.4.1: the address that a session has for itself. */
export const tsvipPublic: RpcInterface = {
  ...version,
  name: 'TSVIPPublic',
  uuid: '53b46b02-c73b-4a3e-8dee-b16b80672fc0',
  pipe: 'TSVIP_Service',
};

/** MS-TSTS 3.10.4.1: watching a session. */
export const sessEnvPublicRpc: RpcInterface = {
  ...version,
  name: 'SessEnvPublicRpc',
  uuid: '1257b580-ce2f-4109-82d6-a9459d0bf6bc',
  pipe: 'SessEnvPublicRpc',
};
