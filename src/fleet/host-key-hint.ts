import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type Host } from '../sessions/host.ts';

/** How a driver's own hint names what accepts a key. */
const short = "'usher hosts add'";

/** The failure, and where it is an unknown host key the whole command by which that very key is accepted. */
export function tellingHowToAccept(error: unknown, host: Host): unknown {
  if (!(error instanceof UsherError) || error.code !== 'host_key_unknown') return error;
  const { code, message, host: named, operation, hint, cause } = error;
  const command = `'${commandFor(message, host)}'`;
  return new UsherError({
    code,
    message,
    host: named ?? undefined,
    operation: operation ?? undefined,
    hint: hint?.includes(short)
      ? hint.replace(short, command)
      : [`accept it with ${command}`, hint ?? []].flat().join('; '),
    cause,
  });
}

function commandFor(message: string, { name, url }: Host): string {
  const jump = /^jump host ([^\s:]+): /.exec(message)?.[1];
  if (jump !== undefined) return `usher hosts add NAME ssh://${jump}`;
  const text = formatHostUrl(url);
  return `usher hosts add ${name === text ? 'NAME' : name} ${text}`;
}
