import type { Lab } from '../lab.ts';
import { until } from './until.ts';

/** Stops alice's window manager and starts two processes of hers that ignore SIGTERM, one of them daemonised. */
export async function hang(lab: Lab, host: string, { id }: { readonly id: number }): Promise<void> {
  const run = (command: string): Promise<string> => lab.host(host).mustRun(command);
  await until(() => run('pgrep -u alice -x openbox'));
  await run('kill -STOP $(pgrep -u alice -x openbox)');
  const stubborn = `setsid -f perl -e '$SIG{TERM} = sub {}; sleep 1 while 1' </dev/null >/dev/null 2>&1`;
  await until(
    async () => {
      const { stdout } = await lab.host(host).run('pgrep -u alice -c perl');
      if (Number(stdout) >= 2) return true;
      await run(`runuser -u alice -- env DISPLAY=:${id} XRDP_SESSION=1 ${stubborn}`);
      return false;
    },
    { what: 'processes that ignore SIGTERM' },
  );
}
