import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./usher.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real program; `hangUp` stops reading its output at once. */
function run(words: readonly string[], hangUp = false): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...words], {
      env: { HOME: '/nowhere' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    if (hangUp) child.stdout.destroy();
    else child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

test('--version is the package version', async () => {
  expect(await run(['--version'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown,
    err: '',
  });
});

test('wrong use leaves with 2', async () => {
  expect((await run(['seshuns'])).code).toBe(2);
});

test('a reader who hangs up ends it quietly', async () => {
  expect(await run(['--help'], true)).toMatchObject({ code: 0, err: '' });
});

test('a host that nothing listens at is an error row and leaves with 3', async () => {
  const { code, out } = await run(['sessions', '-s', 'ssh://root@127.0.0.1:1', '--json']);
  expect([code, JSON.parse(out)]).toMatchObject([3, { sessions: [], errors: [{ code: 'unreachable' }] }]);
});
