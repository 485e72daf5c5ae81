import { expect, test } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { tellingHowToAccept } from './host-key-hint.ts';

const refused = (message: string, hint?: string): UsherError =>
  new UsherError({ code: 'host_key_unknown', message, hint, host: 'x' });
const usual = "accept it with 'usher hosts add', after comparing the fingerprint";

test.each([
  [
    'ssh://root@ts01:2222',
    'ssh://root@ts01:2222',
    usual,
    "'usher hosts add NAME ssh://root@ts01:2222', after comparing",
  ],
  ['ts01', 'ssh://root@10.0.0.1', usual, "'usher hosts add ts01 ssh://root@10.0.0.1', after comparing"],
  ['ts01', 'ssh://ts01', undefined, "accept it with 'usher hosts add ts01 ssh://ts01'"],
])('an unknown key of %s has the command that accepts it in its hint', (name, url, hint, expected) => {
  const told = tellingHowToAccept(refused('its ED25519 key is not in known_hosts', hint), {
    name,
    url: parseHostUrl(url),
  });
  expect(told).toMatchObject({
    code: 'host_key_unknown',
    host: 'x',
    hint: expect.stringContaining(expected) as unknown,
  });
});

test("a jump host's key is accepted for the jump host", () => {
  const told = tellingHowToAccept(refused('jump host gate: its ED25519 key is not in known_hosts', usual), {
    name: 'ts01',
    url: parseHostUrl('ssh://root@ts01'),
  });
  expect(told).toMatchObject({ hint: expect.stringContaining("'usher hosts add NAME ssh://gate'") as unknown });
});

test('another failure stays as it is', () => {
  const error = new UsherError({ code: 'timeout', message: 'no answer' });
  expect(tellingHowToAccept(error, { name: 'ts01', url: parseHostUrl('ssh://ts01') })).toBe(error);
});
