import { describe, expect, test } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import { person } from './testing/acting.ts';
import { anAdministered } from './testing/administration.ts';
import { type Setting, usher } from './testing/usher.ts';

const on = (administration = anAdministered()): Setting => ({ hosts: { 'ssh://a': { administration } } });
const denied = new UsherError({ code: 'access_denied', message: 'the account may not' });

describe('listing', () => {
  test('shows each listener and what it does', async () => {
    const { code, out } = await usher('listeners -s ssh://a', on());
    expect(out).toBe('HOST        ID  NAME     STATE\nssh://a  65536  RDP-Tcp  listens\nssh://a  65537  ICA-Tcp  -\n');
    expect(code).toBe(0);
  });

  test('--json has one row for each', async () => {
    const { out } = await usher('listeners -s ssh://a --json', on());
    expect(JSON.parse(out)).toEqual({
      listeners: [
        { host: 'ssh://a', id: 65_536, name: 'RDP-Tcp', listening: true },
        { host: 'ssh://a', id: 65_537, name: 'ICA-Tcp', listening: null },
      ],
      errors: [],
    });
  });

  test('--csv has them too', async () => {
    const { out } = await usher('listeners -s ssh://a --csv', on());
    expect(out).toBe('host,id,name,listening\nssh://a,65536,RDP-Tcp,true\nssh://a,65537,ICA-Tcp,\n');
  });

  test('of a Linux host says that it has none, and what to do there', async () => {
    const { code, err } = await usher('listeners -s ssh://a', { hosts: { 'ssh://a': {} } });
    expect(err).toMatch(/^ssh:\/\/a: a Linux host has no listeners .*; on the host: iptables /);
    expect(code).toBe(4);
  });

  test('of two hosts, one of which fails, shows the other and ends with 1', async () => {
    const hosts = {
      'ssh://a': { administration: anAdministered() },
      'ssh://b': { administration: anAdministered({ failure: denied }) },
    };
    const { code, out, err } = await usher('listeners -s ssh://a -s ssh://b', { hosts });
    expect(out).toContain('RDP-Tcp');
    expect(err).toBe('ssh://b: the account may not\n');
    expect(code).toBe(1);
  });

  test('of an inventory without Windows hosts is wrong use', async () => {
    const { code, err } = await usher('listeners', on());
    expect(err).toContain('no Windows host');
    expect(code).toBe(2);
  });
});

describe('stopping', () => {
  test('asks for the name of the host, stops it and reads it again', async () => {
    const administration = anAdministered();
    const terminal = person('ssh://a');
    const { code, out } = await usher('listeners stop rdp-tcp -s ssh://a', { ...on(administration), terminal });
    expect(terminal.asked).toEqual(['To stop rdp-tcp, through which clients connect, on ssh://a, type its name: ']);
    expect(administration.done).toEqual(['stop rdp-tcp']);
    expect(out).toContain('RDP-Tcp  stopped');
    expect(code).toBe(0);
  });

  test.each(['y', 'ssh://b', ''])('answered with %j does nothing', async (answer) => {
    const administration = anAdministered();
    const setting = { ...on(administration), terminal: person(answer) };
    const { code, err } = await usher('listeners stop RDP-Tcp -s ssh://a', setting);
    expect(administration.done).toEqual([]);
    expect(err).toContain('it was not confirmed: nothing was done');
    expect(code).toBe(4);
  });

  test('in a pipe needs --yes', async () => {
    const administration = anAdministered();
    const { code, err } = await usher('listeners stop RDP-Tcp -s ssh://a', on(administration));
    expect(administration.done).toEqual([]);
    expect(err).toContain('say --yes, or look first with --dry-run');
    expect(code).toBe(2);
  });

  test('--dry-run says what it would do', async () => {
    const administration = anAdministered();
    const { code, out } = await usher('listeners stop RDP-Tcp -s ssh://a --dry-run', on(administration));
    expect(administration.done).toEqual([]);
    expect(out).toMatch(/^Nothing was done. It would:\n[^]*RDP-Tcp {2}planned {2}stop it\n$/);
    expect(code).toBe(0);
  });

  test('is not called done where the host says yes and it listens still', async () => {
    const setting = on(anAdministered({ isDeaf: true }));
    const { code, out } = await usher('listeners stop RDP-Tcp -s ssh://a --yes', setting);
    expect(out).toContain('RDP-Tcp  failed   stop RDP-Tcp; it still listens\n');
    expect(code).toBe(1);
  });

  test('--json tells what was done', async () => {
    const { out } = await usher('listeners stop RDP-Tcp -s ssh://a --yes --json', on());
    expect(JSON.parse(out)).toEqual({
      hosts: [{ host: 'ssh://a', name: 'RDP-Tcp', outcome: 'stopped', did: ['stop RDP-Tcp'] }],
      errors: [],
    });
  });

  test.each([
    ['listeners stop -s ssh://a --yes', 'no listener is named'],
    ['listeners stop RDP-Tcp --yes', 'no host is named'],
    ['listeners halt RDP-Tcp -s ssh://a --yes', "'halt' is no act: it is one of stop, start"],
  ])('%s is wrong use', async (line, message) => {
    const administration = anAdministered();
    const { code, err } = await usher(line, on(administration));
    expect(administration.done).toEqual([]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe('starting', () => {
  test('on one host asks nothing', async () => {
    const administration = anAdministered();
    const { code, out } = await usher('listeners start RDP-Tcp -s ssh://a', on(administration));
    expect(administration.done).toEqual(['start RDP-Tcp']);
    expect(out).toContain('listens');
    expect(code).toBe(0);
  });

  test('on several asks for their number', async () => {
    const hosts = {
      'ssh://a': { administration: anAdministered() },
      'ssh://b': { administration: anAdministered() },
    };
    const terminal = person('2');
    const { code } = await usher('listeners start RDP-Tcp -s ssh://a -s ssh://b', { hosts, terminal });
    expect(terminal.asked).toEqual(['To start RDP-Tcp on these 2 hosts, type 2: ']);
    expect(code).toBe(0);
  });
});
