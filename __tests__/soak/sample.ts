import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What one process held at a moment, its garbage collected. */
export interface Sample {
  /** Bytes on the heap. */
  readonly heap: number;
  /** Bytes of the process. */
  readonly rss: number;
  /** What keeps the event loop going: sockets, timers, requests. */
  readonly handles: number;
  /** The longest delay of the event loop since the last sample, in milliseconds. */
  readonly delay: number;
}

const monitor = monitorEventLoopDelay({ resolution: 10 });
monitor.enable();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Takes a sample of this process. */
export async function takeSample(): Promise<Sample> {
  const delay = Math.max(monitor.max / 1e6, 0);
  // What a first collection lets go of, finalizers and weak references, the second one frees.
  for (let i = 0; i < 2; i += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed: heap, rss } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  monitor.reset();
  return { heap, rss, handles, delay };
}
