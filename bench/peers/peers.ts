import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../../test/lab/harness/command.ts';
import type { BenchOptions } from '../bench.ts';
import type { PeerProgram } from './peer.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const lab = fileURLToPath(new URL('../../test/lab/windows', import.meta.url));

/** Usher's own fleet. */
export const usherPeer: PeerProgram = { name: 'Usher', command: [process.execPath, `${here}usher-peer.ts`] };

/** A Python that has impacket. */
export const labPython = async (): Promise<string> =>
  (await mustRun('bash', [`${lab}/python.sh`], { timeoutMs: 600_000 })).trim();

/** Usher first, then impacket, then go-msrpc where its checkout is given. */
export async function allPeers({ goMsrpc, folder }: BenchOptions): Promise<readonly PeerProgram[]> {
  const impacket: PeerProgram = { name: 'impacket', command: [await labPython(), `${here}impacket_peer.py`] };
  return [usherPeer, impacket, ...(goMsrpc === null ? [] : [await goMsrpcPeer(goMsrpc, folder)])];
}

/** The client of `go-msrpc/main.go`, compiled with the checkout of go-msrpc in `library`. Built once for a folder. */
export async function goMsrpcPeer(library: string, folder: string): Promise<PeerProgram> {
  const [source, target] = [`${here}go-msrpc`, `${folder}/go-msrpc`];
  const isNew = (await mkdir(target, { recursive: true })) !== undefined;
  if (isNew) {
    await cp(`${source}/main.go`, `${target}/main.go`);
    const module = await readFile(`${source}/go.mod`, 'utf8');
    await writeFile(`${target}/go.mod`, `${module}\nreplace github.com/oiweiwei/go-msrpc => ${library}\n`);
    for (const args of [
      ['mod', 'tidy'],
      ['build', '-o', 'peer', '.'],
    ]) {
      await mustRun('go', ['-C', target, ...args], { timeoutMs: 600_000 });
    }
  }
  return { name: 'go-msrpc', command: [`${target}/peer`] };
}
