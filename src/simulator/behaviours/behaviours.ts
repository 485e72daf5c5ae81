import { UsherError } from '../../sessions/errors.ts';
import { accessDenied } from './access-denied.ts';
import { answersMessages } from './answers-messages.ts';
import type { Behaviour, BehaviourKind } from './behaviour.ts';
import { clockSkew } from './clock-skew.ts';
import { doesNotAnswer } from './does-not-answer.ts';
import { drains } from './drains.ts';
import { drops } from './drops.ts';
import { fewCredits } from './few-credits.ts';
import { garbage } from './garbage.ts';
import { halfOpen } from './half-open.ts';
import { hangsOnLogoff } from './hangs-on-logoff.ts';
import { hangsOnReset } from './hangs-on-reset.ts';
import { hangsUntilProcessesDie } from './hangs-until-processes-die.ts';
import { idReused } from './id-reused.ts';
import { losesRights } from './loses-rights.ts';
import { neverAnswers } from './never-answers.ts';
import { pipeMissing } from './pipe-missing.ts';
import { rdpOff } from './rdp-off.ts';
import { reboots } from './reboots.ts';
import { refusesConcurrentTransceive } from './refuses-concurrent-transceive.ts';
import { refusesLogonsAtQuota } from './refuses-logons-at-quota.ts';
import { silentNotifications } from './silent-notifications.ts';
import { slow } from './slow.ts';
import { stalls } from './stalls.ts';
import { staysDown } from './stays-down.ts';
import { userReconnects } from './user-reconnects.ts';
import { wrongFiletimes } from './wrong-filetimes.ts';

/** Every behaviour that a simulated host or session can have. */
export const behaviourKinds: readonly BehaviourKind[] = [
  hangsOnLogoff,
  hangsOnReset,
  hangsUntilProcessesDie,
  staysDown,
  idReused,
  userReconnects,
  answersMessages,
  doesNotAnswer,
  accessDenied,
  losesRights,
  rdpOff,
  pipeMissing,
  drains,
  refusesLogonsAtQuota,
  clockSkew,
  wrongFiletimes,
  silentNotifications,
  reboots,
  slow,
  neverAnswers,
  stalls,
  drops,
  halfOpen,
  garbage,
  fewCredits,
  refusesConcurrentTransceive,
];

/** `answers-messages button=yes after=1s`: a behaviour of its own, for a host or a session. Throws `UsherError` `usage`. */
export function parseBehaviour(text: string, of: 'host' | 'session'): Behaviour {
  const [name = '', ...settings] = text.split(/\s+/).filter((part) => part !== '');
  const kind = behaviourKinds.find((one) => one.name === name);
  if (kind === undefined) {
    const known = behaviourKinds.map((one) => one.name).join(', ');
    throw new UsherError({ code: 'usage', message: `there is no behaviour '${name}'`, hint: `there are ${known}` });
  }
  if (!kind.of.includes(of)) {
    throw new UsherError({ code: 'usage', message: `${name} is no behaviour of a ${of}` });
  }
  return kind.make(Object.fromEntries(settings.map((setting) => settingOf(name, setting))));
}

function settingOf(name: string, text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new UsherError({
    code: 'usage',
    message: `'${text}' is no setting of the behaviour ${name}`,
    hint: 'write settings as key=value, without spaces',
  });
}
