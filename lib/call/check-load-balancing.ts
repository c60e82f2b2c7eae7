import { checkBoolean } from '../base/check-boolean.js';
import { type Check, checkFields, numberIn } from '../base/check-fields.js';
import { checkOneOf } from '../base/check-one-of.js';
import { describeValue } from '../base/describe-value.js';
import type { ChannelOptions } from './channel-options.js';
import type {
  FailurePercentageOptions,
  OutlierDetectionOptions,
  PickFirstOptions,
  SuccessRateOptions,
  WeightedRoundRobinOptions,
} from './load-balancing-options.js';

const POLICIES = ['pick_first', 'round_robin', 'weighted_round_robin'] as const;
const period = numberIn({ unit: 'milliseconds', above: 0, upTo: 2 ** 31 - 1 });
const percent = numberIn({ from: 0, upTo: 100 });
const count = numberIn({ whole: true, from: 1 });

export const checkLoadBalancing: Check = (name, value) => {
  if (typeof value !== 'object' || value === null) checkOneOf(name, value, POLICIES);
  else {
    const { policy } = value as { policy?: unknown };
    checkOneOf(`${name}.policy`, policy, ['pick_first', 'weighted_round_robin']);
    if (policy === 'pick_first') checkFields<PickFirstOptions>(name, value, PICK_FIRST);
    else checkFields<WeightedRoundRobinOptions>(name, value, WEIGHTED);
  }
};

const PICK_FIRST = { policy: () => {}, shuffleAddressList: checkBoolean };

const WEIGHTED = {
  policy: () => {},
  blackoutPeriod: numberIn({ unit: 'milliseconds', from: 0, upTo: 2 ** 31 - 1 }),
  weightExpirationPeriod: period,
  weightUpdatePeriod: numberIn({ unit: 'milliseconds', from: 100, upTo: 2 ** 31 - 1 }),
  errorUtilizationPenalty: numberIn({ from: 0 }),
  enableOobLoadReport: checkBoolean,
  oobLoadReportingPeriod: period,
};

export const checkOutlierDetection: Check = (name, value) => {
  checkFields<OutlierDetectionOptions>(name, value, {
    interval: period,
    baseEjectionTime: period,
    maxEjectionTime: period,
    maxEjectionPercent: percent,
    successRate: (key, options) =>
      checkFields<SuccessRateOptions>(key, options, {
        ...EJECTION,
        stdevFactor: numberIn({ from: 0 }),
      }),
    failurePercentage: (key, options) =>
      checkFields<FailurePercentageOptions>(key, options, { ...EJECTION, threshold: percent }),
  });
  const { successRate, failurePercentage } = value as OutlierDetectionOptions;
  if (successRate === undefined && failurePercentage === undefined) {
    throw new TypeError(
      `${name} needs successRate or failurePercentage, {} for its defaults, got ${describeValue(value)}`,
    );
  }
};

const EJECTION = { enforcementPercentage: percent, minimumHosts: count, requestVolume: count };

/** Throws if servers are to be left out where there is only one at a time. */
export function checkChoice({ loadBalancing, outlierDetection }: ChannelOptions): void {
  const policy = typeof loadBalancing === 'object' ? loadBalancing.policy : loadBalancing;
  if (outlierDetection !== undefined && (policy === undefined || policy === 'pick_first')) {
    throw new RangeError(
      "outlierDetection needs loadBalancing 'round_robin' or 'weighted_round_robin', " +
        `got ${describeValue(policy)}`,
    );
  }
}
