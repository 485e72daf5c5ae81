'use strict';

// Any Node from 12 on must be able to read this file: it is what starts a newer one.

// What only another Node is started with is loaded where that is done.
const fs = require('fs');
const nodeModule = require('module');
const path = require('path');
const { oldest, willDo, versionOf, pinned, onPath } = require('./find-node.js');

const wrongUse = 2;

function giveUp(detail) {
  const { node } = process.versions;
  process.stderr.write(`usher: needs Node ${oldest} or newer, and this one is ${node}; ${detail}\n`);
  process.exit(wrongUse);
}

/**
 * Where compiled code is kept: in the user's own cache folder, because Node's default is below the shared folder for temporary files,
 * where somebody else could have put it. So could the owner of a HOME that sudo left in the environment, and whoever
 * may write to a folder of XDG_CACHE_HOME. Null where there is no such folder, or Node was told of another one or of none.
 */
function ownCache() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME, NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_COMPILE_CACHE || NODE_DISABLE_COMPILE_CACHE) return null;
  const [base, ...below] =
    process.platform === 'win32' ? [LOCALAPPDATA] : XDG_CACHE_HOME ? [XDG_CACHE_HOME] : [HOME, '.cache'];
  if (!base || !path.isAbsolute(base)) return null;
  return makeOwn(base, [...below, 'usher', 'compiled']);
}

/** Makes the folders that are missing below the base; null where one of them, or the base, is not ours alone. */
function makeOwn(base, below) {
  try {
    let folder = base;
    if (!isOwn(folder)) return null;
    for (const name of below) {
      folder = path.join(folder, name);
      makeFolder(folder);
      if (!isOwn(folder)) return null;
    }
    return folder;
  } catch {
    return null;
  }
}

/** Whatever the umask, nobody else may write to it. */
function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

const writableByOthers = 0o022;

function isOwn(folder) {
  if (process.getuid === undefined) return true;
  const { uid, mode } = fs.statSync(folder);
  return (uid === process.getuid() || uid === 0) && (mode & writableByOthers) === 0;
}

/** What is built is CommonJS, what runs from its source is not. */
function runHere(program) {
  const folder = keepCompiledCode();
  if (path.extname(program) !== '.cjs') void import(require('url').pathToFileURL(program).href);
  else if (folder === null) require(program);
  else require('./kept-code.js').runKept(program, folder);
}

/** The folder in which Node keeps compiled code from now on, which is this version's alone; null where it keeps none of ours. */
function keepCompiledCode() {
  const folder = ownCache();
  if (folder === null) return null;
  nodeModule.enableCompileCache(folder);
  return nodeModule.getCompileCacheDir() || null;
}

/** Ends this process the way the child ended. */
function endLike(code, signal) {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Only a signal that does not end a process gets here.
  setTimeout(() => process.exit(128 + require('os').constants.signals[signal]), 1000);
}

function passOnSignals(child) {
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  // A terminal sends this one to every process in its foreground, so the child has it already.
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
}

/** Runs the launcher again on the given Node; `otherwise` is called where that one does not start at all. */
function runOn(node, launcher, otherwise) {
  const child = require('child_process').spawn(node, [launcher, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (child.pid === undefined) {
    child.on('error', otherwise);
    return;
  }
  child.on('exit', endLike);
  passOnSignals(child);
}

function runOnNamed(node, launcher) {
  const version = versionOf(node);
  if (version === null) giveUp(`USHER_NODE=${node} does not start`);
  if (!willDo(version)) giveUp(`USHER_NODE=${node} is ${version}`);
  runOn(node, launcher, (error) => giveUp(`USHER_NODE=${node} does not start: ${error.message}`));
}

function runOnPath(launcher) {
  const node = onPath();
  if (node === null) giveUp('install one, or name one with USHER_NODE=/path/to/node');
  runOn(node, launcher, (error) => giveUp(`${node} does not start: ${error.message}`));
}

/** Imports `program` on a Node that will do: this one, USHER_NODE, the one that npm installed for `root`, or PATH's. */
function launch(root, launcher, program) {
  if (willDo(process.versions.node)) {
    runHere(program);
    return;
  }
  if (process.env.USHER_NODE) {
    runOnNamed(process.env.USHER_NODE, launcher);
    return;
  }
  const installed = pinned(root);
  if (installed === null) runOnPath(launcher);
  else runOn(installed, launcher, () => runOnPath(launcher));
}

module.exports = { launch };
