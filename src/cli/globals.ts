import { type Command, Option } from 'commander';
import { type Milliseconds, parseDuration, toMilliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';

/** The options that every command takes, as commander gives them. */
interface GlobalFlags {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly timeout?: string;
  readonly inventory?: string;
  readonly passwordFile?: string;
  readonly sshConfig?: string;
  readonly identity?: readonly string[];
}

export interface Globals {
  readonly format: 'text' | 'json' | 'csv';
  readonly quiet: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** How long one host may take. */
  readonly timeout: Milliseconds;
  readonly inventoryFile: string | undefined;
  readonly passwordFile: string | null;
  readonly sshConfigFile: string | null;
  readonly identityFiles: readonly string[];
}

/** Collects an option that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const globalHeading = 'Options of every command:';

const usualTimeout = '15s';

const globalOptions: readonly Option[] = [
  new Option('--json', 'print one JSON document'),
  new Option('--csv', 'print comma-separated values'),
  new Option('--quiet', 'print only what was asked for: no notes, no summary'),
  new Option('--yes', 'answer questions with yes (but never trust a host key)'),
  new Option('--dry-run', 'say what would be done, and do nothing'),
  new Option('--timeout <duration>', `how long one host may take: 90s, 5m (default: ${usualTimeout})`),
  new Option(
    '--inventory <file>',
    'the inventory (or USHER_INVENTORY; else usher/inventory.yaml in your configuration)',
  ),
  new Option('--password-file <file>', 'a file whose first line is the password (or USHER_PASSWORD)'),
  new Option('--ssh-config <file>', 'the SSH configuration, instead of ~/.ssh/config'),
  new Option('-i, --identity <file>', 'a private SSH key to try first; may be given several times').argParser(collect),
].map((option) => option.helpGroup(globalHeading));

/**
 * Adds the options that every command takes. The program and each command have them: were they the program's
 * alone, it would take an option's value such as `-idleFor` for its own `-i`.
 */
export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions) command.addOption(option);
  return command;
}

/** Throws {@link UsherError} `usage`. */
export function readGlobals(flags: GlobalFlags): Globals {
  const { json = false, csv = false, timeout = usualTimeout } = flags;
  if (json && csv) throw new UsherError({ code: 'usage', message: '--json and --csv cannot be together' });
  const limit = toMilliseconds(parseDuration(timeout));
  if (limit <= 0) throw new UsherError({ code: 'usage', message: '--timeout must be longer than 0s' });
  return {
    format: json ? 'json' : csv ? 'csv' : 'text',
    quiet: flags.quiet ?? false,
    yes: flags.yes ?? false,
    dryRun: flags.dryRun ?? false,
    timeout: limit,
    inventoryFile: flags.inventory,
    passwordFile: flags.passwordFile ?? null,
    sshConfigFile: flags.sshConfig ?? null,
    identityFiles: flags.identity ?? [],
  };
}
