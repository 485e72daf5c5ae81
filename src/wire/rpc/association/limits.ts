/** What a peer may do to a connection before it is closed. */
export const limits = {
  /** Bytes of stub data of all calls that are not whole yet. */
  stub: 16 * 2 ** 20,
  /** Fragments of one call. */
  fragments: 16_384,
  /** Calls that are not answered. */
  calls: 256,
  /** Calls of a client that wait until others are answered. */
  waiting: 65_536,
  /** Tokens of a logon that are sent. */
  legs: 8,
  /** Presentation contexts of one connection. */
  contexts: 64,
} as const;

/** MustRecvFragSize ([C706] 12.6.3.1): every implementation takes fragments of so many bytes. */
export const smallestFragment = 1432;

/** Bytes of the longest fragment, where nothing else is said. */
export const usualFragment = 5840;
