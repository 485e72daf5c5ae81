/** endpoint.ts SETTINGS: serves the pipes of a simulated session host behind smbd, until it is ended. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { openPipe, pipeNames } from '../../../../src/simulator/endpoint/pipes.ts';
import { actorText } from '../../../../src/simulator/world/actor.ts';
import { LedgerBook } from '../../../../src/simulator/world/ledger.ts';
import { listen } from './npam.ts';
import { settings, simulatedWorld } from './settings.ts';
import { described, labHost, logonAccount } from './world.ts';

const [path = ''] = process.argv.slice(2);
const given = settings.parse(JSON.parse(readFileSync(path, 'utf8')));
const passwords = new Map(
  readFileSync(`${given.sockets}/../../ntlm-users`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, password] = line.split(':');
      return name !== undefined && password !== undefined ? [[name, password] as const] : [];
    }),
);
const accounts = given.accounts.map((name) =>
  logonAccount(name, passwords.get(name) ?? '', given.administrators.includes(name)),
);

const log = (line: object): void =>
  appendFileSync(
    given.log,
    `${JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`,
  );
const ledger = new LedgerBook();
ledger.watch((entry) => log({ ledger: { ...entry, by: actorText(entry.by) } }));
const host = labHost(simulatedWorld.parse(JSON.parse(readFileSync(given.world, 'utf8'))), accounts, ledger);
writeFileSync(given.written_world, JSON.stringify(described(host)));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

for (const pipe of pipeNames) {
  // smbd serves its own registry.
  if (pipe === 'winreg') continue;
  await listen(`${given.sockets}/${pipe.toLowerCase()}`, given.accounts, (handed) =>
    openPipe(host, pipe, handed.account === null ? null : host.accounts.find(handed.account, ''), {
      send: (pdu) => handed.send(pdu),
      closed: () => handed.end(),
      random: (count) => crypto.getRandomValues(new Uint8Array(count)),
      answered({ name, interface: of, account: caller, request, response }) {
        const said = response instanceof Uint8Array ? { response: hex(response) } : { fault: String(response) };
        log({ account: caller.name, call: `${of}.${name}`, stubs: { request: hex(request), ...said } });
      },
    }),
  );
}
console.log('the pipes are open');
