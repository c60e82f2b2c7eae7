import { checkDuration, checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { Finding } from './finding.js';
import { warn } from './warn.js';

/** How a client or a server looks for calls that stand still. */
export interface DiagnoseOptions {
  /** Told of each finding, once a call and kind; the process is warned unless given. */
  readonly report?: ((finding: Finding) => unknown) | undefined;
  /** Milliseconds for which a call must stand still; 10 seconds unless given. */
  readonly after?: number | undefined;
}

/** Both are set. */
export interface DiagnoseSettings {
  readonly report: (finding: Finding) => unknown;
  readonly after: number;
}

/** Reads the option `diagnose`; throws, naming it, for anything but a boolean or options. */
export function diagnoseSettings(option: unknown): DiagnoseSettings | undefined {
  if (option === undefined || option === false) return undefined;
  const given = option === true ? {} : option;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `diagnose must be a boolean or { report, after }, got ${describeValue(option)}`,
    );
  }
  checkOptions('diagnose', given, ['report', 'after']);
  const { report = warn, after = 10_000 }: DiagnoseOptions = given;
  checkFunction('diagnose report', report);
  checkDuration('diagnose after', after);
  return { report, after };
}
