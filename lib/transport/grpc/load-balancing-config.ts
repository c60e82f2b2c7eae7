import type { LoadBalancingConfig } from '@grpc/grpc-js';
import type { ChannelOptions } from '../../call/channel-options.js';
import type {
  FailurePercentageOptions,
  LoadBalancing,
  OutlierDetectionOptions,
  SuccessRateOptions,
  WeightedRoundRobinOptions,
} from '../../call/load-balancing-options.js';
import { toDuration } from './duration.js';

/** gRPC's form of `loadBalancing` and `outlierDetection`; nothing for grpc-js's default. */
export function loadBalancingConfig(options: ChannelOptions): LoadBalancingConfig[] {
  const { loadBalancing, outlierDetection } = options;
  if (loadBalancing === undefined) return [];
  const policy = toPolicy(loadBalancing);
  if (outlierDetection === undefined) return [policy];
  return [{ outlier_detection: toOutlierDetection(outlierDetection, policy) }];
}

function toPolicy(given: LoadBalancing): LoadBalancingConfig {
  if (typeof given === 'string') return { [given]: {} };
  if (given.policy === 'weighted_round_robin') return { weighted_round_robin: toWeighted(given) };
  return { pick_first: { shuffleAddressList: given.shuffleAddressList } };
}

function toWeighted(options: WeightedRoundRobinOptions): object {
  return {
    blackout_period: duration(options.blackoutPeriod),
    weight_expiration_period: duration(options.weightExpirationPeriod),
    weight_update_period: duration(options.weightUpdatePeriod),
    error_utilization_penalty: options.errorUtilizationPenalty,
    enable_oob_load_report: options.enableOobLoadReport,
    oob_load_reporting_period: duration(options.oobLoadReportingPeriod),
  };
}

function toOutlierDetection(options: OutlierDetectionOptions, policy: LoadBalancingConfig): object {
  const { successRate, failurePercentage } = options;
  return {
    interval: duration(options.interval),
    base_ejection_time: duration(options.baseEjectionTime),
    max_ejection_time: duration(options.maxEjectionTime),
    max_ejection_percent: options.maxEjectionPercent,
    success_rate_ejection: successRate && toEjection(successRate),
    failure_percentage_ejection: failurePercentage && toEjection(failurePercentage),
    child_policy: [policy],
  };
}

function toEjection(options: SuccessRateOptions & FailurePercentageOptions): object {
  return {
    stdev_factor: options.stdevFactor,
    threshold: options.threshold,
    enforcement_percentage: options.enforcementPercentage,
    minimum_hosts: options.minimumHosts,
    request_volume: options.requestVolume,
  };
}

function duration(milliseconds: number | undefined): object | undefined {
  return milliseconds === undefined ? undefined : toDuration(milliseconds);
}
