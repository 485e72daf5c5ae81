/** What is read and written here of an entry of package-lock.json. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: string | readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

const systems = /\b(android|darwin|freebsd|linux|openharmony|win32)\b/;
const processors = /\b(arm64|arm|ia32|ppc64|riscv64|s390x|x64)\b/;

const entryPath = (name: string): string => `node_modules/${name}`;

interface Missing {
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
}

/** The optional packages that the lockfile's packages name and that it has no entry for: `npm ci` refuses it then. */
export function missingEntries({ packages }: Lockfile): readonly Missing[] {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev = false }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !Object.keys(packages).some((path) => path.endsWith(entryPath(name))))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

/**
 * The lockfile with an entry for each of {@link missingEntries}. npm leaves out a platform's package that the registry
 * at hand does not carry, and so also does not know its checksum. The platform is read from the package's name.
 */
export function completeLockfile<T extends Lockfile>(lockfile: T): T {
  const added = missingEntries(lockfile).map(({ name, version, dev }) => {
    const entry: LockEntry = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    return [entryPath(name), entry] as const;
  });
  const all = [...Object.entries(lockfile.packages), ...added];
  const sorted = all.toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
}

function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.replaceAll('_', '-');
  const [os] = systems.exec(words) ?? [];
  const [cpu] = processors.exec(words) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`no platform can be read from ${name}`);
  const libc = /musl/.test(words) ? 'musl' : /gnu/.test(words) ? 'glibc' : undefined;
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), os: [os] };
}
