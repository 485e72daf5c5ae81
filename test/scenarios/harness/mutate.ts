import { registerHooks } from 'node:module';

/** A line of the program, and what stands there instead: a defect that the scenarios must find. */
interface Mutation {
  readonly file: string;
  readonly line: string;
  readonly instead: string;
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'no session is compared': {
    file: 'src/hosts/windows/same-session.ts',
    line: "return identity.kind === 'windows-logon' ?",
    instead: "return 'session'.length > 0 ? { kind: 'same' } : identity.kind === 'windows-logon' ?",
  },
  'what is not listed is gone': {
    file: 'src/hosts/windows/connection.ts',
    line: "const why = await mayBeThere(target.id, 'reading again', signal);",
    instead: 'const why = null;',
  },
  'no process is critical': {
    file: 'src/hosts/windows/processes.ts',
    line: 'critical.has(name.toLowerCase());',
    instead: 'name === null;',
  },
  'no warning is waited for': {
    file: 'src/ending/ladder/advance.ts',
    line: "if (now < phase.until) return { ladder, commands: [{ kind: 'read', names: false }] };",
    instead: '',
  },
};

/** Loaded before everything else: the program is as the mutation has it. */
const chosen = process.env['USHER_MUTATION'];
const mutation = chosen === undefined ? undefined : mutations[chosen];
if (mutation !== undefined) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(`/${mutation.file}`)) return loaded;
      const source =
        typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source ?? undefined);
      if (source.split(mutation.line).length !== 2) throw new Error(`${mutation.file} has no such line, or several`);
      return { ...loaded, source: source.replace(mutation.line, mutation.instead) };
    },
  });
}
