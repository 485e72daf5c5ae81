import type { RpcInterface } from '../ndr/call.ts';

/** MS-RRP 2.1.1: the registry. */
export const winreg: RpcInterface = {
  name: 'winreg',
  uuid: '338cd001-2244-31f1-aaaa-900038001003',
  major: 1,
  minor: 0,
  pipe: 'winreg',
};
