import { main } from './program.ts';

// `npm start` shows the simulated estate; with words after it, it is usher itself.
const words = process.argv.slice(2);
await main(words.length > 0 ? words : ['demo']);
