import { expect, test } from 'vitest';
import { completeLockfile, missingEntries } from './complete.ts';

const lockfile = {
  lockfileVersion: 3,
  packages: {
    'node_modules/lint': {
      dev: true,
      version: '1.2.3',
      optionalDependencies: {
        '@lint/binding-linux-arm-musleabihf': '1.2.3',
        '@lint/linux-x64': '1.2.3',
        '@lint/win32-arm64': '1.2.3',
      },
    },
    'node_modules/lint/node_modules/@lint/linux-x64': { version: '1.2.3', optional: true },
  },
};

test('the packages of platforms that the registry did not carry are found', () => {
  const names = missingEntries(lockfile).map(({ name }) => name);
  expect(names).toEqual(['@lint/binding-linux-arm-musleabihf', '@lint/win32-arm64']);
});

test('each gets an entry that only its own platform installs', () => {
  const { packages } = completeLockfile(lockfile);
  expect(packages).toMatchObject({
    'node_modules/@lint/binding-linux-arm-musleabihf': {
      version: '1.2.3',
      cpu: ['arm'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
    'node_modules/@lint/win32-arm64': { cpu: ['arm64'], os: ['win32'] },
  });
  expect(missingEntries(completeLockfile(lockfile))).toEqual([]);
});

test('a name without a platform is refused', () => {
  const odd = { packages: { a: { optionalDependencies: { fast: '1.0.0' } } } };
  expect(() => completeLockfile(odd)).toThrow('no platform can be read from fast');
});
