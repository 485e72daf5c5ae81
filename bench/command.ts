import type { Transport } from '../src/hosts/xrdp/transport.ts';

/** Runs a command on a kept connection, gives it its input and returns what it printed. */
export async function run(transport: Transport, command: string, input: string): Promise<string> {
  using running = await transport.start(command, AbortSignal.timeout(60_000));
  running.stderr.resume();
  running.stdin.end(input);
  let text = '';
  for await (const chunk of running.stdout.setEncoding('utf8')) text += chunk as string;
  await running.exited;
  return text;
}
