import { badFile, type ConfigLine, includedFiles, readConfigFile } from './config-file.ts';
import type { SshEnvironment } from './environment.ts';
import { matchesPatternList } from './pattern.ts';
import { below, homePath, userDirectory } from './paths.ts';
import { expandHostName } from './tokens.ts';

/** What of the configuration applies to one host. */
export interface AppliedConfig {
  /** Keyword in lower case → its first value; for keywords that take several, joined by spaces. */
  readonly values: ReadonlyMap<string, string>;
  /** Every `IdentityFile`, in order: the one keyword here that accumulates. */
  readonly identityFiles: readonly string[];
  /** Conditions of `Match` that Usher does not evaluate; what stands below them was left out. */
  readonly ignored: readonly string[];
}

interface Evaluation {
  readonly alias: string;
  /** Who was named before any configuration was read. */
  readonly givenUser: string | null;
  readonly environment: SshEnvironment;
  readonly values: Map<string, string>;
  readonly identityFiles: string[];
  readonly ignored: Set<string>;
}

/** As READCONF_MAX_DEPTH of OpenSSH's readconf.c. */
const deepestInclude = 16;
const systemConfig = 'ssh_config';

/** Applies the account's and then the system's configuration to a host: the first value of a keyword wins. */
export async function applyConfig(
  alias: string,
  givenUser: string | null,
  environment: SshEnvironment,
): Promise<AppliedConfig> {
  const evaluation: Evaluation = {
    alias,
    givenUser,
    environment,
    values: new Map(),
    identityFiles: [],
    ignored: new Set(),
  };
  const ownDirectory = userDirectory(environment);
  if (environment.configFile === null) {
    await applyFile(evaluation, below(ownDirectory, 'config'), ownDirectory, 0);
    await applyFile(evaluation, below(environment.systemDirectory, systemConfig), environment.systemDirectory, 0);
  } else if (environment.configFile !== 'none') {
    const file = homePath(environment.configFile, environment);
    if (!(await applyFile(evaluation, file, ownDirectory, 0))) throw badFile(file, 'does not exist');
  }
  return {
    values: evaluation.values,
    identityFiles: evaluation.identityFiles,
    ignored: [...evaluation.ignored],
  };
}

async function applyFile(to: Evaluation, file: string, directory: string, depth: number): Promise<boolean> {
  if (depth > deepestInclude) throw badFile(file, `is included more than ${deepestInclude} levels deep`);
  const lines = await readConfigFile(file);
  if (lines !== null) await applyLines(to, lines, directory, depth);
  return lines !== null;
}

async function applyLines(
  to: Evaluation,
  lines: readonly ConfigLine[],
  directory: string,
  depth: number,
): Promise<void> {
  for (const line of lines) {
    if (line.keyword === 'host') {
      if (matchesPatternList(line.values, to.alias)) await applyLines(to, line.body, directory, depth);
    } else if (line.keyword === 'match') {
      if (matchApplies(to, line.values)) await applyLines(to, line.body, directory, depth);
    } else if (line.keyword === 'include') {
      for (const pattern of line.values) {
        const files = await includedFiles(below(directory, homePath(pattern, to.environment)));
        for (const file of files) await applyFile(to, file, directory, depth + 1);
      }
    } else {
      applyValue(to, line);
    }
  }
}

function applyValue(to: Evaluation, line: ConfigLine): void {
  if (line.keyword === 'identityfile') {
    for (const file of line.values) if (!to.identityFiles.includes(file)) to.identityFiles.push(file);
  } else if (!to.values.has(line.keyword) && !isBeaten(to, line.keyword)) {
    to.values.set(line.keyword, line.values.join(' '));
  }
}

/**
 * Of ProxyJump and ProxyCommand the first counts, ssh_config(5); a ProxyCommand of `none` is one. As OpenSSH has it, a
 * ProxyJump of `none` beats later ones of its kind alone.
 */
function isBeaten(to: Evaluation, keyword: string): boolean {
  if (keyword === 'proxyjump') return to.values.has('proxycommand');
  return keyword === 'proxycommand' && !isNone(to.values.get('proxyjump') ?? 'none');
}

/** Whether a value is the word that stands for no value. */
export function isNone(text: string): boolean {
  return text.toLowerCase() === 'none';
}

/**
 * Whether a `Match` line applies: `all`, `host`, `originalhost`, `user` and `localuser`, each also negated.
 * Every other condition (`exec`, `final`, `localnetwork`, `tagged` …) counts as not met: `exec` would run a program.
 */
function matchApplies(to: Evaluation, words: readonly string[]): boolean {
  let applies = true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const negated = word.startsWith('!');
    const condition = word.slice(negated ? 1 : 0).toLowerCase();
    if (condition === 'all') {
      if (negated) applies = false;
    } else if (condition === 'final' || condition === 'canonical') {
      to.ignored.add(condition);
      applies = false;
    } else {
      const subject = matchSubject(to, condition);
      const patterns = (words[++at] ?? '').split(',');
      if (subject === null) to.ignored.add(condition);
      if (subject === null || matchesPatternList(patterns, subject) === negated) applies = false;
    }
  }
  return applies;
}

function matchSubject(to: Evaluation, condition: string): string | null {
  switch (condition) {
    case 'host':
      return expandHostName(to.values.get('hostname') ?? to.alias, to.alias);
    case 'originalhost':
      return to.alias;
    case 'user':
      return to.givenUser ?? to.values.get('user') ?? to.environment.account;
    case 'localuser':
      return to.environment.account;
    default:
      return null;
  }
}
