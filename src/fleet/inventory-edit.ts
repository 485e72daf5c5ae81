import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type HostUrl } from '../sessions/host.ts';
import { editInventory } from './inventory-file.ts';
import type { Inventory } from './inventory.ts';
import { hintOfNear } from './near-names.ts';
import type { Places } from './paths.ts';
import { unknownName } from './unknown-host.ts';

export interface NewHost {
  readonly name: string;
  readonly url: HostUrl;
  readonly groups: readonly string[];
  /** Tag → value, empty where the tag has none. */
  readonly tags: ReadonlyMap<string, string>;
  readonly credential: string | null;
}

/** Throws {@link UsherError} where the host cannot be added: its name is taken, or its credential is not there. */
export function checkNewHost(inventory: Inventory, host: NewHost): void {
  if (inventory.hosts.has(host.name)) {
    throw new UsherError({
      code: 'usage',
      message: `${host.name} is in the inventory already`,
      hint: `change it in ${inventory.file}, or remove it first: usher hosts remove ${host.name}`,
    });
  }
  if (host.credential !== null && !inventory.credentials.has(host.credential)) {
    throw new UsherError({
      code: 'not_found',
      message: `there is no credential '${host.credential}' in ${inventory.file}`,
      hint:
        hintOfNear(host.credential, [...inventory.credentials.keys()]) ??
        `describe it there: credentials: { ${host.credential}: { passwordFile: … } }`,
    });
  }
}

/** Adds the host and answers with the inventory as it is now. Throws {@link UsherError}. */
export async function addHost(file: string, host: NewHost, places: Places): Promise<Inventory> {
  return editInventory(file, places, (inventory, document) => {
    checkNewHost(inventory, host);
    if (document.contents === null) document.set('version', 1);
    // An inventory that was `hosts: {}` grows as a block.
    if (inventory.hosts.size === 0) document.set('hosts', document.createNode({}));
    const at = ['hosts', host.name];
    const inOneLine = (value: unknown) => document.createNode(value, { flow: true });
    document.setIn(at, document.createNode({ url: formatHostUrl(host.url) }));
    if (host.groups.length > 0) document.setIn([...at, 'groups'], inOneLine(host.groups));
    if (host.tags.size > 0) document.setIn([...at, 'tags'], inOneLine(plainTags(host.tags)));
    if (host.credential !== null) document.setIn([...at, 'credential'], host.credential);
  });
}

const plainTags = (tags: ReadonlyMap<string, string>): unknown =>
  [...tags.values()].every((value) => value === '') ? [...tags.keys()] : Object.fromEntries(tags);

/** Removes the hosts and answers with the inventory as it is now. Throws {@link UsherError} `not_found`. */
export async function removeHosts(file: string, names: readonly string[], places: Places): Promise<Inventory> {
  return editInventory(file, places, (inventory, document) => {
    for (const name of names) {
      if (!inventory.hosts.has(name)) throw unknownName(name, inventory);
    }
    for (const name of names) document.deleteIn(['hosts', name]);
  });
}
