import type { HostConnection } from '../../src/hosts/driver.ts';
import type { Lab, LabClient, LabHost } from '../../test/lab/lab.ts';

/** How long after the host's kernel closed a client's connection the reading that tells of it is here, in milliseconds. */
export async function watchDelays(
  lab: Lab,
  { name: host }: LabHost,
  connection: HostConnection,
  count: number,
): Promise<readonly number[]> {
  const leaving = new AbortController();
  const delays: number[] = [];
  let client: LabClient | null = await lab.connectClient({ host, user: 'alice' });
  let left = Number.POSITIVE_INFINITY;
  for await (const reading of connection.watch(leaving.signal)) {
    const state = reading.sessions.find(({ user }) => user === 'alice')?.state;
    if (state === 'disconnected' && client === null) {
      delays.push(performance.now() - left);
      if (delays.length === count) leaving.abort();
      else client = await lab.connectClient({ host, user: 'alice' });
    } else if (state === 'active' && client !== null) {
      const leaver = client;
      client = null;
      await leaver.kill();
      left = performance.now();
    }
  }
  return delays;
}
