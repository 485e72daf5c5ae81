/** A method of RFC 4252 or RFC 4256 that Usher logs on with. */
export type LogonMethod = 'publickey' | 'password' | 'keyboard-interactive';
