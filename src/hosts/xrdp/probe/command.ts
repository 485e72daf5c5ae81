/**
 * How the probe is started. `own`: as the account. `sudo`: as root if sudo asks for no password, else as the account.
 * `sudo-password`: as root, with a password for sudo on standard input.
 */
export type ProbeMode = 'own' | 'sudo' | 'sudo-password';

/** What sudo prints on standard error when it wants the password. */
export const sudoPrompt = 'usher-sudo-password:';
/** What the loader prints once it runs, before it reads. */
export const bootLine = 'USHER-BOOT\n';
/** The loader's exit code when the program that it was given does not run. */
export const programFailed = 4;

/**
 * Reads lines until `USHER-PROBE LENGTH`, then LENGTH bytes of Perl, and runs them; what follows on standard input is
 * the program's. No byte more than it needs is read, and nothing is written to disk.
 */
const loader = [
  'my($l,$c,$s)=("","","");syswrite STDOUT,"USHER-BOOT\\n";',
  'while(1){sysread STDIN,$c,1 or exit 3;if($c eq "\\n"){last if $l=~/^USHER-PROBE [0-9]{1,7}$/;$l="";next}',
  '$l.=$c if length $l<64}',
  'my $n=(split / /,$l)[1];while(length $s<$n){sysread STDIN,$s,$n-length $s,length $s or exit 3}',
  `eval $s;print STDERR $@ if $@;exit ${programFailed}`,
].join('');

const shell: Record<ProbeMode, string> = {
  own: 'exec perl -e "$0"',
  sudo: 'sudo -n perl -e "$0"; r=$?; [ $r = 1 ] || [ $r = 127 ] || exit $r; exec perl -e "$0"',
  'sudo-password': `sudo -S -p ${sudoPrompt} perl -e "$0"`,
};

/** The command for the account's login shell, whichever it is: two words in single quotes that hold none. */
export function probeCommand(mode: ProbeMode): string {
  return `exec sh -c '${shell[mode]}' '${loader}'`;
}

/** What the loader reads from standard input. */
export function loaderInput(source: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`USHER-PROBE ${source.length}\n`), source]);
}
