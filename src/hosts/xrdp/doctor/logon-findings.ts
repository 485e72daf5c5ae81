import type { UsherError } from '../../../sessions/errors.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding, type Mend } from '../../finding.ts';
import { fingerprint, keyTypeName } from '../ssh/key-blob.ts';
import type { LogonProgress } from '../ssh/logon.ts';
import type { KeyOffer } from '../ssh/offered-key.ts';
import type { Hop } from '../ssh/route.ts';
import { asRoot, onHost } from './place.ts';

/** How the account was let in. */
export function loggedOn({ settings, host }: Hop, progress: LogonProgress | null): Finding {
  const { user } = settings;
  const means =
    progress === null ? [] : [...acceptedKeys(progress), ...(progress.password === 'sent' ? ['a password'] : [])];
  const details = progress === null ? [] : logonDetails(progress);
  if (means.length === 0) {
    return finding('logon', 'warning', `the host lets ${user} in without any proof`, {
      meaning: 'Anybody who reaches the port is let in as that account.',
      mends: [
        {
          where: `${onHost(host)}, to see why`,
          paste: `sshd -T -C user=${shellWord(user)} | grep -iE '^(permitemptypasswords|authenticationmethods)'`,
        },
      ],
      details,
    });
  }
  return finding('logon', 'ok', `${user} is logged on with ${means.join(' and ')}`, { details });
}

/** A key counts where it was the last to be tried, or was wanted beside a password. */
function acceptedKeys({ offers, password }: LogonProgress): readonly string[] {
  const signed = offers.filter(({ accepted, failure }) => accepted && failure === null);
  const counted = password === 'sent' ? signed : signed.slice(-1);
  return counted.map(({ key }) => `the key ${key.label}`);
}

/** Hints of a failure that the mends below tell with more. */
const inMends = /^(?:load a key into the agent|add the key to the host with|\d+ more keys of the agent)/;

/** Why the account was not let in, and what helps. */
export function logonFailed(hop: Hop, progress: LogonProgress, error: UsherError): Finding {
  const hints = error.hint?.split('; ').filter((hint) => !inMends.test(hint)) ?? [];
  const shared = { details: [...new Set([...logonDetails(progress), ...hints])], error };
  if (error.code !== 'logon_failed' && error.code !== 'no_credential') {
    return finding(
      'logon',
      error.code === 'connection_lost' || error.code === 'timeout' ? 'unknown' : 'problem',
      error.message,
      {
        ...shared,
        meaning: 'The logon did not come to an end, so nothing is known of the credential.',
        mends: [sshdLog(hop)],
      },
    );
  }
  return finding('logon', 'problem', error.message, {
    ...shared,
    meaning: meaningOf(hop, progress, error),
    mends: [...ownMends(hop, progress), ...(error.code === 'logon_failed' ? [sshdRules(hop), sshdLog(hop)] : [])],
  });
}

function meaningOf({ settings }: Hop, progress: LogonProgress, error: UsherError): string {
  const { user } = settings;
  if (progress.unansweredPrompt !== null) {
    return 'The host asks for more than a password, such as a one-time code, which Usher does not answer: a key is needed.';
  }
  if (error.code === 'no_credential') {
    return `There is nothing to prove with that this is ${user}: no key in the agent, in a file or in the inventory that can be used, and no password.`;
  }
  if (progress.password === 'sent') {
    const root =
      user === 'root'
        ? ' Most SSH servers take no password for root at all, however right it is (PermitRootLogin prohibit-password): use a key.'
        : '';
    return `The password is wrong, or the account is locked, expired or not let in. It is not tried again in this run, so that nobody is locked out.${root}`;
  }
  return `The host does not take these keys for ${user}: they are not in its authorized_keys, that file or its directory can be written by others (StrictModes), or the account is not let in (PermitRootLogin, AllowUsers).`;
}

function ownMends(hop: Hop, progress: LogonProgress): readonly Mend[] {
  const { settings } = hop;
  const target = sshTarget(hop);
  const takesKeys = progress.takes?.includes('publickey') === true;
  const refused = progress.offers.filter(({ accepted }) => !accepted);
  const [first] = refused;
  const file =
    first !== undefined && !first.key.label.endsWith(' of the agent') ? `-i ${shellWord(first.key.label)} ` : '';
  const mends: Mend[] = [];
  if (progress.password === 'sent') {
    mends.push({
      where: 'here, to give another password',
      paste: `usher doctor ${shellWord(hop.host.name)} --password-file FILE`,
    });
  }
  if (takesKeys && progress.offers.length === 0) {
    mends.push({ where: 'here, where there is no key yet', paste: `ssh-keygen -t ed25519\nssh-copy-id ${target}` });
    mends.push({ where: 'here, where there is one with a passphrase', paste: `eval "$(ssh-agent)"\nssh-add` });
  } else if (takesKeys && first !== undefined) {
    mends.push({ where: 'here, to make the key known to the host', paste: `ssh-copy-id ${file}${target}` });
  }
  if ((progress.choice?.withheld ?? 0) > 0) {
    mends.push({
      where: 'in ~/.ssh/config, so that the right one of the many keys is tried',
      paste: `Host ${settings.alias}\n  IdentityFile ~/.ssh/id_ed25519\n  IdentitiesOnly yes`,
    });
  }
  return mends;
}

const sshTarget = ({ settings }: Hop): string =>
  `${settings.port === 22 ? '' : `-p ${settings.port} `}${shellWord(`${settings.user}@${settings.alias}`)}`;

const sshdRules = ({ settings, host }: Hop): Mend => ({
  where: `${asRoot(host)}, for what sshd lets in`,
  paste: `sshd -T -C user=${shellWord(settings.user)} | grep -iE '^(permitrootlogin|allow|deny|pubkeyauth|passwordauth|authorizedkeysfile)'`,
});

const sshdLog = ({ host }: Hop): Mend => ({
  where: `${asRoot(host)}, for sshd's own reason`,
  paste: 'journalctl -t sshd -t sshd-session -n 20 --no-pager    # or: tail /var/log/auth.log',
});

/** What the host takes, and what became of each key. */
function logonDetails(progress: LogonProgress): readonly string[] {
  const { takes, choice, offers, password } = progress;
  const methods = (takes ?? []).filter((method) => /^[\w.@-]{1,64}$/.test(method)).slice(0, 8);
  const withheld = choice?.withheld ?? 0;
  return [
    ...(methods.length === 0 ? [] : [`the host takes: ${methods.join(', ')}`]),
    ...offers.map(offerDetail),
    ...(withheld === 0 ? [] : [`${withheld} more keys of the agent were not offered`]),
    ...(choice?.complaints ?? []),
    ...(password === 'sent' ? ['a password was given'] : []),
  ];
}

function offerDetail({ key, accepted, failure }: KeyOffer): string {
  const { publicKey, label } = key;
  const came = failure !== null ? `could not sign: ${failure.message}` : accepted ? 'accepted' : 'refused';
  return `key ${label} (${keyTypeName(publicKey.type)} ${fingerprint(publicKey.getPublicSSH())}): ${came}`;
}
