import { expect, test } from 'vitest';
import { parseHostUrl } from '../sessions/host.ts';
import { connectingTo } from './connecting.ts';

test.each([
  ['ts01', 'connecting to windows://anna@ts01'],
  ['windows://anna@ts01', 'connecting'],
])('a failure to connect to %s tells the URL once', (name, operation) => {
  expect(connectingTo({ name, url: parseHostUrl('windows://anna@ts01') })).toBe(operation);
});
