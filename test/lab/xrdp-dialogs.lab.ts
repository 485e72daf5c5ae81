import { afterEach, beforeEach, expect, test } from 'vitest';
import { listing, startUsher, urlOf, usher } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
const host = lab.host('xh1');

/** A dialog program that a test puts before the host's own, under this name; it is gone after the test. */
async function aProgram(name: string, script: string): Promise<void> {
  await host.mustRun(`cat >/usr/local/bin/${name} && chmod 755 /usr/local/bin/${name}`, {
    input: `#!/bin/bash\n${script}\n`,
  });
}

beforeEach(() => host.mustRun('rm -f /run/lab/dialog-*; install -d -m 1777 /run/lab/dialogs'));
afterEach(async () => {
  await host.mustRun('rm -rf /usr/local/bin/{zenity,yad,kdialog} /run/lab/dialogs');
  await lab.reset();
});

interface Row {
  readonly outcome: string;
  readonly answer: string | null;
  readonly why: string;
}

async function ask(...more: readonly string[]): Promise<Row> {
  const args = ['message', 'alice', 'May I?', '--ask', 'yes-no', '--json', '-s', urlOf(lab, 'xh1'), ...more];
  const { stdout, stderr } = await usher(lab, args);
  const [row] = (JSON.parse(stdout) as { acts: readonly Row[] }).acts;
  if (row === undefined) throw new Error(`usher said nothing of an act: ${stdout}${stderr}`);
  return row;
}

test.each([
  ['zenity', 'echo No; exit 1', 'no'],
  ['yad', 'exit 10', 'yes'],
  ['kdialog', 'exit 1', 'no'],
])('the answer of %s is heard, though the host is read meanwhile', async (name, end, answer) => {
  await host.sessionWithoutClient('alice');
  await aProgram(name, `id -un >/run/lab/dialogs/${name}; sleep 2; ${end}`);
  const asked = ask();
  const readMeanwhile = async (): Promise<void> => void (await listing(lab, [urlOf(lab, 'xh1')]));
  await Promise.all([readMeanwhile(), readMeanwhile()]);
  expect(await asked).toMatchObject({ outcome: 'answered', answer });
  expect(await host.mustRun(`cat /run/lab/dialogs/${name}`)).toBe('alice\n');
});

test('a program that fails is followed by the next, and at last by a box of our own', async () => {
  await lab.connectClient({ host: 'xh1', user: 'alice' });
  await aProgram('zenity', 'echo "cannot open display" >&2; exit 1');
  await aProgram('yad', 'exit 3');
  const { stderr } = await usher(lab, ['message', 'alice', 'hello', '--wait', '2s', '-s', urlOf(lab, 'xh1')]);
  expect(stderr).toMatch(/on the (screen|desktop).*\(usher\)/);
});

test('a window that was closed is no answer', async () => {
  await host.sessionWithoutClient('alice');
  await aProgram('zenity', 'sleep 1; exit 1');
  expect(await ask()).toMatchObject({
    outcome: 'unanswered',
    answer: null,
    why: expect.stringMatching(/closed it/) as string,
  });
});

test.each([
  ['goes on without its output', 'exec >&- 2>&-; exec sleep 300'],
  ['ignores SIGTERM', "exec perl -e '$SIG{TERM} = sub {}; sleep 1 while 1'"],
])('a program that %s is ended when its time is over', async (_, script) => {
  await lab.connectClient({ host: 'xh1', user: 'alice' });
  await aProgram('zenity', `echo $$ >/run/lab/dialogs/pid; ${script}`);
  expect(await ask('--wait', '3s')).toMatchObject({ outcome: 'unanswered', why: 'nobody answered in time' });
  const pid = (await host.mustRun('cat /run/lab/dialogs/pid')).trim();
  await expect(until(async () => (await host.run(`kill -0 ${pid}`)).code !== 0)).resolves.toBe(true);
});

test('a message is taken back with Ctrl-C', async () => {
  await host.sessionWithoutClient('alice');
  await aProgram('zenity', 'echo $$ >/run/lab/dialogs/pid; exec sleep 300');
  await using running = startUsher(lab, ['message', 'alice', 'hello', '-s', urlOf(lab, 'xh1')]);
  await running.says(/on the (screen|desktop).*\(zenity\)/);
  running.interrupt();
  expect(await running.ended).toBe(130);
  const pid = (await host.mustRun('cat /run/lab/dialogs/pid')).trim();
  await expect(until(async () => (await host.run(`kill -0 ${pid}`)).code !== 0)).resolves.toBe(true);
});
