interface Arrival<T> {
  readonly value: T;
  taken(): void;
}

/**
 * Several streams as one, in the order of arrival. Each waits until its value was taken, so nothing piles up. Throws
 * what a stream throws. However it is left, it calls `end`, on which the streams have to end, and waits for them.
 */
export async function* merge<T>(
  streams: readonly AsyncIterable<T>[],
  end: () => void,
): AsyncGenerator<T, void, undefined> {
  const arrivals: Arrival<T>[] = [];
  let wake = Promise.withResolvers<void>();
  let left = streams.length;
  let failure: { readonly error: unknown } | null = null;
  let abandoned = false;

  const drain = async (stream: AsyncIterable<T>): Promise<void> => {
    try {
      for await (const value of stream) {
        if (abandoned) return;
        const taken = Promise.withResolvers<void>();
        arrivals.push({ value, taken: taken.resolve });
        wake.resolve();
        await taken.promise;
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      left -= 1;
      wake.resolve();
    }
  };
  const drains = streams.map(drain);
  const failed = (): { readonly error: unknown } | null => failure;
  let current: Arrival<T> | undefined;
  try {
    while (failed() === null && (left > 0 || arrivals.length > 0)) {
      current = arrivals.shift();
      if (current === undefined) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
      } else {
        yield current.value;
        current.taken();
      }
    }
    const thrown = failed();
    if (thrown !== null) throw thrown.error;
  } finally {
    abandoned = true;
    end();
    current?.taken();
    for (const arrival of arrivals) arrival.taken();
    await Promise.all(drains);
  }
}
