/** Characters of LSM_SESSIONINFO_EX's names, without the terminator: what is longer is cut. */
export const [longestUser, longestDomain] = [20, 17];

interface Names {
  readonly user: string;
  readonly domain: string;
}

/** Whether what LSM tells of a session, with names that it may cut, can be of the account that the list has for it. */
export function mayBe(listed: Names, { user }: Names): boolean {
  return user === '' || listed.user.slice(0, longestUser).toLowerCase() === user.slice(0, longestUser).toLowerCase();
}

/** Whether `DOMAIN\user` of a list is this account; case does not count, and an older host's list may have cut both. */
export function isAccount(account: string, { user, domain }: Names): boolean {
  const at = account.indexOf('\\');
  return isName(account.slice(0, at), domain, longestDomain) && isName(account.slice(at + 1), user, longestUser);
}

function isName(listed: string, whole: string, longest: number): boolean {
  const [one, other] = [listed.toLowerCase(), whole.toLowerCase()];
  return one === other || (one.length === longest && other.startsWith(one));
}
