// `npm run bench -- windows …` lists a Windows host, `sweep` many simulated ones; without a word it is an xrdp host.
const benches = new Map([
  ['windows', './windows.ts'],
  ['sweep', './sweep.ts'],
]);
await import(benches.get(process.argv[2] ?? '') ?? './xrdp.ts');
