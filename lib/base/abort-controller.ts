/** An AbortController that is made late: aborted from the start, if there is a reason by now. */
export function lateAbortController(reason: Error | undefined): AbortController {
  const controller = new AbortController();
  if (reason !== undefined) controller.abort(reason);
  return controller;
}
