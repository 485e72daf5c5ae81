import { describe, expect, test } from 'vitest';
import { daemonFindings } from './daemons.ts';
import type { ExaminationFacts } from './facts.ts';
import { healthyFacts, lines, pastes, xh1 } from './testing/facts.ts';

const find = (facts: Partial<ExaminationFacts>, check: string) => {
  const found = daemonFindings(xh1, { ...healthyFacts, ...facts }).find((one) => one.check === check);
  if (found === undefined) throw new Error(`nothing was found of ${check}`);
  return found;
};
const settings = (key: string, value: string, section = 'globals') => ({ xrdpSettings: [{ section, key, value }] });
const gone = (daemon: ExaminationFacts['xrdp']) => ({ ...daemon, running: [] });

test('a host where all runs has nothing to mend', () => {
  expect(lines(daemonFindings(xh1, healthyFacts))).toEqual([
    'xrdp ok: xrdp 0.9.21.1 runs and listens at port 3389',
    'sesman ok: xrdp-sesman 0.9.21.1 runs',
    'fork ok: xrdp serves each client by a process of its own',
    'client-log ok: xrdp’s log tells which client is whose',
  ]);
});

describe('a daemon that does not run', () => {
  test('is started by systemd where that is there', () => {
    expect(pastes(find({ sesman: gone(healthyFacts.sesman) }, 'sesman'))[0]).toBe('systemctl enable --now xrdp-sesman');
  });

  test('is started by itself where there is no systemd', () => {
    expect(pastes(find({ sesman: gone(healthyFacts.sesman), systemd: false }, 'sesman'))[0]).toBe(
      '/usr/sbin/xrdp-sesman',
    );
  });

  test.each([
    ['0.9.21.1', true],
    ['0.10.1', false],
  ])('of sesman %s leaves orphans: %s', (version, orphans) => {
    const { meaning } = find({ sesman: { ...healthyFacts.sesman, running: [], version } }, 'sesman');
    expect(meaning?.includes('orphan')).toBe(orphans);
  });

  test('of xrdp is a problem too', () => {
    expect(find({ xrdp: gone(healthyFacts.xrdp) }, 'xrdp')).toMatchObject({
      verdict: 'problem',
      summary: 'xrdp 0.9.21.1 does not run',
    });
  });
});

test('a host without xrdp is told as that alone', () => {
  const nothing = { path: null, version: null, running: [] };
  const found = daemonFindings(xh1, { ...healthyFacts, xrdp: nothing, sesman: nothing, xrdpSettings: null });
  expect(lines(found)).toEqual(['xrdp problem: xrdp is not installed there']);
});

describe('the ports of xrdp.ini', () => {
  test.each([
    ['3389', [3389]],
    ['tcp://:3390', [3390]],
    ['tcp://192.0.2.1:3389 tcp6://:3391', [3389, 3391]],
    ['vsock://-1:3389', []],
    ['unix:///run/xrdp.sock', []],
  ])('of %s are %j', (value, ports) => {
    const found = find({ ...settings('port', value), ports }, 'xrdp');
    expect(found.summary).toBe(
      `xrdp 0.9.21.1 runs${ports.length === 0 ? '' : ` and listens at port ${ports.join(', ')}`}`,
    );
  });

  test('that nobody listens at are a warning', () => {
    expect(find({ ...settings('port', '3390'), ports: [3389] }, 'xrdp')).toMatchObject({
      verdict: 'warning',
      summary: 'xrdp 0.9.21.1 runs, and nothing listens at port 3390',
    });
  });
});

test('one process for all clients is a warning, with the line that mends it', () => {
  const found = find(settings('fork', 'false'), 'fork');
  expect([found.verdict, pastes(found)]).toEqual(['warning', ['fork=true']]);
});

test('of several settings of one name the last counts', () => {
  const xrdpSettings = [...settings('fork', 'false').xrdpSettings, ...settings('Fork', 'yes').xrdpSettings];
  expect(find({ xrdpSettings }, 'fork').verdict).toBe('ok');
});

test('an xrdp.ini that cannot be read leaves it unknown', () => {
  expect(find({ xrdpSettings: null }, 'fork').verdict).toBe('unknown');
});
