import { z } from 'zod';
import type { HostReading } from '../../src/hosts/driver.ts';
import { identityOf, type SessionIdentity } from '../../src/sessions/identity.ts';

/** What Usher and the reference script both tell of a session. */
interface Row {
  readonly display: number;
  readonly user: string | null;
  readonly state: string | null;
  readonly identity: SessionIdentity;
  readonly client: { readonly address: string | null; readonly name: string | null };
}

type Cells = readonly (string | number | null | undefined)[];

/** One line a session, in order: what all must agree on before anything is timed. */
const lines = (rows: readonly Cells[]): string =>
  rows
    .map((cells) => cells.map((cell) => cell ?? '-').join(' '))
    .toSorted()
    .join('\n');

const usherRows = (rows: readonly Row[]): string =>
  lines(
    rows.map(({ display, user, state, identity, client: { address, name } }) => {
      return [display, user, state, identity.kind === 'xrdp' ? identity.pid : null, address, name];
    }),
  );

export const rowsOfReading = ({ sessions }: HostReading): string =>
  usherRows(sessions.map((session) => ({ ...session, display: session.id })));

const listing = z.object({
  sessions: z.array(
    z.object({
      id: z.number(),
      user: z.string().nullable(),
      state: z.string(),
      key: z.string().transform(identityOf),
      client: z.object({ address: z.string().nullable(), name: z.string().nullable() }),
    }),
  ),
});

/** Of `usher sessions --json`. */
export const rowsOfListing = (json: string): string =>
  usherRows(
    listing.parse(JSON.parse(json)).sessions.map(({ id, key, ...session }) => {
      return { ...session, display: id, identity: key };
    }),
  );

/** Of xrdp-list.sh, whose columns its head names. */
export const rowsOfScript = (printed: string): string =>
  lines(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([display, user, , , , xServer, , , state, , address, , name]) => {
        const bare = address?.replace(/^\[(?:::ffff:)?(.*)\]$/, '$1');
        return [display, user, state === 'connected' ? 'active' : state, xServer, bare, name];
      }),
  );
