import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint } from './key-blob.ts';
import {
  formatKnownHost,
  type HostKeyVerdict,
  isPlainName,
  judgeHostKey,
  knownHostName,
  knownKeyTypes,
  parseKnownHosts,
} from './known-hosts.ts';
import { ecdsaHostKey, hashedName, hashedNameWithPort, hostKey, otherHostKey, type TestKey } from './testing/keys.ts';

const blobOf = (key: TestKey): Buffer => Buffer.from(key.publicKey.split(' ')[1] ?? '', 'base64');
const judge = (text: string, host: string, port = 22, key = hostKey, alias: string | null = null): HostKeyVerdict =>
  judgeHostKey(parseKnownHosts(text, 'known_hosts'), knownHostName(host, port, alias), blobOf(key));

test('a fingerprint is what ssh-keygen -lf prints', () => {
  for (const key of [hostKey, otherHostKey, ecdsaHostKey]) expect(fingerprint(blobOf(key))).toBe(key.fingerprint);
});

test('a key stands under its host, alone or among others', () => {
  expect(judge(`a.example ${hostKey.publicKey}`, 'a.example').kind).toBe('known');
  expect(judge(`10.0.0.1,a.example ${hostKey.publicKey} a comment`, 'A.Example').kind).toBe('known');
  expect(judge(`\t A.EXAMPLE   ${hostKey.publicKey}\r\n`, 'a.example').kind).toBe('known');
  expect(judge(`b.example ${hostKey.publicKey}`, 'a.example').kind).toBe('unknown');
});

test('patterns match, and a negated one outweighs them', () => {
  const text = `*.example,!bad.example,10.0.?.1 ${hostKey.publicKey}`;
  expect(judge(text, 'good.example').kind).toBe('known');
  expect(judge(text, '10.0.7.1').kind).toBe('known');
  expect(judge(text, '10.0.77.1').kind).toBe('unknown');
  expect(judge(text, 'bad.example').kind).toBe('unknown');
});

test('another port has its own line, and takes the key of the plain name too as OpenSSH does', () => {
  expect(judge(`[a.example]:2222 ${hostKey.publicKey}`, 'a.example', 2222).kind).toBe('known');
  expect(judge(`[a.example]:2222 ${hostKey.publicKey}`, 'a.example').kind).toBe('unknown');
  expect(judge(`a.example ${hostKey.publicKey}`, 'a.example', 2222).kind).toBe('known');
  expect(judge(`a.example ${otherHostKey.publicKey}`, 'a.example', 2222).kind).toBe('unknown');
  const both = `a.example ${hostKey.publicKey}\n[a.example]:2222 ${otherHostKey.publicKey}`;
  expect(judge(both, 'a.example', 2222).kind).toBe('changed');
});

test('HostKeyAlias stands for the host, whatever the port', () => {
  expect(judge(`farm ${hostKey.publicKey}`, '10.0.0.1', 2222, hostKey, 'farm').kind).toBe('known');
  expect(judge(`10.0.0.1 ${hostKey.publicKey}`, '10.0.0.1', 22, hostKey, 'farm').kind).toBe('unknown');
});

test('names that ssh-keygen -H hashed are found', () => {
  const text = `${hashedName} ${hostKey.publicKey}\n${hashedNameWithPort} ${hostKey.publicKey}`;
  expect(judge(text, 'plain.example').kind).toBe('known');
  expect(judge(text, 'Ported.Example', 2222).kind).toBe('known');
  expect(judge(text, 'ported.example').kind).toBe('unknown');
  expect(judge(text, 'plain.example', 22, otherHostKey).kind).toBe('changed');
});

test('another key of the same type is a change, with where the expected one stands', () => {
  const text = `# comment\n\na.example ${hostKey.publicKey}`;
  expect(judge(text, 'a.example', 22, otherHostKey)).toEqual({
    kind: 'changed',
    expected: [{ type: 'ssh-ed25519', fingerprint: hostKey.fingerprint, file: 'known_hosts', line: 3 }],
  });
});

