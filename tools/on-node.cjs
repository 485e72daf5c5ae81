'use strict';

// npm scripts start here: `node tools/on-node.cjs PROGRAM ARGUMENT…` runs PROGRAM on a Node that will do.

const path = require('node:path');
const { launch } = require('../bin/launcher.js');
const { willDo } = require('../bin/find-node.js');

const program = path.resolve(process.argv[2]);
if (willDo(process.versions.node)) process.argv.splice(1, 1);
launch(path.dirname(__dirname), __filename, program);
