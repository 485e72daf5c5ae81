import type { Finding, TreeFile } from '../tree/files.ts';

/** Where packages come from is the machine's matter. The names are in parts so that this file does not hold them. */
const registries: readonly string[] = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['crates', 'io'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['repo', 'maven', 'apache', 'org'],
  ['repo1', 'maven', 'org'],
  ['rubygems', 'org'],
  ['deb', 'debian', 'org'],
  ['ftp', 'debian', 'org'],
  ['security', 'debian', 'org'],
  ['snapshot', 'debian', 'org'],
  ['archive', 'ubuntu', 'com'],
  ['ghcr', 'io'],
  ['docker', 'io'],
  ['quay', 'io'],
  ['unpkg', 'com'],
  ['cdn', 'jsdelivr', 'net'],
].map((parts) => parts.join('.'));

const registry = new RegExp(`(?<![\\w-])(?:${registries.join('|').replaceAll('.', '\\.')})(?![\\w-])`, 'i');
const workplace = new RegExp(['(?<![\\w.~-])', 'work', ''].join('/'));
const lockfile = 'package-lock.json';

/** Download addresses, and paths of the machine that it was written on. */
export function checkAddresses(files: readonly TreeFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((content, at) => {
      const complaint = complaintAbout(file.path, content);
      return complaint === null ? [] : [{ path: file.path, line: at + 1, ...complaint }];
    }),
  );
}

function complaintAbout(path: string, content: string): Pick<Finding, 'rule' | 'message'> | null {
  const host = registry.exec(content)?.[0];
  if (host !== undefined) return { rule: 'registry-address', message: `names ${host}` };
  if (path === lockfile && /^\s*"resolved":\s*"[a-z+]+:/.test(content)) {
    return { rule: 'registry-address', message: 'says where a package was downloaded from' };
  }
  return workplace.test(content) ? { rule: 'workplace-path', message: 'names a path of this workplace' } : null;
}