test('a host may have several keys of one type', () => {
  const text = `a.example ${otherHostKey.publicKey}\na.example ${hostKey.publicKey}`;
  expect(judge(text, 'a.example').kind).toBe('known');
});

test('a key of another type is unknown, and what is known is told', () => {
  const verdict = judge(`a.example ${ecdsaHostKey.publicKey}`, 'a.example');
  expect(verdict).toMatchObject({ kind: 'unknown', otherTypes: [{ fingerprint: ecdsaHostKey.fingerprint, line: 1 }] });
});

test('a revoked key is refused even where another line knows it', () => {
  const text = `a.example ${hostKey.publicKey}\n@revoked * ${hostKey.publicKey}`;
  expect(judge(text, 'a.example')).toEqual({ kind: 'revoked', file: 'known_hosts', line: 2 });
  expect(judge(`@revoked * ${hostKey.publicKey}`, 'a.example', 2222).kind).toBe('revoked');
  expect(judge(`@revoked * ${otherHostKey.publicKey}`, 'a.example').kind).toBe('unknown');
});

test('certificate authorities and unknown markers make no key known', () => {
  expect(judge(`@cert-authority * ${hostKey.publicKey}`, 'a.example').kind).toBe('unknown');
  expect(judge(`@sealed * ${hostKey.publicKey}`, 'a.example').kind).toBe('unknown');
});

test('lines that are none are skipped, the rest counts', () => {
  const [, blob = ''] = hostKey.publicKey.split(' ');
  const broken = [
    'a.example',
    'a.example ssh-ed25519',
    'a.example ssh-ed25519 !!!',
    `a.example ssh-rsa ${blob}`,
    'a.example ssh-ed25519 AAAA',
    '|1|broken ssh-ed25519 AAAA',
    `|1|AAAA|BBBB ${hostKey.publicKey}`,
    `|2|${hashedName.slice(3)} ${hostKey.publicKey}`,
    'x'.repeat(20_000),
  ].join('\n');
  expect(judge(broken, 'a.example').kind).toBe('unknown');
  expect(judge(`${broken}\na.example ${hostKey.publicKey}`, 'a.example').kind).toBe('known');
});

test('the types that are known of a host are told, without revoked ones', () => {
  const known = parseKnownHosts(
    `a.example ${ecdsaHostKey.publicKey}\n@revoked a.example ${hostKey.publicKey}\nb.example ${hostKey.publicKey}`,
    'known_hosts',
  );
  expect([...knownKeyTypes(known, knownHostName('a.example', 22, null))]).toEqual(['ecdsa-sha2-nistp256']);
  expect([...knownKeyTypes(known, knownHostName('a.example', 2222, null))]).toEqual(['ecdsa-sha2-nistp256']);
});

test('a formatted line makes its key known', () => {
  for (const [host, port, alias] of [
    ['a.example', 22, null],
    ['fe80::1%eth0', 2222, null],
    ['x', 22, 'farm'],
  ] as const) {
    const line = formatKnownHost(knownHostName(host, port, alias), blobOf(hostKey));
    expect(judge(line, host, port, hostKey, alias).kind).toBe('known');
  }
});

test('names that known_hosts would read as something else are no plain names', () => {
  for (const name of ['a b', 'a,b', '*', 'a?', '!a', '|1|', '#', '@revoked', 'a\nb', '']) {
    expect(isPlainName(name), name).toBe(false);
  }
  expect(isPlainName('[fe80::1%eth0]:2222')).toBe(true);
});

test('whatever known_hosts holds, it is read, and knows no key that it does not hold', () => {
  const word = fc.oneof(fc.constantFrom('@revoked', '*', 'a.example', 'ssh-ed25519', '|1|', '!'), fc.string());
  const line = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')),
  );
  // fast-check prints the seed and the path of a failure.
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      expect(['unknown', 'changed', 'revoked']).toContain(judge(lines.join('\n'), 'a.example').kind);
    }),
  );
});
