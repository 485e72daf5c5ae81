/** What the parts of the benchmark are told. */
export interface BenchOptions {
  /** A checkout of github.com/oiweiwei/go-msrpc; null leaves that peer out. */
  readonly goMsrpc: string | null;
  /** A folder with the script that lists an xrdp host; null leaves that peer out. */
  readonly reference: string | null;
  /** Small sizes, to see whether it runs. Nothing is written down. */
  readonly isTrial: boolean;
  /** A folder for what is built and written on the way. */
  readonly folder: string;
}

/** One part: what it measures as Markdown. Where there is a peer, equal rows are asserted before; push and watching have none. */
export interface Bench {
  measure(options: BenchOptions): Promise<readonly string[]>;
}
