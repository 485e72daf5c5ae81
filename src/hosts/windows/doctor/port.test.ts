import { expect, test } from 'vitest';
import { portFinding, type PortState } from './port.ts';

const told = (state: PortState) => portFinding('wh1', { address: 'wh1.example', port: 445 }, state, null);

test.each<[PortState, string, string, string | null]>([
  [
    'refused',
    'port 445 is closed: the host is there, and nothing listens',
    'Start-Service LanmanServer',
    'unreachable',
  ],
  ['silent', 'port 445 is filtered: nothing answers', "-Group '@FirewallAPI.dll,-28502'", 'timeout'],
  ['barred', 'there is no way to the host', 'nc -vz -w 5 wh1.example 445', 'unreachable'],
])('a port that is %s is a problem with its mend', (state, summary, paste, code) => {
  const { verdict, mends, error, ...finding } = told(state);
  expect({ verdict, summary: finding.summary, code: error?.code }).toEqual({ verdict: 'problem', summary, code });
  expect(mends.map((one) => one.paste).join('\n')).toContain(paste);
});

test('a port that is open is in order', () => {
  expect(told('open')).toMatchObject({ verdict: 'ok', error: null, mends: [] });
});

test('an address that is none stands in no command', () => {
  const { mends } = portFinding('wh1', { address: '$(reboot)', port: 445 }, 'silent', null);
  expect(mends.map((one) => one.paste).join('\n')).not.toContain('reboot');
});
