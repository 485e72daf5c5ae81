import { main } from './program.ts';

/** How the program is called in a clone of its repository. */
const calledAs = process.platform === 'win32' ? String.raw`node bin\usher` : 'bin/usher';

// `npm start` shows the simulated estate; with words after it, it is usher itself.
const words = process.argv.slice(2);
await main(words.length > 0 ? words : ['demo'], calledAs);
