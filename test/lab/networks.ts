/**
 * First three octets of the networks that a run of tests brings labs up on, side by side: `NETS`, as run.sh chooses them, else
 * `NET`; else one, which up.sh chooses.
 */
export function networksOfLabs(): readonly (string | undefined)[] {
  const { NETS, NET } = process.env;
  const nets = (NETS ?? NET ?? '').split(' ').filter((net) => net !== '');
  return nets.length === 0 ? [undefined] : nets;
}
