/** Spreads calls by the load that servers report; by turns while they report none. */
export interface WeightedRoundRobinOptions {
  readonly policy: 'weighted_round_robin';
  /** Milliseconds for which a new server is called by turns; 10 seconds unless given. */
  readonly blackoutPeriod?: number | undefined;
  /** Milliseconds after which a report no longer counts; 3 minutes unless given. */
  readonly weightExpirationPeriod?: number | undefined;
  /** Milliseconds between calculations, 100 or more; 1 second unless given. */
  readonly weightUpdatePeriod?: number | undefined;
  /** How much errors weigh against load, 0 or more; 1 unless given. */
  readonly errorUtilizationPenalty?: number | undefined;
  /** Takes reports outside of calls, from servers that offer them; not unless given. */
  readonly enableOobLoadReport?: boolean | undefined;
  /** Milliseconds between those reports; 10 seconds unless given. */
  readonly oobLoadReportingPeriod?: number | undefined;
}

/** One server for all calls: the first of the list that can be reached. */
export interface PickFirstOptions {
  readonly policy: 'pick_first';
  /** Each client tries the list in an order of its own; not unless given. */
  readonly shuffleAddressList?: boolean | undefined;
}

/** How calls are spread over the addresses of a target. */
export type LoadBalancing =
  | 'pick_first'
  | 'round_robin'
  | 'weighted_round_robin'
  | PickFirstOptions
  | WeightedRoundRobinOptions;

/** Which servers are told from the rest, and how surely they are left out. */
interface EjectionOptions {
  /** The chance of leaving such a server out, in percent; 100 unless given. */
  readonly enforcementPercentage?: number | undefined;
  /** The servers with calls enough that there must be; 5 unless given. */
  readonly minimumHosts?: number | undefined;
}

/** Servers that fail more often than the others. */
export interface SuccessRateOptions extends EjectionOptions {
  /** Thousandths of the standard deviation below the mean; 1900 unless given. */
  readonly stdevFactor?: number | undefined;
  /** The calls within an interval that count as enough; 100 unless given. */
  readonly requestVolume?: number | undefined;
}

/** Servers that fail more often than a threshold. */
export interface FailurePercentageOptions extends EjectionOptions {
  /** In percent; 85 unless given. */
  readonly threshold?: number | undefined;
  /** The calls within an interval that count as enough; 50 unless given. */
  readonly requestVolume?: number | undefined;
}

/**
 * Leaves out, for a while, servers whose calls fail. Needs `loadBalancing` other than 'pick_first',
 * and one of `successRate` and `failurePercentage`, or both.
 *
 * @see https://github.com/grpc/proposal/blob/master/A50-xds-outlier-detection.md
 */
export interface OutlierDetectionOptions {
  readonly successRate?: SuccessRateOptions | undefined;
  readonly failurePercentage?: FailurePercentageOptions | undefined;
  /** Milliseconds between looks at the counts; 10 seconds unless given. */
  readonly interval?: number | undefined;
  /** Milliseconds that a server is left out, times how often it has been; 30 seconds unless given. */
  readonly baseEjectionTime?: number | undefined;
  /** The most that this may come to, in milliseconds; 5 minutes unless given. */
  readonly maxEjectionTime?: number | undefined;
  /** The part of the servers that may be left out, in percent; 10 unless given, always one at least. */
  readonly maxEjectionPercent?: number | undefined;
}
