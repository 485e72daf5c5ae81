import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loaderInput, probeCommand } from '../../src/hosts/xrdp/probe/command.ts';
import { probeSource } from '../../src/hosts/xrdp/probe/source.ts';
import { type Lab, startLab, until } from './lab.ts';

/**
 * Records what real hosts answer, byte for byte, into test/dialogues/xrdp/. Run it as root on Debian 12 when the
 * probe's answer changes: node tools/on-node.cjs test/lab/record-dialogues.ts
 */
const folder = fileURLToPath(new URL('../dialogues/xrdp/', import.meta.url));

async function record(lab: Lab, name: string, host: string, user = 'root'): Promise<void> {
  const input = `${loaderInput(probeSource()).toString('utf8')}list 1\nlist 2\n`;
  const { stdout } = await lab.ssh(host, probeCommand('own'), { user, input });
  writeFileSync(`${folder}${name}.answer`, stdout);
  console.log(`${name}: ${Buffer.byteLength(stdout)} bytes`);
  await lab.reset();
}

async function connect(lab: Lab, host: string, ...users: readonly string[]): Promise<void> {
  for (const user of users) await lab.connectClient({ host, user });
}

async function recordAll(lab: Lab): Promise<void> {
  const [xh1, xs1] = [lab.host('xh1'), lab.host('xs1')];
  await record(lab, 'xrdp-0.9-empty', 'xh1');
  await connect(lab, 'xh1', 'alice', 'bob@corp.example');
  await xh1.sessionWithoutClient('zoë');
  await record(lab, 'xrdp-0.9-xorg', 'xh1');
  await connect(lab, 'xv1', 'alice', 'bob');
  await record(lab, 'xrdp-0.9-xvnc', 'xv1');
  await connect(lab, 'xt1', 'alice', 'bob');
  await lab.host('xt1').sessionWithoutClient('42');
  await record(lab, 'xrdp-0.10-xorg', 'xt1');
  await connect(lab, 'xs1', 'alice');
  await record(lab, 'xrdp-0.9-systemd', 'xs1');
  await connect(lab, 'xh1', 'alice');
  await record(lab, 'xrdp-0.9-without-root', 'xh1', 'frank');
  await xh1.sessionWithoutClient('alice');
  await xh1.restartSesman();
  await record(lab, 'xrdp-0.9-orphan', 'xh1');
  await xs1.sessionWithoutClient('alice');
  await xs1.mustRun('kill -STOP $(pgrep -u alice -x Xorg)');
  await record(lab, 'xrdp-0.9-silent-x-server', 'xs1');
  await xh1.sessionWithoutClient('alice');
  await xh1.mustRun(
    'runuser -u alice -- env DISPLAY=:10.0 XRDP_SESSION=1 setsid sleep 300 >/dev/null 2>&1 </dev/null &',
  );
  await until(() => xh1.mustRun('pgrep -u alice -x sleep'));
  const openbox = await until(() => xh1.mustRun('pgrep -u alice -x openbox'));
  await xh1.mustRun(`kill ${openbox.trim()}`);
  await until(async () => (await xh1.sessions()).length === 0);
  await record(lab, 'xrdp-0.9-leftover', 'xh1');
}

mkdirSync(folder, { recursive: true });
const lab = await startLab();
try {
  await recordAll(lab);
} finally {
  await lab.stop();
}
