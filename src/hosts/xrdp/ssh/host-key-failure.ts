import { UsherError } from '../../../sessions/errors.ts';
import { fingerprint, keyTypeName, keyTypeOf } from './key-blob.ts';
import type { HostKeyVerdict, KnownHostName } from './known-hosts.ts';

/** Why a host key is refused, null where it is not. */
export function hostKeyFailure(verdict: HostKeyVerdict, key: Buffer, name: KnownHostName): UsherError | null {
  const type = keyTypeName(keyTypeOf(key) ?? 'unknown');
  const shown = `its ${type} key ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'known':
      return null;
    case 'unknown': {
      const other = verdict.otherTypes[0];
      const known =
        other === undefined ? '' : `, only a key of type ${keyTypeName(other.type)} is (${other.file}:${other.line})`;
      return new UsherError({
        code: 'host_key_unknown',
        message: `${shown} is not in known_hosts${known}`,
        hint:
          "accept it with 'usher hosts add', after comparing the fingerprint with what the host itself says: " +
          `ssh-keygen -lf /etc/ssh/ssh_host_${type.toLowerCase()}_key.pub`,
      });
    }
    case 'changed': {
      const expected = verdict.expected.map((known) => `${known.fingerprint} (${known.file}:${known.line})`);
      return new UsherError({
        code: 'host_key_changed',
        message: `${shown} is not the one that is known, ${expected.join(' or ')}: somebody may be in the middle`,
        hint:
          'ask who runs the host whether it was reinstalled; if so, remove the old key with: ' +
          `ssh-keygen -f '${verdict.expected[0]?.file ?? ''}' -R '${name.name}'`,
      });
    }
    case 'revoked':
      return new UsherError({
        code: 'host_key_changed',
        message: `${shown} is revoked (${verdict.file}:${verdict.line})`,
        hint: 'ask who runs the host for its new key',
      });
  }
}
