import { behaviourKinds } from '../../src/simulator/behaviours/behaviours.ts';

const opening = `# Behaviours of simulated hosts

Written by \`npm run docs\` from \`src/simulator/behaviours/\`, where each is a file: change those, not this page.

A simulated host does what Windows does, until it is told to behave otherwise: the host as a whole, or one session of it. A behaviour is written as
its name and its settings, \`slow by=5s call=RpcGetClientData\`; what stands in brackets is so where nothing is set. Durations are \`90s\`, \`5m\`, \`2h\`,
calls have the names of [MS-TSTS] and [MS-RRP]. Of several behaviours a session's own are asked first, then its host's, in their order: the first that has
something to say is heard. What settings of the registry do is no behaviour: [simulator.md](simulator.md).

| behaviour | of a | what happens |
|---|---|---|
`;

/** docs/behaviours.md. */
export function renderBehaviours(): string {
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
  const rows = behaviourKinds.map(({ name, of, summary }) => `| \`${name}\` | ${of.join(', ')} | ${cell(summary)} |`);
  return `${opening}${rows.join('\n')}\n`;
}
