/** Rejects when `limit` milliseconds have passed, or when the process is told to end. */
export function interruption(limit: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const tooLong = () => reject(new Error(`it took longer than ${limit / 1_000} s`));
    setTimeout(tooLong, limit).unref();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Error(`it was interrupted (${signal})`)));
    }
  });
}
