import { startLab } from './lab.ts';

/** Brings the lab up once for a whole run of tests, and takes it down after it. */
export async function setup(): Promise<() => Promise<void>> {
  const began = performance.now();
  const lab = await startLab();
  process.env['USHER_LAB'] = lab.name;
  const upped = performance.now();
  console.log(`lab ${lab.name} is up in ${seconds(upped - began)} s: ${[...lab.hosts.keys()].join(' ')}`);
  return async () => {
    const tested = performance.now();
    await lab.stop();
    const spans = { up: upped - began, tests: tested - upped, down: performance.now() - tested };
    const parts = Object.entries(spans).map(([part, ms]) => `${part} ${seconds(ms)} s`);
    console.log(`lab: ${parts.join(', ')}`);
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
