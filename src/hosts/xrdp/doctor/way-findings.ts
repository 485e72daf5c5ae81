import type { UsherError } from '../../../sessions/errors.ts';
import { formatHostUrl } from '../../../sessions/host.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding, type Mend } from '../../finding.ts';
import { fingerprint, keyTypeName, keyTypeOf } from '../ssh/key-blob.ts';
import type { HostKeyVerdict, KnownHostName } from '../ssh/known-hosts.ts';
import type { LogonProgress } from '../ssh/logon.ts';
import type { Hop } from '../ssh/route.ts';
import { logonFailed, loggedOn } from './logon-findings.ts';
import { asRoot, onHost } from './place.ts';

/** How far the connection to one machine came. */
export interface SeenHop {
  readonly reached: boolean;
  readonly key: { readonly blob: Buffer; readonly verdict: HostKeyVerdict; readonly name: KnownHostName } | null;
  readonly progress: LogonProgress | null;
}

/** What is to be told once something took the connection, and once the machine has proved who it is. */
export function portReached({ settings, isJump }: Hop): readonly Finding[] {
  return isJump ? [] : [finding('port', 'ok', `port ${settings.port} answers`)];
}

export function keyProved({ isJump }: Hop, { key }: SeenHop): readonly Finding[] {
  if (isJump || key === null) return [];
  const details = [`its ${typeOf(key.blob)} key ${fingerprint(key.blob)}`];
  return [finding('host-key', 'ok', 'the host proves that it is the known one', { details })];
}

/** What is to be told of a machine that let us in. */
export function letIn(hop: Hop, { progress }: SeenHop): Finding {
  const { alias } = hop.settings;
  return hop.isJump ? finding('jump', 'ok', `${alias} lets us through`, { of: alias }) : loggedOn(hop, progress);
}

/** What is to be told of a machine that did not let us in, beside what was told before. */
export function wayFailed(hop: Hop, seen: SeenHop, error: UsherError): Finding {
  if (error.code === 'bad_file')
    return finding('configuration', 'problem', error.message, { meaning: error.hint, error });
  if (hop.isJump) return jumpFailed(hop, seen, error);
  if (!seen.reached) return portFailed(hop, error);
  if (seen.key !== null && seen.key.verdict.kind !== 'known') return keyRefused(hop, seen.key, error);
  return seen.progress === null ? handshakeFailed(hop, error) : logonFailed(hop, seen.progress, error);
}

const typeOf = (blob: Buffer): string => keyTypeName(keyTypeOf(blob) ?? 'unknown');

function portFailed({ settings, host }: Hop, error: UsherError): Finding {
  const { port, hostName } = settings;
  const listens: Mend = { where: `${onHost(host)}, to see what listens there`, paste: `ss -ltnp 'sport = :${port}'` };
  const start: Mend = {
    where: asRoot(host),
    paste: 'systemctl enable --now ssh    # Debian, Ubuntu\nsystemctl enable --now sshd   # others',
  };
  const shared = { error, details: [error.message] };
  if (error.code === 'timeout') {
    return finding('port', 'problem', `port ${port} does not answer`, {
      ...shared,
      meaning: `Neither a yes nor a no came back: ${hostName} is switched off, the address is another machine's, or a firewall on the way drops what is sent there.`,
      mends: [
        { where: 'here, to see how far it gets', paste: `tracepath ${shellWord(hostName)}` },
        { where: `${asRoot(host)}, where ufw is the firewall`, paste: `ufw allow ${port}/tcp` },
        listens,
      ],
    });
  }
  if (error.message.startsWith('nothing listens')) {
    return finding('port', 'problem', `port ${port} is closed`, {
      ...shared,
      meaning: `The machine answers, and nothing listens at port ${port}: its SSH server does not run, or listens at another port, which a URL can name (${formatHostUrl({ scheme: 'ssh', user: null, domain: null, address: hostName, port: 2222 })}).`,
      mends: [start, listens],
    });
  }
  return finding('port', 'problem', error.message, {
    ...shared,
    meaning: 'The machine there is switched off, or it is in a network (VPN) that this machine is not in.',
    mends: [{ where: 'here', paste: `ip route get ${shellWord(hostName)}` }],
  });
}

function handshakeFailed(hop: Hop, error: UsherError): Finding {
  return finding('ssh', 'problem', error.message, { ...handshakeMends(hop, error), error });
}

