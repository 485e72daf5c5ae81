'use strict';

/*
 * Runs a built program and keeps what V8 made of it. Node's own cache has what is compiled before a file runs; most functions are
 * compiled when they are first called, which took a fifth of a listing. So each command's code is kept when it has run.
 */

const fs = require('fs');
const nodeModule = require('module');
const path = require('path');
const vm = require('vm');

/** Commands that did their work have this exit code at most. What was wrong use shall leave no file of that name. */
const someFailed = 1;

const isWord = (word) => /^[a-z]{1,20}$/.test(word);

/** One file a command, because each calls other functions. Null without a command: a version or a help is told sooner than code is read. */
function keptFile(folder, words) {
  if (!words.some(isWord)) return null;
  return path.join(folder, `${isWord(words[0]) ? words[0] : 'usher'}.code`);
}

const hashOf = (bytes) => require('crypto').createHash('sha256').update(bytes).digest('hex');

/**
 * Code by file name, of this very program wherever it is installed: its first file names the others by a hash of what is in
 * them. Whether V8 takes the code, V8 decides by its own version and settings.
 */
function readKept(file, program) {
  const kept = new Map();
  try {
    const bytes = fs.readFileSync(file);
    const end = bytes.indexOf('\n');
    const head = JSON.parse(bytes.toString('utf8', 0, end));
    const codes = bytes.subarray(end + 1);
    if (head.program !== program || head.hash !== hashOf(codes)) return kept;
    let at = 0;
    for (const [name, length] of head.codes) {
      kept.set(name, codes.subarray(at, at + length));
      at += length;
    }
  } catch {
    // None is there, or what is there is none.
  }
  return kept;
}

/** What was kept stays, where this run had no use for it. */
function writeKept(file, program, kept, scripts) {
  const made = Array.from(scripts, ([name, script]) => [name, script.createCachedData()]);
  const codes = [...new Map([...kept, ...made])];
  const all = Buffer.concat(codes.map(([, code]) => code));
  const head = { program, hash: hashOf(all), codes: codes.map(([name, code]) => [name, code.length]) };
  const own = `${file}.${process.pid}.new`;
  try {
    fs.writeFileSync(own, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), all]), { mode: 0o600 });
    fs.renameSync(own, file);
  } catch {
    fs.rmSync(own, { force: true });
  }
}

/** Runs the program, with the code that `folder`, which is this Node's alone, holds of it and of the files that it requires. */
function runKept(program, folder) {
  const file = keptFile(folder, process.argv.slice(2));
  if (file === null) return void require(program);
  const text = fs.readFileSync(program, 'utf8');
  const kept = readKept(file, text);
  const modules = new Map();
  const scripts = new Map();
  let complete = true;

  const compile = (name) => {
    const before = '(function (exports, require, module, __filename, __dirname) {\n';
    const source = `${before}${fs.readFileSync(name, 'utf8')}\n})`;
    const cachedData = kept.get(path.basename(name));
    const script = new vm.Script(source, { filename: name, lineOffset: -1, cachedData });
    if (script.cachedDataRejected !== false) complete = false;
    scripts.set(path.basename(name), script);
    return script.runInThisContext();
  };
  const load = (name) => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const outside = nodeModule.createRequire(name);
    const require = (id) => (id.startsWith('.') ? load(path.join(path.dirname(name), id)) : outside(id));
    compile(name).call(module.exports, module.exports, require, module, name, path.dirname(name));
    return module.exports;
  };
  process.on('exit', (code) => {
    if (!complete && code <= someFailed) writeKept(file, text, kept, scripts);
  });
  load(program);
}

module.exports = { runKept };
