import { main } from './program.ts';

// What `npm start` shows until the simulated estate exists.
const words = process.argv.slice(2);
if (words.length > 0) {
  await main(words);
} else {
  process.stderr.write(
    [
      'Usher: the sessions of this machine. To see others:',
      '  npm start -- hosts add NAME ssh://root@HOST    accept its key, and keep it in the inventory',
      '  npm start -- sessions -s NAME                  its sessions',
      '  npm start -- --help                            everything else',
      '',
      '',
    ].join('\n'),
  );
  await main(['sessions', '-s', 'local:']);
}