function handshakeMends({ settings, host }: Hop, { code }: UsherError): Pick<Finding, 'meaning' | 'mends'> {
  const { port, hostName } = settings;
  if (code === 'unsupported') {
    return {
      meaning:
        'The SSH server is too old or too narrow: Usher takes no SHA-1 signatures and no ciphers that are broken.',
      mends: [
        {
          where: `${onHost(host)}, as root, to see what it offers`,
          paste: "sshd -T | grep -E '^(ciphers|macs|kexalgorithms|hostkeyalgorithms)'",
        },
      ],
    };
  }
  if (code === 'connection_lost') {
    return {
      meaning:
        'The SSH server took the connection and closed it: too many others are not logged on yet, or it keeps this address out for earlier failures (PerSourcePenalties, fail2ban), or it has no host key.',
      mends: [
        {
          where: `${onHost(host)}, as root, for its limits`,
          paste: "sshd -T | grep -iE '^(maxstartups|persourcepenalties|persourcemaxstartups)'",
        },
      ],
    };
  }
  return {
    meaning: `Something listens at port ${port} and does not speak SSH as it should. If it is another service, name the SSH server's port in the host's URL.`,
    mends: [{ where: 'here, to see what it says', paste: `ssh -v -p ${port} ${shellWord(hostName)} true` }],
  };
}

type ShownKey = NonNullable<SeenHop['key']>;

function keyRefused(hop: Hop, key: ShownKey, error: UsherError): Finding {
  const { verdict, blob, name } = key;
  const type = typeOf(blob);
  const itself: Mend = {
    where: `${onHost(hop.host)} itself (console, hypervisor), to compare the fingerprint`,
    paste: `ssh-keygen -lf /etc/ssh/ssh_host_${type.toLowerCase()}_key.pub`,
  };
  const accept: Mend = { where: 'here, once the fingerprints are the same', paste: acceptCommand(hop) };
  if (verdict.kind === 'changed') {
    const [old] = verdict.expected;
    const forget: Mend = {
      where: 'here, once it is certain that the host has a new key',
      paste: `ssh-keygen -f ${shellWord(old?.file ?? '')} -R ${shellWord(name.name)}\n${acceptCommand(hop)}`,
    };
    return finding('host-key', 'problem', `the host shows another ${type} key than the one that is known`, {
      meaning:
        'The host was reinstalled, or the address is another machine’s now, or somebody in the middle pretends to be it. Nothing was sent to it. Ask who runs the host before anything else.',
      mends: [itself, forget],
      details: [
        `shown: ${fingerprint(blob)}`,
        ...verdict.expected.map((one) => `known: ${one.fingerprint} (${one.file}:${one.line})`),
      ],
      error,
    });
  }
  if (verdict.kind === 'revoked') {
    return finding('host-key', 'problem', `the host's ${type} key is revoked`, {
      meaning:
        'Whoever keeps the list of revoked keys says that this key must not be trusted any more. The host needs a new one.',
      mends: [
        {
          where: asRoot(hop.host),
          paste: `rm /etc/ssh/ssh_host_${type.toLowerCase()}_key*\nssh-keygen -A\nsystemctl restart ssh`,
        },
      ],
      details: [
        `shown: ${fingerprint(blob)}`,
        ...(verdict.kind === 'revoked' ? [`revoked in ${verdict.file}:${verdict.line}`] : []),
      ],
      error,
    });
  }
  const others = verdict.kind === 'unknown' ? verdict.otherTypes : [];
  return finding('host-key', 'problem', `the host's ${type} key is not known here`, {
    meaning:
      'Usher logs on to no host whose key nobody has accepted: anybody could pretend to be it. Compare the fingerprint below with what the host itself says, and accept it.',
    mends: [itself, accept],
    details: [
      `shown: ${fingerprint(blob)}`,
      ...others.map((one) => `known, of another type: ${keyTypeName(one.type)} (${one.file}:${one.line})`),
    ],
    error,
  });
}

function acceptCommand({ host }: Hop): string {
  const url = formatHostUrl(host.url);
  return `usher hosts add ${host.name === url ? 'NAME' : shellWord(host.name)} ${shellWord(url)}`;
}

function jumpFailed(hop: Hop, seen: SeenHop, error: UsherError): Finding {
  const { alias } = hop.settings;
  const mends: readonly Mend[] =
    seen.key !== null && seen.key.verdict.kind === 'unknown'
      ? [
          {
            where: 'here, after comparing its fingerprint',
            paste: acceptCommand({ ...hop, host: { ...hop.host, name: formatHostUrl(hop.host.url) } }),
          },
        ]
      : [{ where: 'here', paste: `usher doctor ${shellWord(`ssh://${alias}`)}` }];
  return finding('jump', 'problem', error.message, {
    of: alias,
    meaning: `The way to the host leads through ${alias} (ProxyJump of the SSH configuration), which does not let us through. No password that is meant for the host is sent to it.`,
    mends,
    details: error.hint === null ? [] : [error.hint],
    error,
  });
}
