/** How often a random test runs: as often as it says in `npm test`, and `FUZZ` times as often where that is set (`npm run fuzz`). */
export function runs(usual: number): number {
  return usual * Number(process.env['FUZZ'] ?? 1);
}
