import { startLab } from './lab.ts';
import { networksOfLabs } from './networks.ts';

/** Brings the labs up once for a whole run of tests, and takes them down after it. */
export async function setup(): Promise<() => Promise<void>> {
  const began = performance.now();
  const labs = await Promise.all(networksOfLabs().map((net) => startLab(net === undefined ? {} : { net })));
  process.env['USHER_LABS'] = labs.map(({ name }) => name).join(' ');
  const upped = performance.now();
  for (const lab of labs) console.log(`lab ${lab.name} is up: ${[...lab.hosts.keys()].join(' ')}`);
  return async () => {
    const tested = performance.now();
    await Promise.all(labs.map((lab) => lab.stop()));
    const spans = { up: upped - began, tests: tested - upped, down: performance.now() - tested };
    const parts = Object.entries(spans).map(([part, ms]) => `${part} ${seconds(ms)} s`);
    console.log(`lab: ${parts.join(', ')}`);
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
