export interface Alarm {
  /** Waits this many milliseconds, or until `wake` or the signal. */
  wait(milliseconds: number): Promise<void>;
  wake(): void;
}

/** A wait that can be cut short. */
export function createAlarm(signal: AbortSignal): Alarm {
  let ring = () => {};
  signal.addEventListener("abort", () => ring());
  return {
    wait: async (milliseconds) => {
      if (signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, milliseconds);
      ring = resolve;
      await promise;
      clearTimeout(timer);
    },
    wake: () => ring(),
  };
}
