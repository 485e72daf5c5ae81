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

/** What is to be told of a machine that let us in. */
export function wayFindings(hop: Hop, seen: SeenHop): readonly Finding[] {
  if (hop.isJump) return [finding('jump', 'ok', `${hop.settings.alias} lets us through`, { of: hop.settings.alias })];
  return [...portFindings(hop, seen), ...keyFindings(hop, seen), loggedOn(hop, seen.progress)];
}

/** What is to be told of a machine that did not. The error is the last finding's. */
export function wayFailure(hop: Hop, seen: SeenHop, error: UsherError): readonly Finding[] {
  if (error.code === 'bad_file')
    return [finding('configuration', 'problem', error.message, { meaning: error.hint, error })];
  if (hop.isJump) return [jumpFailed(hop, seen, error)];
  if (!seen.reached) return [portFailed(hop, error)];
  if (seen.key !== null && seen.key.verdict.kind !== 'known') {
    return [...portFindings(hop, seen), keyRefused(hop, seen.key, error)];
  }
  if (seen.progress === null) return [...portFindings(hop, seen), handshakeFailed(hop, error)];
  return [...portFindings(hop, seen), ...keyFindings(hop, seen), logonFailed(hop, seen.progress, error)];
}

function portFindings({ settings }: Hop, { reached }: SeenHop): readonly Finding[] {
  return reached ? [finding('port', 'ok', `port ${settings.port} answers`)] : [];
}

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
  if (/^nothing listens/.test(error.message)) {
    return finding('port', 'problem', `port ${port} is closed`, {
      ...shared,
      meaning: `The machine answers, and nothing listens at port ${port}: its SSH server does not run, or listens at another port, which a URL can name (${formatHostUrl({ scheme: 'ssh', user: null, domain: null, address: hostName, port: 2222 })}).`,
      mends: [start, listens],
    });
  }
  return finding('port', 'problem', error.message, {
    ...shared,
    meaning: 'This machine knows no way to that address: it may be in a network (VPN) that this machine is not in.',
    mends: [{ where: 'here', paste: `ip route get ${shellWord(hostName)}` }],
  });
}

function handshakeFailed({ settings, host }: Hop, error: UsherError): Finding {
  const mends: readonly Mend[] =
    error.code === 'unsupported'
      ? [
          {
            where: `${onHost(host)}, to see what it offers`,
            paste: "sshd -T | grep -E '^(ciphers|macs|kexalgorithms|hostkeyalgorithms)'",
          },
        ]
      : [
          {
            where: `${asRoot(host)}, for its limits`,
            paste: "sshd -T | grep -iE '^(maxstartups|persourcepenalties|persourcemaxstartups)'",
          },
        ];
  return finding('ssh', 'problem', error.message, {
    meaning:
      error.code === 'bad_answer'
        ? `Something listens at port ${settings.port}, and it is no SSH server. Name the right port in the host's URL.`
        : error.code === 'connection_lost'
          ? 'The SSH server took the connection and closed it: it has too many that are not logged on yet, bans this address for earlier failures (PerSourcePenalties, fail2ban), or has no host key.'
          : error.hint,
    mends:
      error.code === 'bad_answer'
        ? [{ where: 'here', paste: `ssh-keyscan -p ${settings.port} ${shellWord(settings.hostName)}` }]
        : mends,
    error,
  });
}

type ShownKey = NonNullable<SeenHop['key']>;

const named = ({ blob }: ShownKey): string => `${keyTypeName(keyTypeOf(blob) ?? 'unknown')} key ${fingerprint(blob)}`;

function keyFindings(_hop: Hop, { key }: SeenHop): readonly Finding[] {
  return key === null
    ? []
    : [finding('host-key', 'ok', 'the host proves that it is the known one', { details: [`its ${named(key)}`] })];
}

function keyRefused(hop: Hop, key: ShownKey, error: UsherError): Finding {
  const { verdict, blob, name } = key;
  const type = keyTypeName(keyTypeOf(blob) ?? 'unknown');
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
