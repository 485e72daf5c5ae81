/**
 * Throw-away keys, made for these tests with OpenSSH 9.2p1 (Debian 12) and used nowhere else:
 *
 *     ssh-keygen -q -t ed25519 -N '' -f user                        also host, other
 *     ssh-keygen -q -t ed25519 -N 'correct horse' -a 1 -f locked
 *     ssh-keygen -q -t ecdsa -N '' -f ecdsa                         also hostEcdsa
 *     ssh-keygen -q -t rsa -b 2048 -m PEM -N 'correct horse' -f pem
 *
 * The fingerprints are what `ssh-keygen -lf` printed, the hashed line what `ssh-keygen -H` made.
 */
export interface TestKey {
  readonly privateKey: string;
  /** As in `.pub`, without the comment. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

export const passphrase = 'correct horse';

export const userKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
    'QyNTUxOQAAACBVtJtbRwmbNKr0wAUH8PoV5PMafZOd2z8o15yDSFkGYQAAAJjovaHW6L2h',
    '1gAAAAtzc2gtZWQyNTUxOQAAACBVtJtbRwmbNKr0wAUH8PoV5PMafZOd2z8o15yDSFkGYQ',
    'AAAEAcMeIO30XTULiec3ZAwcK47sNf8FDiYwMg+8RCBBCDCVW0m1tHCZs0qvTABQfw+hXk',
    '8xp9k53bPyjXnINIWQZhAAAAD3VzaGVyLXRlc3QtdXNlcgECAwQFBg==',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFW0m1tHCZs0qvTABQfw+hXk8xp9k53bPyjXnINIWQZh',
  fingerprint: 'SHA256:RiAS+TZTEsf8OPSCnK0iSdKIxgUut6RFmVsE14wbhx4',
};

export const lockedKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCMK1La+E',
    'f3EF4zrWZKx84CAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIKjJ5snf9vKmv0oI',
    'WBBRD8OSlHI4hZkCKna+IT+SqVIqAAAAoIKwRW600g1KXGIYTv8+a8uu/ozd/8mnopR1+X',
    '2Lq98RySo9hftOh7KfGlws6A/YsY3WnmUImPV7liYuaWdGJFb8Jrc2oao2/m5mVhXjl9Xg',
    'f+lvdfcz9aTiE1exUelJBMQM3fGnIBkeO/UM5j2qbn9RWyh6u7HSVJ72KtHMeWSs6LKdEg',
    'zxncB/Tg+SmTsD5YlmeN2oID6Qrec+myXAfDg=',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKjJ5snf9vKmv0oIWBBRD8OSlHI4hZkCKna+IT+SqVIq',
  fingerprint: 'SHA256:ePR0l+VVQtTwXuA1UFg6aGQBrm+Wj3qL3ibRpTjDMnU',
};

export const ecdsaKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS',
    '1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQRP9zQrPZDRCXsIm+NKwJI8MBZPnBrQ',
    'ogYWGbBBjXIQ6OkCABEbhlltlm2iWEspqIx+PLDK2aqW3J6KvReYUAH5AAAAqA+MQ1wPjE',
    'NcAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBE/3NCs9kNEJewib',
    '40rAkjwwFk+cGtCiBhYZsEGNchDo6QIAERuGWW2WbaJYSymojH48sMrZqpbcnoq9F5hQAf',
    'kAAAAgekiUV+Tjiz4Sl7KqmcUTjr2Elo20A4XPDErt3hm1wREAAAAQdXNoZXItdGVzdC1l',
    'Y2RzYQ==',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBE/3NCs9kNEJewib40rAkjwwFk+cGtCiBhYZsEGNchDo6QIAERuGWW2WbaJYSymojH48sMrZqpbcnoq9F5hQAfk=',
  fingerprint: 'SHA256:niGKmoAXf7+wEBY1EqctL+mCiyUQpPgfVyzArYiUucA',
};

export const pemKey: TestKey = {
  privateKey: [
    '-----BEGIN RSA PRIVATE KEY-----',
    'Proc-Type: 4,ENCRYPTED',
    'DEK-Info: AES-128-CBC,B725BA870CB09170A61AF3467BA40BDA',
    '',
    'BZQKTwh1Mgz08brm3gv6AcqT0ht0mHWZkG6digmtOMLoy8rI6BelpimeWREW2Muc',
    '54rTPH2HXlT5hCJK8u36rMKGL/kGV8B1NT7rh2xK25jSEoOr0eP1Bd5HG2N0QUMB',
    'wsGS/MBzqy0eEMCJqnmelBCiKFaOd2u7C8q+KntViezQ11b2dvU2AWtIYD1HRnD9',
    'XyEkX9XZHPrRXCNZzh/KTfaskv7P1P/zZi16/wrwf1l1Dq1U6jwNy98w5G1IoqMO',
    'VpJYDFYVdlgFFDJMX3x/jSnfEEvvdpZSqxFS/MJJOPR9rG4U7SgDQ3NdXRMPNOO3',
    'GGZyHKZ3wmcK/1KjIfZ4Htz5mYm8YgeGxhHRj8/kvBwGf4T7Vdc1ACT7Ss4LjqtE',
    'WAqKZcekkzfR9CkS9aGIPta8Loni+2vF2GZbuCEWY4834/fdxpJIprPN6O7wnv/F',
    'w9b8L78i7UamL8B1BiP63xspIbePPeNXeLXTvZEpbJ7Umy+JlOleHtgUd9JogkS0',
    'UD+Qa51y1a+yw7e9gmvuqtBO225wsuY3Thjzm1q8lHhu2PvEvOUMijeiKpVJ65SA',
    'qtQZY8XBYVqACtBe2RSjhJU9EQRMZEsyMGiC21Z+tntWt5G4Kt6U+em4qq4tySdZ',
    'RdDRNGjvoyHRKzyjRCgKb3wIQ/PXlzL3m2ts2t9bKqT4kofEMhXTmZxp/xgexZIY',
    'Ozj+l6vrPe0lm4kSCumRYTqueqrUVQxhckrWjGxrhulfa0RYsZTlvddi3YmSBTym',
    'cvV5k7c1hHZMVNXyJXgTxe8XWE41nA83/xRk7DtkeedVkBHG9Eo3+bQpxBDxsskh',
    'hp/sK0AplmOWoW3NhaamvBGC+aDr1CAb/g8/8s2bFiaI1U6MqOO3IdF2PH7ebkl4',
    'uJKscrqNlmLnW8jlOD3skrhWDwe0TquPp7hCty45LIDPeTHwLO0NWXZWAzF0XDtL',
    'NdFEXmA39yuQB8yKrpzCND4B6kj1dciCZBhncs5ev6cWu3TFbmggWYuFaV4PYsK5',
    'O7XEjDrYiI3X3/w4lmF6w9X0aLkDHPqFQ94iIMdoCUuho8Jzm3coMi8TeKCYOzLd',
    'vr+K4A7GG+TKZMOSZMSwjTu0dvegMkI3vPeZTpV6IYj0jDqBzETZ2yVnHG1SuA0l',
    'M4N+/5YQY8lUWuK1Ulo9ywha7pjIbIxN+tKK6PuYSSbCuAhKxGHiOLC6/aFMN4sG',
    'XBoOyDTpaijcvLuz6CMv9BlC6S4ZqeX1SPyflzbpb4Z5I1kFrVLedMQ78/CfSdN5',
    'kjREW3wgMH2BUZhpPfvb2P1vTi7IN5EBOp/ItE6L35iHzfrdd9rZVExXxwv8jQkh',
    'T2hqYgubvqDbim9DmJ5+8MmMa3kmNacG0XLs1F1BI325AB5eDEsHlVAgRQ2YhiG1',
    '0HHoikTKM0+eOFadFfD915xcFPQqY6+ay+dqDvFtzlHfvXUzgkr3rpjWaRJMB4JJ',
    'eOvhhjlnXHOtVi56R4Tyb5ZIRklxH+LZuHYsGDbRzUGBcWrv8kpWbjwIcpis3JlS',
    'K0oIeTjpU7xoscDtg8wxF6mj7l+oFKoaks8WFew0vn3ftz2gzuFeyLsY4OAx6jQx',
    '-----END RSA PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey:
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDoJjYnWro0nFne73O4Yxi7h+TmZ7WOKKNhqdiP3ticgamCYTiBvV857yGv9Bj8iOXcO9YXziixZfFvwxVARfnXPUFihp6sFGQg0ylGn9Yc3AvkZqR/UDmFgSmfETsgeX8NrL2jyvV7HVSXUMl1cudChVe09ALNU9H/CMHbc2tudRj1M+Ck4/cQpdZV+CkRsqkDy6iAbfC7TcesyzPHrs7nbnFjmgPpp9SYozzRjs+ixhm+1j9psv9IBeno/P32UxxKlRm/pkshCO0a7EvUMSCmx1QeJ7uT285voElhEF+epNUn/6VufiipTpSnwI2VQVe1XA2MLegF/VPret+sIXRv',
  fingerprint: 'SHA256:KiFCFZTqtlypuHpSWA7BYp8E6tUPVmzHa02cKGuV6Sw',
};

export const hostKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
    'QyNTUxOQAAACCVvcnnR81VyYORgnSOUVye1uGWH/ZDmp2bnuIS5P31NwAAAIhdzqmqXc6p',
    'qgAAAAtzc2gtZWQyNTUxOQAAACCVvcnnR81VyYORgnSOUVye1uGWH/ZDmp2bnuIS5P31Nw',
    'AAAED+6Hkj9DuzeDn5Qh9/waq5ic6uj5QQltICAiSHw4PohZW9yedHzVXJg5GCdI5RXJ7W',
    '4ZYf9kOanZue4hLk/fU3AAAABGhvc3QB',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW9yedHzVXJg5GCdI5RXJ7W4ZYf9kOanZue4hLk/fU3',
  fingerprint: 'SHA256:+R2j3uyhSrJ+WHwQNYK0N8/rZm3Hrfibmlyl2G+82E8',
};

export const otherHostKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
    'QyNTUxOQAAACC0Nf4ki4Nm8HQd85MyVKYnDa0k0ZbH6gR2SJ+y6EmWqAAAAIjcZaiP3GWo',
    'jwAAAAtzc2gtZWQyNTUxOQAAACC0Nf4ki4Nm8HQd85MyVKYnDa0k0ZbH6gR2SJ+y6EmWqA',
    'AAAEBCdJ9eyN9I09z8vZ7pkDxtwBSLrqU5aAJhsC/Ia99Ov7Q1/iSLg2bwdB3zkzJUpicN',
    'rSTRlsfqBHZIn7LoSZaoAAAABW90aGVy',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILQ1/iSLg2bwdB3zkzJUpicNrSTRlsfqBHZIn7LoSZao',
  fingerprint: 'SHA256:aBONHCSTTGjwnHV//tBSt0Pqei0NnK+KihTbc8I+ibQ',
};

export const ecdsaHostKey: TestKey = {
  privateKey: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS',
    '1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQUsK66T31mH/ioAKK4mVCQJ5WqqCHN',
    'm646GmO6TdoHFSJbItg1K2mJi+3MQFrf7NUa1bPfjV5yaqh3/wElr6DOAAAAqBZxrbEWca',
    '2xAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBSwrrpPfWYf+KgA',
    'oriZUJAnlaqoIc2brjoaY7pN2gcVIlsi2DUraYmL7cxAWt/s1RrVs9+NXnJqqHf/ASWvoM',
    '4AAAAgcyuqK+g3flNq5Qq5R+3h6B2Chmx2w4lk2XL6/oQg2VYAAAAJaG9zdGVjZHNhAQID',
    'BAUGBw==',
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n'),
  publicKey:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBSwrrpPfWYf+KgAoriZUJAnlaqoIc2brjoaY7pN2gcVIlsi2DUraYmL7cxAWt/s1RrVs9+NXnJqqHf/ASWvoM4=',
  fingerprint: 'SHA256:FmWCTgkPfex+1xRA9O2LUXrVkKEoCUqtil3TNW04MuI',
};

/** `plain.example`, with the key of `hostKey`. */
export const hashedName = '|1|Ejzk99U9kZC/sfapCd74wGW/iEQ=|h3joLlP22RtbArxiC/ufyWL5Yxs=';

/** `[ported.example]:2222`, with the key of `hostKey`. */
export const hashedNameWithPort = '|1|GK0nFH40bLEoRp3fJxr2QUNwO/U=|bFOWwHCQhje6k/XoclxP2a8NWFY=';
